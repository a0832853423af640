/** Bytes that are sent from where they are, instead of being copied first. */

/** `bytes[start, end)` stay as they are until they are given back. */
export interface Loan {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** To be called once, when they have been sent or never will be. */
  giveBack(): void;
}

/** A loan that is to be sent behind `at` bytes of an output and before the others. */
export interface Insertion {
  readonly loan: Loan;
  readonly at: number;
}
