/**
 * Keys that a batch will ask for: their hashes, kept until they are asked for, and their buckets
 * and entries, read ahead. A read whose result nobody waits for takes no time of its own, and the
 * processor has many of them under way at once; the lookups that follow find everything in its
 * cache.
 */
import type { KeyHash } from './hash.ts';
import { tagOf } from './hash.ts';
import { type Table, tagSlot } from './table.ts';

/** As many as a batch of the server has. More are not remembered: they are only slower. */
export const MOST_EXPECTED = 64;

export class Ahead {
  readonly #hash: KeyHash;
  readonly #buckets = new Int32Array(MOST_EXPECTED);
  readonly #tags = new Int32Array(MOST_EXPECTED);
  #words: Int32Array = new Int32Array(0);
  #count = 0;
  /** Takes up what was read, or the compiler would see that nobody wants it. */
  seen = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  expect(table: Table, key: Uint8Array, start: number, end: number): void {
    const hash = this.#hash;
    const at = this.#count;
    if (at === MOST_EXPECTED || table.buckets === 0) return;
    hash.remember(key, start, end);
    const bucket = table.bucketAt(table.bucketOf(hash.index));
    this.#words = table.words;
    this.#buckets[at] = bucket;
    this.#tags[at] = tagOf(hash.mark);
    this.seen ^= table.words[bucket];
    this.#count = at + 1;
  }

  fetch(): void {
    const words = this.#words;
    let seen = this.seen;
    for (let i = 0; i < this.#count; i += 1) {
      const entry = tagSlot(words, this.#buckets[i], this.#tags[i]);
      seen ^= words[entry] ^ words[entry + 12];
    }
    this.seen = seen;
    this.#count = 0;
  }
}
