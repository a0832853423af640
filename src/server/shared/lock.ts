/**
 * A lock in shared memory for what is changed seldom and quickly: settings, logs.
 */
import type { SharedRegion } from '../../store/region.ts';

/** Nobody holds it for longer than writing some kilobytes takes: a holder that does has died. */
const PATIENCE_MS = 200;

export class SharedLock {
  readonly #region: SharedRegion;
  readonly #index: number;

  constructor(region: SharedRegion, index: number) {
    this.#region = region;
    this.#index = index;
  }

  /** Runs `work` while nobody else does. */
  held<T>(work: () => T): T {
    this.#take();
    try {
      return work();
    } finally {
      Atomics.store(this.#region.words, this.#index, 0);
      this.#region.wake(this.#index, 1);
    }
  }

  #take(): void {
    const { words } = this.#region;
    while (Atomics.compareExchange(words, this.#index, 0, 1) !== 0) {
      if (!this.#region.wait(this.#index, 1, PATIENCE_MS)) Atomics.store(words, this.#index, 0);
    }
  }
}
