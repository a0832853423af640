/** A store whose writer can be killed at any of its writes, again and again from the same state. */
import { Directory } from '../../src/store/directory.ts';
import { KeyHash } from '../../src/store/hash.ts';
import { DIRECTORY_BYTES, LOCK_WRITER, VERSIONS } from '../../src/store/layout.ts';
import { putRight } from '../../src/store/recovery/rebuild.ts';
import { bufferRegion, type SharedRegion } from '../../src/store/region.ts';
import { Segment } from '../../src/store/segment.ts';
import { attachStore, openStore, type SegmentedStore } from '../../src/store/store.ts';
import { NOW } from './fixture.ts';
import { Death, MortalRegion } from './mortal.ts';

const SEGMENT_BYTES = 640 * 1024;
const SEED = [11, 22] as const;
const FOUNDER = 1;
export const VICTIM = 2;
const HEIR = 3;
export const HOLDER = 4;

export type Act = (store: SegmentedStore) => void;

/** The same chances in every run (Park and Miller's generator). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  readonly next = (): number => {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647;
  };

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}

/** A store in memory that can be put back to how it was. */
export class World {
  readonly directory = new ArrayBuffer(DIRECTORY_BYTES);
  readonly segment = new ArrayBuffer(SEGMENT_BYTES);
  readonly #chance = new Chance(5);
  #saved: [Uint8Array, Uint8Array];

  constructor() {
    openStore({ ...this.#options(FOUNDER, bufferRegion(this.segment)), seed: SEED });
    this.#saved = [this.#directoryBytes().slice(), new Uint8Array(this.segment).slice()];
  }

  #options(ownerId: number, segment: SharedRegion) {
    return {
      directory: bufferRegion(this.directory),
      segments: [segment],
      ownerId,
      processes: true,
      threads: ownerId !== VICTIM,
      ownerAlive: (id: number) => id === FOUNDER || id === HOLDER,
      random: this.#chance.next,
      elapsedMs: () => 0,
    };
  }

  /** All but the versions of watched keys, which are long and do not matter here. */
  #directoryBytes(): Uint8Array {
    return new Uint8Array(this.directory, 0, VERSIONS * 4);
  }

  save(): void {
    this.#saved = [this.#directoryBytes().slice(), new Uint8Array(this.segment).slice()];
  }

  restore(): void {
    this.#directoryBytes().set(this.#saved[0]);
    new Uint8Array(this.segment).set(this.#saved[1]);
  }

  /** Runs a call in a batch of its own, up to its `lastStep`th write; returns how many it made. */
  live(act: Act, lastStep = Number.POSITIVE_INFINITY): number {
    const region = new MortalRegion(this.segment);
    const store = attachStore(this.#options(VICTIM, region));
    const born = region.steps;
    region.lastStep = born + lastStep;
    try {
      store.begin(NOW, true, true);
      act(store);
      store.end();
    } catch (error) {
      if (!(error instanceof Death)) throw error;
      this.#leaveLocked();
      return region.steps - born;
    }
    store.close();
    return region.steps - born;
  }

  /** The lock's word as the victim leaves it. */
  #leaveLocked(): void {
    const directory = new Directory(bufferRegion(this.directory));
    let slot = 0;
    while (directory.ownerId(slot) !== VICTIM) slot += 1;
    new Int32Array(this.segment)[LOCK_WRITER] = (1 << 11) | (slot + 1);
  }

  /** Runs calls on ordinary memory, each in a batch of its own. */
  prepare(acts: readonly Act[]): void {
    const store = this.heir();
    for (const act of acts) {
      store.begin(NOW, true, true);
      act(store);
      store.end();
    }
    store.close();
  }

  /** Puts the segment right, up to a write that comes no more. */
  recoverInPart(lastStep: number): void {
    const region = new MortalRegion(this.segment);
    region.lastStep = lastStep;
    const directory = new Directory(bufferRegion(this.directory));
    try {
      putRight(new Segment(region, directory, new KeyHash(...SEED), () => true, true));
    } catch (error) {
      if (!(error instanceof Death)) throw error;
    }
  }

  /** Exchanges databases 0 and 1, up to a write that comes no more. */
  exchangeInPart(lastStep: number): number {
    const region = new MortalRegion(this.directory);
    region.lastStep = lastStep;
    const directory = new Directory(bufferRegion(this.directory));
    directory.claim(
      VICTIM,
      () => true,
      () => {},
    );
    try {
      new Directory(region).exchange(0, 1);
    } catch (error) {
      if (!(error instanceof Death)) throw error;
    }
    this.#leaveLocked();
    return region.steps;
  }

  heir(ownerId = HEIR): SegmentedStore {
    return attachStore(this.#options(ownerId, bufferRegion(this.segment)));
  }
}
