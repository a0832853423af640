/** What a store is opened with. */
import type { PolicyName } from './policies.ts';
import type { SharedRegion } from './region.ts';

/** The memory of a store, and who attaches to it. */
export interface AttachOptions {
  /** At least DIRECTORY_BYTES (layout.ts), zeroed before the store is opened. */
  directory: SharedRegion;
  /** MIN_SEGMENT_BYTES to 4 GiB each, zeroed. More of them let more threads write at once. */
  segments: readonly SharedRegion[];
  /** False elides all locks: one thread of one process. Default true. */
  threads?: boolean;
  /**
   * True where owners are processes, which can be killed one by one: then a change that is half
   * done can be undone or finished by others (recovery/undo-log.ts). All that attach say the same.
   * Default false.
   */
  processes?: boolean;
  /** Not 0, and no other living thread's: what `ownerAlive` is asked about. Default 1. */
  ownerId?: number;
  /** Whether an owner still runs; asked when it has held a lock for long. Default: always. */
  ownerAlive?: (ownerId: number) => boolean;
  /** Chance, for sampling: 0 ≤ n < 1. */
  random: () => number;
  /** A clock for time budgets, in milliseconds from any beginning. */
  elapsedMs: () => number;
}

export interface OpenOptions extends AttachOptions {
  /** Keys the hash: two random words. */
  seed: readonly [low: number, high: number];
  /** Default 16, which is the most. */
  databases?: number;
  /** Default 0: none. */
  limitBytes?: number;
  /** Default `noeviction`. */
  policy?: PolicyName;
}

/** What CONFIG SET may change while the store runs; every attached thread sees it at once. */
export interface StoreSettings {
  /** 0: none. */
  limitBytes?: number;
  policy?: PolicyName;
  samples?: number;
  lfuLogFactor?: number;
  lfuDecayMinutes?: number;
}
