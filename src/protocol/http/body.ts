/**
 * A request's body: `bytes[start, end)`. As long as it lies in one piece in the input it stays
 * there; what comes in several pieces, or is to outlive the input, is copied into its own buffer.
 */
import { type Buffers, HEAP_BUFFERS } from '../../bytes/buffers.ts';

const NOTHING = new Uint8Array(0);
/** Where no length is announced: most values are shorter than this. */
const INITIAL_BYTES = 4 * 1024;
/** An announced length is trusted up to here; memory for more is taken as the bytes come. */
const TRUSTED_BYTES = 1024 * 1024;

export class HttpBody {
  bytes: Uint8Array = NOTHING;
  start = 0;
  end = 0;
  #owned = false;
  readonly #buffers: Buffers;

  constructor(buffers: Buffers = HEAP_BUFFERS) {
    this.#buffers = buffers;
  }

  /** What the body takes besides the input. */
  get takenBytes(): number {
    return this.#owned ? this.end : 0;
  }

  /** Adds `input[start, end)`; `expected` is the whole body's announced length, or -1. */
  append(input: Uint8Array, start: number, end: number, expected: number): void {
    if (this.#owned) {
      this.#push(input, start, end, expected);
    } else if (this.end === this.start) {
      this.bytes = input;
      this.start = start;
      this.end = end;
    } else if (input === this.bytes && start === this.end) {
      this.end = end;
    } else {
      this.keep(expected);
      this.#push(input, start, end, expected);
    }
  }

  /** The input is about to go. */
  keep(expected: number): void {
    if (this.#owned || this.end === this.start) return;
    const { bytes, start, end } = this;
    this.bytes = NOTHING;
    this.start = 0;
    this.end = 0;
    this.#owned = true;
    this.#push(bytes, start, end, expected);
  }

  clear(): void {
    if (this.#owned) this.#buffers.giveBack(this.bytes);
    this.bytes = NOTHING;
    this.start = 0;
    this.end = 0;
    this.#owned = false;
  }

  #push(input: Uint8Array, start: number, end: number, expected: number): void {
    const length = this.end + end - start;
    if (length > this.bytes.length) {
      const bytes = this.#buffers.take(roomFor(length, expected));
      bytes.set(this.bytes.subarray(0, this.end));
      if (this.bytes !== NOTHING) this.#buffers.giveBack(this.bytes);
      this.bytes = bytes;
    }
    this.bytes.set(input.subarray(start, end), this.end);
    this.end = length;
  }
}

function roomFor(length: number, expected: number): number {
  if (expected < 0) return Math.max(length * 2, INITIAL_BYTES);
  return Math.min(expected, Math.max(length * 2, TRUSTED_BYTES));
}
