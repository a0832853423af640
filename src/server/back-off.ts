/**
 * How long to wait before a thread or a process that was lost is begun anew: one that dies at its
 * start would otherwise be replaced as fast as the machine can make them.
 */

const FIRST_MS = 100;
/** So long that trying costs nothing, and so short that a machine which recovers is used soon. */
export const LONGEST_BACK_OFF_MS = 5000;

/** Twice as long with each loss in a row, up to LONGEST_BACK_OFF_MS. */
export class BackOff {
  #nextMs = FIRST_MS;
  /** Losses since it last came up. */
  inARow = 0;

  /** Milliseconds to wait after the loss that was just seen. */
  lost(): number {
    const waitMs = this.#nextMs;
    this.inARow++;
    this.#nextMs = Math.min(2 * waitMs, LONGEST_BACK_OFF_MS);
    return waitMs;
  }

  /** It has come up: the next loss is a new one. */
  cameUp(): void {
    this.#nextMs = FIRST_MS;
    this.inARow = 0;
  }
}
