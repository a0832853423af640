import type { Loan } from '../bytes/loan.ts';

/**
 * How a command says its answer. The commands know these words only; each protocol turns them into
 * its own bytes in a ReplyBuffer. Where RESP2 lacks a type, the writer degrades it as Redis does.
 */
export interface Reply {
  /** 2 or 3 (HELLO); other protocols ignore it. */
  version: number;
  /** `+OK`. */
  ok(): void;
  /** A simple string: PONG, QUEUED, string. ASCII, no CR or LF. */
  status(text: string): void;
  /** Bytes of the buffer that replies are put together in. */
  readonly roomBytes: number;
  /** A whole error, its code included: `ERR syntax error`. CR and LF inside become spaces. */
  error(text: string): void;
  /** A safe integer. */
  integer(value: number): void;
  /** Any signed 64-bit integer. */
  bigInteger(value: bigint): void;
  /** A binary-safe string: `bytes[start, end)`. */
  bulk(bytes: Uint8Array, start: number, end: number): void;
  /** Whether `bulkOnLoan` may be called, with these bytes. */
  canBorrow(bytes: Uint8Array, start: number, end: number): boolean;
  /** `bulk` of bytes that need not be copied. From here on the loan is the reply's. */
  bulkOnLoan(loan: Loan): void;
  /** A binary-safe string from text (UTF-8). For cold paths. */
  text(text: string): void;
  /** No value: `$-1`, or `_` in RESP3. */
  nil(): void;
  /** No array: `*-1`, or `_` in RESP3. */
  nilArray(): void;
  /** `count` replies follow. */
  array(count: number): void;
  /**
   * Replies follow, and how many is known at their end: hand what this returns to `arrayDone`.
   * Within the array there may be another one, which is done first.
   */
  arrayLater(): number;
  /** `count` replies have followed `arrayLater`. */
  arrayDone(mark: number, count: number): void;
  /** `count` pairs of replies follow: `%count`, in RESP2 an array of twice as many. */
  map(count: number): void;
  /** `count` replies follow, no order: `~count`, in RESP2 an array. */
  set(count: number): void;
  /** `,value`, in RESP2 a bulk string. */
  double(value: number): void;
  /** `#t` or `#f`, in RESP2 `:1` or `:0`. */
  boolean(value: boolean): void;
  /** `=len` with the format's three letters, in RESP2 a bulk string. */
  verbatim(format: string, text: string): void;
}
