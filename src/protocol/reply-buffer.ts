/**
 * Where replies are written before they are sent: one a thread, shared by all its connections,
 * since a driver empties it after each `receive`. Grows by doubling; gives the memory of an outlier
 * back.
 */
import { copyBytes } from './copy.ts';

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
  /** From here on a session stops running requests until the driver has sent what is here. */
  readonly highWater: number;
  readonly #initial: number;

  constructor(initialBytes = INITIAL_BYTES, highWaterBytes = HIGH_WATER_BYTES) {
    this.#initial = initialBytes;
    this.highWater = highWaterBytes;
    this.bytes = new Uint8Array(initialBytes);
  }

  get full(): boolean {
    return this.length >= this.highWater;
  }

  /** Makes room for `extra` more bytes. `bytes` may be another array afterwards. */
  reserve(extra: number): void {
    if (this.length + extra > this.bytes.length) this.#grow(this.length + extra);
  }

  /** Appends `source[start, end)`. */
  append(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.reserve(length);
    copyBytes(this.bytes, this.length, source, start, end);
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

  /** Empties the buffer, and lets go of memory that one large reply made it take. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEEP_BYTES) this.bytes = new Uint8Array(this.#initial);
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}
