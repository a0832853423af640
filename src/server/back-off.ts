/**
 * How long to wait before a thread or a process that was lost is begun anew: one that dies at its
 * start would otherwise be replaced as fast as the machine can make them.
 */
import { performance } from 'node:perf_hooks';

/** The wait after a first loss. */
export const FIRST_MS = 100;
/** So long that trying costs nothing, and so short that a machine which recovers is used soon. */
export const LONGEST_BACK_OFF_MS = 5000;

/** A thread that has lasted for so long was not lost for what it was lost for before. */
const STEADY_MS = 2000;

/** Twice as long with each loss in a row, up to LONGEST_BACK_OFF_MS. */
export class BackOff {
  #nextMs = FIRST_MS;
  #begunAtMs = 0;

  begun(): void {
    this.#begunAtMs = performance.now();
  }

  /** Milliseconds to wait after the loss that was just seen. */
  lost(): number {
    if (performance.now() - this.#begunAtMs >= STEADY_MS) this.#nextMs = FIRST_MS;
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(2 * waitMs, LONGEST_BACK_OFF_MS);
    return waitMs;
  }
}
