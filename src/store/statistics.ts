/** The store's figures, read when somebody asks. */
import type { Directory } from './directory.ts';
import type { StoreStatistics } from './face.ts';
import type { Holding } from './holding.ts';
import {
  EMPTIED,
  OWNER_EVICTED_FLOAT,
  OWNER_EXPIRED_FLOAT,
  OWNER_HITS_FLOAT,
  OWNER_MISSES_FLOAT,
  RECOVERED,
} from './layout.ts';

export class Statistics implements StoreStatistics {
  readonly #directory: Directory;
  readonly #holding: Holding;

  constructor(directory: Directory, holding: Holding) {
    this.#directory = directory;
    this.#holding = holding;
  }

  get usedBytes(): number {
    return this.#holding.segments.reduce((total, segment) => total + segment.usedBytes, 0);
  }

  get footprintBytes(): number {
    return this.#holding.segments.reduce((total, segment) => total + segment.footprintBytes, 0);
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

  get recovered(): number {
    return Atomics.load(this.#directory.words, RECOVERED);
  }

  get emptied(): number {
    return Atomics.load(this.#directory.words, EMPTIED);
  }
}
