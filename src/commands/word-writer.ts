/** Words of a request that no client has sent as it stands, put together one behind another. */
import { copyBytes } from '../bytes/copy.ts';
import { Arguments } from '../protocol/arguments.ts';

/** Keys and short values fit; for a longer one it grows. */
const INITIAL_BYTES = 1024;
/** What one large value made it take is not worth keeping for the next. */
const KEEP_BYTES = 1024 * 1024;

export class WordWriter {
  readonly args = new Arguments();
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;

  clear(): void {
    const { args } = this;
    if (this.#bytes.length > KEEP_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
    this.#length = 0;
    args.clear();
    args.bytes = this.#bytes;
    args.ticket = 0;
  }

  /** ASCII. */
  addText(text: string): void {
    const start = this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[start + i] = text.charCodeAt(i);
    this.args.push(start, this.#length);
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const start = this.#reserve(to - from);
    copyBytes(this.#bytes, start, bytes, from, to);
    this.args.push(start, this.#length);
  }

  addAll(words: Arguments): void {
    for (let i = 0; i < words.count; i++) this.add(words.bytes, words.starts[i], words.ends[i]);
  }

  /**
   * A word of `lengthBytes` of which only the first `hereBytes` are here, to be written by the
   * caller from where this says on.
   */
  addBeginning(hereBytes: number, lengthBytes: number): number {
    const start = this.#reserve(hereBytes);
    this.args.push(start, start + lengthBytes);
    return start;
  }

  /** Where so many bytes more may be written. */
  #reserve(lengthBytes: number): number {
    const start = this.#length;
    this.#length += lengthBytes;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.args.bytes = grown;
    }
    return start;
  }
}
