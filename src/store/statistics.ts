/** The store's figures, read when somebody asks. */
import type { Directory } from './directory.ts';
import type { StoreStatistics } from './face.ts';
import type { HeldLocks } from './held-locks.ts';
import {
  EMPTIED,
  OWNER_EVICTED_FLOAT,
  OWNER_EXPIRED_FLOAT,
  OWNER_HITS_FLOAT,
  OWNER_MISSES_FLOAT,
  OWNER_WRITES_FLOAT,
  RECOVERED,
  SEGMENT_HEADER_BYTES,
} from './layout.ts';

const COUNTERS = [OWNER_HITS_FLOAT, OWNER_MISSES_FLOAT, OWNER_EXPIRED_FLOAT, OWNER_EVICTED_FLOAT];

export class Statistics implements StoreStatistics {
  readonly #directory: Directory;
  readonly #locks: HeldLocks;

  constructor(directory: Directory, locks: HeldLocks) {
    this.#directory = directory;
    this.#locks = locks;
  }

  get usedBytes(): number {
    return this.#locks.segments.reduce((total, segment) => total + segment.usedBytes, 0);
  }

  /** Bytes between the ends of heaps and pages, holes included. */
  get footprintBytes(): number {
    return this.#locks.segments.reduce((total, segment) => total + segment.footprintBytes, 0);
  }

  /** What a store without entries counts as used. */
  get emptyBytes(): number {
    return this.#locks.segments.length * SEGMENT_HEADER_BYTES;
  }

  get limitBytes(): number {
    return this.#directory.limitBytes;
  }

  get hits(): number {
    return this.#directory.sum(OWNER_HITS_FLOAT);
  }

  get misses(): number {
    return this.#directory.sum(OWNER_MISSES_FLOAT);
  }

  get expired(): number {
    return this.#directory.sum(OWNER_EXPIRED_FLOAT);
  }

  get evicted(): number {
    return this.#directory.sum(OWNER_EVICTED_FLOAT);
  }

  get writes(): number {
    return this.#directory.sum(OWNER_WRITES_FLOAT);
  }

  /** Sets the counters of all threads to zero (CONFIG RESETSTAT). */
  reset(): void {
    for (const counter of COUNTERS) this.#directory.clear(counter);
  }

  /** Segments that were found locked by the dead. */
  get recovered(): number {
    return Atomics.load(this.#directory.words, RECOVERED);
  }

  /** Of these, how many were broken and lost their entries. */
  get emptied(): number {
    return Atomics.load(this.#directory.words, EMPTIED);
  }
}
