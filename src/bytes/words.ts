/** A list of 32-bit numbers that grows, in memory that is given back. */
import type { Buffers } from './buffers.ts';

const WORD_BYTES = 4;

export class Words {
  words: Int32Array;
  readonly #buffers: Buffers;
  #bytes: Uint8Array;

  constructor(buffers: Buffers, length: number) {
    this.#buffers = buffers;
    this.#bytes = buffers.take(length * WORD_BYTES);
    this.words = wordsIn(this.#bytes, length);
  }

  /** The same with room for `length` numbers; the first `used` ones stay. */
  resize(length: number, used: number): void {
    const bytes = this.#buffers.take(length * WORD_BYTES);
    const words = wordsIn(bytes, length);
    words.set(this.words.subarray(0, used));
    this.#buffers.giveBack(this.#bytes);
    this.#bytes = bytes;
    this.words = words;
  }

  /** To be called once, when the numbers are not needed any more. */
  release(): void {
    this.#buffers.giveBack(this.#bytes);
  }
}

function wordsIn({ buffer, byteOffset }: Uint8Array, length: number): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
