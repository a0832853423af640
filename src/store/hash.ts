/**
 * The keyed hash of a key, over its words and its length. The key is first copied into aligned
 * words, the last one padded with zeros, just as entries hold it: hashing, comparing and storing
 * then go by words.
 *
 * Short keys: two sums of products of the key's 16-bit halves with secret words, modulo 2^32
 * (multilinear hashing by half multiplications: Lemire and Kaser, "Strongly universal string
 * hashing is fast", 2014). Whatever two keys somebody writes down without knowing the secret, their
 * sums agree in both upper halves for one secret in 2^32: no list of keys floods a table. The
 * products do not wait for one another, so it takes a third of the time that SipHash's rounds take.
 * A last step spreads keys that count up over all bits.
 *
 * Long keys, and the secret words themselves: HalfSipHash-1-3 (Aumasson, Bernstein: "SipHash",
 * 2012; the 32-bit variant that Linux uses for its tables).
 */

import { BULK_BYTES, gatherWords } from './copy.ts';

/** Keys up to this many words need no memory of their own. */
const SCRATCH_WORDS = 256;
/** Keys that are remembered until they are asked for: a batch of the server. */
export const MOST_REMEMBERED = 64;
/** Longer keys are not remembered, nor hashed in the short way: most are far shorter. */
const REMEMBERED_WORDS = 16;
/** Four secret words for each word of a short key, and as many for its length. */
const SECRETS = (REMEMBERED_WORDS + 1) * 4;
const CONSTANT_2 = 0x6c796765;
const CONSTANT_3 = 0x74656462;
const FINAL_ROUNDS = 3;

export class KeyHash {
  /**
   * The key that `ofBytes` was last given: from word `keyAt` on, the last one padded with zeros.
   */
  key = new Int32Array(SCRATCH_WORDS + MOST_REMEMBERED * REMEMBERED_WORDS);
  keyAt = 0;
  keyBytes = 0;
  /**
   * Two halves of the last hash, as int32: `index` picks the bucket, `mark` the tag and segment.
   */
  index = 0;
  mark = 0;
  /**
   * The word of a slot that may lead to the key, in its segment's table of the number `guessTable`;
   * 0: there is no guess. A reader that follows it compares the key.
   */
  guess = 0;
  guessTable = 0;
  #remembered = 0;
  #recalled = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #starts = new Int32Array(MOST_REMEMBERED);
  readonly #ends = new Int32Array(MOST_REMEMBERED);
  readonly #indices = new Int32Array(MOST_REMEMBERED);
  readonly #marks = new Int32Array(MOST_REMEMBERED);
  readonly #guesses = new Int32Array(MOST_REMEMBERED);
  readonly #guessTables = new Int32Array(MOST_REMEMBERED);
  #scratch = this.key;
  #scratchBytes = new Uint8Array(this.key.buffer);
  readonly #seedLow: number;
  readonly #seedHigh: number;
  readonly #secrets = new Int32Array(SECRETS);

  constructor(seedLow: number, seedHigh: number) {
    this.#seedLow = seedLow | 0;
    this.#seedHigh = seedHigh | 0;
    const number = new Int32Array(1);
    for (let i = 0; i < SECRETS; i += 2) {
      number[0] = i;
      this.#sipHash(number, 0, 4);
      this.#secrets[i] = this.index;
      this.#secrets[i + 1] = this.mark;
    }
  }

  /** Hashes `bytes[start, end)` and keeps its words in `key`. */
  ofBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#remembered > 0 && bytes === this.#bytes) {
      const next = this.#recalled;
      if (this.#isRemembered(next, start, end)) {
        this.#recalled = next + 1;
        return this.#recall(next, end - start);
      }
      // A command that asks for its key a second time.
      if (this.#isRemembered(next - 1, start, end)) return this.#recall(next - 1, end - start);
    }
    this.#hashAt(0, bytes, start, end);
  }

  /**
   * ofBytes, and the same key's next ofBytes will not have to hash it again, if it comes in its
   * turn. Returns its number among those remembered; -1: it is not.
   */
  remember(bytes: Uint8Array, start: number, end: number): number {
    const at = this.#remembered;
    const short = end - start <= REMEMBERED_WORDS * 4;
    if (!short || at === MOST_REMEMBERED || (at > 0 && bytes !== this.#bytes)) return -1;
    this.#hashAt(SCRATCH_WORDS + at * REMEMBERED_WORDS, bytes, start, end);
    this.#bytes = bytes;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#indices[at] = this.index;
    this.#marks[at] = this.mark;
    this.#guesses[at] = 0;
    this.#remembered = at + 1;
    return at;
  }

  /** Notes where the key with this number is likely to be found. */
  suppose(number: number, slotWord: number, table: number): void {
    this.#guesses[number] = slotWord;
    this.#guessTables[number] = table;
  }

  /** What was supposed may be wrong from now on: buckets have been moved. */
  dropGuesses(): void {
    this.guess = 0;
    this.#guesses.fill(0, 0, this.#remembered);
  }

  /** The bytes that were remembered may change from now on. */
  forget(): void {
    this.guess = 0;
    this.#remembered = 0;
    this.#recalled = 0;
  }

  #isRemembered(number: number, start: number, end: number): boolean {
    return (
      number < this.#remembered && this.#starts[number] === start && this.#ends[number] === end
    );
  }

  #recall(number: number, keyBytes: number): void {
    this.key = this.#scratch;
    this.keyAt = SCRATCH_WORDS + number * REMEMBERED_WORDS;
    this.keyBytes = keyBytes;
    this.index = this.#indices[number];
    this.mark = this.#marks[number];
    this.guess = this.#guesses[number];
    this.guessTable = this.#guessTables[number];
  }

  #hashAt(at: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.guess = 0;
    this.keyAt = at;
    this.keyBytes = length;
    if (length > BULK_BYTES) {
      this.#gatherLong(bytes, start, end);
    } else {
      // A key of megabytes leaves its words behind only until the next ordinary key.
      this.key = this.#scratch;
      gatherWords(this.key, at, bytes, start, length);
    }
    this.ofWords(this.key, at, length);
  }

  /** Hashes a key that lies in words, padded with zeros, as entries hold it. */
  ofWords(words: Int32Array, at: number, lengthBytes: number): void {
    if (lengthBytes > REMEMBERED_WORDS * 4) return this.#sipHash(words, at, lengthBytes);
    const secrets = this.#secrets;
    const end = at + ((lengthBytes + 3) >>> 2);
    let first = Math.imul(lengthBytes + secrets[0], secrets[1]);
    let second = Math.imul(lengthBytes + secrets[2], secrets[3]);
    for (let i = at, s = 4; i < end; i += 1, s += 4) {
      const low = words[i] & 0xffff;
      const high = words[i] >>> 16;
      first = (first + Math.imul(low + secrets[s], high + secrets[s + 1])) | 0;
      second = (second + Math.imul(low + secrets[s + 2], high + secrets[s + 3])) | 0;
    }
    // Murmur3's last step: every bit of the sums reaches every bit of the hash.
    let index = (first >>> 16) | (second & 0xffff0000);
    index = Math.imul(index ^ (index >>> 16), 0x85ebca6b);
    index = Math.imul(index ^ (index >>> 13), 0xc2b2ae35);
    let mark = first ^ ((second << 16) | (second >>> 16));
    mark = Math.imul(mark ^ (mark >>> 16), 0x85ebca6b);
    mark = Math.imul(mark ^ (mark >>> 13), 0xc2b2ae35);
    this.index = index ^ (index >>> 16);
    this.mark = mark ^ (mark >>> 16);
  }

  #sipHash(words: Int32Array, at: number, lengthBytes: number): void {
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
