/**
 * The keyed hash of a key: HalfSipHash-1-3 (Aumasson, Bernstein: "SipHash", 2012; the 32-bit
 * variant that Linux uses for its tables) over the key's words and then its length.
 * Multiply-and-xor hashes are twice as fast, but keys that collide under every seed can be written
 * down for them, and then a seed protects nobody.
 *
 * The key is first copied into aligned words, the last one padded with zeros, just as entries hold
 * it: hashing, comparing and storing then go by words.
 */

import { BULK_BYTES, gatherWords } from './copy.ts';

/** Keys up to this many words need no memory of their own. */
const SCRATCH_WORDS = 256;
/** Keys whose hashes are kept until they are asked for: a batch of the server. */
const MOST_REMEMBERED = 64;
const CONSTANT_2 = 0x6c796765;
const CONSTANT_3 = 0x74656462;
const FINAL_ROUNDS = 3;

export class KeyHash {
  /** The key that `ofBytes` was last given, by words, padded with zeros. */
  key = new Int32Array(SCRATCH_WORDS);
  keyBytes = 0;
  /**
   * Two halves of the last hash, as int32: `index` picks the bucket, `mark` the tag and segment.
   */
  index = 0;
  mark = 0;
  #remembered = 0;
  #recalled = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #starts = new Int32Array(MOST_REMEMBERED);
  readonly #ends = new Int32Array(MOST_REMEMBERED);
  readonly #indices = new Int32Array(MOST_REMEMBERED);
  readonly #marks = new Int32Array(MOST_REMEMBERED);
  #scratch = this.key;
  #scratchBytes = new Uint8Array(this.key.buffer);
  readonly #seedLow: number;
  readonly #seedHigh: number;

  constructor(seedLow: number, seedHigh: number) {
    this.#seedLow = seedLow | 0;
    this.#seedHigh = seedHigh | 0;
  }

  /** Hashes `bytes[start, end)` and keeps its words in `key`. */
  ofBytes(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.keyBytes = length;
    if (length > BULK_BYTES) this.#gatherLong(bytes, start, end);
    else gatherWords(this.#useScratch(), 0, bytes, start, length);
    const at = this.#recalled;
    if (
      at < this.#remembered &&
      this.#starts[at] === start &&
      this.#ends[at] === end &&
      bytes === this.#bytes
    ) {
      this.index = this.#indices[at];
      this.mark = this.#marks[at];
      this.#recalled = at + 1;
    } else {
      this.ofWords(this.key, 0, length);
    }
  }

  /** ofBytes, and the same key's next ofBytes will not have to hash it again. */
  remember(bytes: Uint8Array, start: number, end: number): void {
    const at = this.#remembered;
    this.#recalled = at;
    this.ofBytes(bytes, start, end);
    this.#recalled = 0;
    if (at === MOST_REMEMBERED || (at > 0 && bytes !== this.#bytes)) return;
    this.#bytes = bytes;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#indices[at] = this.index;
    this.#marks[at] = this.mark;
    this.#remembered = at + 1;
  }

  /** The bytes that were remembered may change from now on. */
  forget(): void {
    this.#remembered = 0;
    this.#recalled = 0;
  }

  /** Hashes a key that lies in words, padded with zeros, as entries hold it. */
  ofWords(words: Int32Array, at: number, lengthBytes: number): void {
    const count = (lengthBytes + 3) >>> 2;
    const rounds = count + 1 + FINAL_ROUNDS;
    let v0 = this.#seedLow;
    let v1 = this.#seedHigh;
    let v2 = CONSTANT_2 ^ v0;
    let v3 = CONSTANT_3 ^ v1;
    for (let i = 0; i < rounds; i += 1) {
      let word = 0;
      if (i < count) word = words[at + i];
      else if (i === count) word = lengthBytes;
      else if (i === count + 1) v2 ^= 0xff;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    this.index = v1 ^ v3;
    this.mark = v0 ^ v2;
  }

  #useScratch(): Int32Array {
    // A key of megabytes leaves its words behind only until the next ordinary key.
    if (this.key !== this.#scratch) this.key = this.#scratch;
    return this.key;
  }

  #gatherLong(bytes: Uint8Array, start: number, end: number): void {
    const count = (end - start + 3) >>> 2;
    let target = this.#scratchBytes;
    this.key = this.#scratch;
    if (count > SCRATCH_WORDS) {
      this.key = new Int32Array(count);
      target = new Uint8Array(this.key.buffer);
    }
    this.key[count - 1] = 0;
    target.set(bytes.subarray(start, end));
  }
}

/** The tag in a bucket: one byte, never 0, which means an empty slot. */
export function tagOf(mark: number): number {
  const tag = mark & 0xff;
  return tag === 0 ? 1 : tag;
}
