/**
 * One request's arguments, as positions in the bytes they were parsed from: no string, no copy.
 * `bytes` is the driver's read buffer, a session's own buffer, or (inline commands with quotes)
 * a scratch buffer; the positions hold until the next request is parsed. They are 32-bit: a request
 * is shorter than 2 GiB, which the limit on an unfinished request sees to.
 */

import { type Buffers, HEAP_BUFFERS } from '../bytes/buffers.ts';
import { Words } from '../bytes/words.ts';

/** Most commands have under ten arguments; a batch of MGET or MSET fits without growing. */
const INITIAL_CAPACITY = 64;
/** Positions beyond this (128 KiB in all) served one outlier, and are given back after it. */
const KEEP_CAPACITY = 16_384;
/** What a connection that goes may leave behind: a page in all. */
const RELEASED_CAPACITY = 512;
const NO_BYTES = new Uint8Array(0);

export class Arguments {
  bytes: Uint8Array = NO_BYTES;
  /** How many arguments, the command's name included. */
  count = 0;
  /** `bytes[starts[i], ends[i])` is argument i. */
  starts: Int32Array;
  ends: Int32Array;
  /**
   * Not 0: the last argument's bytes have been received into the store, where this number stands
   * for them (LargeValues in store/face.ts); here are the first of them only, for a log. The
   * command that uses the number up sets it to 0.
   */
  ticket = 0;

  readonly #buffers: Buffers;
  #starts: Words;
  #ends: Words;

  /** `buffers`: where memory for the positions comes from, if it comes to many. */
  constructor(buffers: Buffers = HEAP_BUFFERS) {
    this.#buffers = buffers;
    this.#starts = new Words(HEAP_BUFFERS, INITIAL_CAPACITY);
    this.#ends = new Words(HEAP_BUFFERS, INITIAL_CAPACITY);
    this.starts = this.#starts.words;
    this.ends = this.#ends.words;
  }

  /** Forgets the arguments; gives back positions that only an outlier needed. */
  clear(): void {
    this.count = 0;
    if (this.starts.length > KEEP_CAPACITY) this.#resize(INITIAL_CAPACITY);
  }

  /** Forgets the bytes as well, so that a large buffer isn't kept alive by its last request. */
  release(): void {
    this.clear();
    if (this.starts.length > RELEASED_CAPACITY) this.#resize(INITIAL_CAPACITY);
    this.bytes = NO_BYTES;
  }

  /**
   * Appends one argument; grows geometrically, so a huge announced count costs nothing up front.
   */
  push(start: number, end: number): void {
    if (this.count === this.starts.length) this.#resize(this.count * 2);
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  /** What the positions take. */
  get takenBytes(): number {
    return this.starts.byteLength + this.ends.byteLength;
  }

  /** The bytes of argument `index`. */
  length(index: number): number {
    return this.ends[index] - this.starts[index];
  }

  /**
   * Argument `index` as text, one character a byte, or its first `atMostBytes`. For cold paths and
   * messages only.
   */
  text(index: number, atMostBytes = Number.POSITIVE_INFINITY): string {
    const end = Math.min(this.ends[index], this.starts[index] + atMostBytes);
    let text = '';
    for (let i = this.starts[index]; i < end; i++) {
      text += String.fromCharCode(this.bytes[i]);
    }
    return text;
  }

  /** Shifts every position by `delta`: the bytes have moved within or between buffers. */
  rebase(bytes: Uint8Array, delta: number): void {
    this.bytes = bytes;
    if (delta === 0) return;
    for (let i = 0; i < this.count; i++) {
      this.starts[i] += delta;
      this.ends[i] += delta;
    }
  }

  #resize(capacity: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    this.#starts = new Words(this.#buffers, capacity);
    this.#ends = new Words(this.#buffers, capacity);
    this.#starts.words.set(this.starts.subarray(0, this.count));
    this.#ends.words.set(this.ends.subarray(0, this.count));
    this.starts = this.#starts.words;
    this.ends = this.#ends.words;
    starts.release();
    ends.release();
  }
}
