/**
 * Where replies are written before they are sent: one a thread, shared by all its connections,
 * since a driver empties it after each `receive`. Grows by doubling; gives the memory of an outlier
 * back.
 */
import type { Insertion, Loan } from '../bytes/loan.ts';
import { copyValue } from './view-copy.ts';

/** A batch of small replies to one full read buffer fits. */
const INITIAL_BYTES = 64 * 1024;
/** Bounds what one connection's batch may leave unsent, above a single reply's own size. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** A buffer that grew beyond this for one reply is not worth keeping for the next. */
const KEEP_BYTES = 4 * 1024 * 1024;
const QUESTION_MARK = 0x3f;

export class ReplyBuffer {
  bytes: Uint8Array;
  length = 0;
  /** One large value at most, which is sent from where it is. */
  insertion: Insertion | null = null;
  /** From here on a session stops running requests until the driver has sent what is here. */
  readonly highWater: number;
  readonly #initial: number;
  /** The high water mark; with an insertion 0, so that this one question answers for both. */
  #fullAt: number;

  constructor(initialBytes = INITIAL_BYTES, highWaterBytes = HIGH_WATER_BYTES) {
    this.#initial = initialBytes;
    this.highWater = highWaterBytes;
    this.#fullAt = highWaterBytes;
    this.bytes = new Uint8Array(initialBytes);
  }

  get full(): boolean {
    return this.length >= this.#fullAt;
  }

  /** Bytes to be sent, with those of the insertion. */
  get totalBytes(): number {
    const { insertion } = this;
    return insertion === null
      ? this.length
      : this.length + insertion.loan.end - insertion.loan.start;
  }

  /** Puts these bytes behind what is here, without a copy. There must be no insertion yet. */
  insert(loan: Loan): void {
    this.insertion = { loan, at: this.length };
    this.#fullAt = 0;
  }

  /** Hands the insertion over: giving the loan back is the caller's business from now on. */
  takeInsertion(): Insertion | null {
    const { insertion } = this;
    this.insertion = null;
    this.#fullAt = this.highWater;
    return insertion;
  }

  /** Takes back what has been written from `mark` on. */
  cut(mark: number): void {
    this.length = mark;
    if (this.insertion !== null && this.insertion.at >= mark) this.#dropInsertion();
  }

  /** Moves what is here from `from` on by `byBytes`, if there is anything to move. */
  shift(from: number, byBytes: number): void {
    if (byBytes === 0) return;
    this.reserve(byBytes);
    this.bytes.copyWithin(from + byBytes, from, this.length);
    this.length += byBytes;
    if (this.insertion !== null && this.insertion.at >= from) {
      this.insertion = { loan: this.insertion.loan, at: this.insertion.at + byBytes };
    }
  }

  /** Makes room for `extra` more bytes. `bytes` may be another array afterwards. */
  reserve(extra: number): void {
    if (this.length + extra > this.bytes.length) this.#grow(this.length + extra);
  }

  /** Appends `source[start, end)`. */
  append(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    copyValue(this.bytes, this.length, source, start, end);
    this.length += length;
  }

  /** Appends one byte. */
  appendByte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  /** Appends text, one byte a character, as `Arguments.text` makes it; others become `?`. */
  appendText(text: string): void {
    this.reserve(text.length);
    const { bytes, length: at } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[at + i] = code <= 0xff ? code : QUESTION_MARK;
    }
    this.length = at + text.length;
  }

  /** Empties the buffer, and lets go of what is lent and of what one large reply made it take. */
  clear(): void {
    this.length = 0;
    if (this.insertion !== null) this.#dropInsertion();
    if (this.bytes.length > KEEP_BYTES) this.bytes = new Uint8Array(this.#initial);
  }

  #dropInsertion(): void {
    this.takeInsertion()!.loan.giveBack();
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}
