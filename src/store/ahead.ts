/**
 * Keys that a batch will ask for: their words and hashes, kept until they are asked for, and their
 * buckets and entries, read ahead. A read whose result nobody waits for takes no time of its own,
 * and the processor has many of them under way at once; the lookups that follow find everything in
 * its cache, and begin where the look ahead has ended.
 */
import { type KeyHash, MOST_REMEMBERED, tagOf } from './hash.ts';
import { slotEntry, type Table, tagSlot } from './table.ts';

export class Ahead {
  readonly #hash: KeyHash;
  readonly #buckets = new Int32Array(MOST_REMEMBERED);
  readonly #tags = new Int32Array(MOST_REMEMBERED);
  #words: Int32Array = new Int32Array(0);
  #count = 0;
  /** Takes up what was read, or the compiler would see that nobody wants it. */
  seen = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  /** Hashes the key now. */
  remember(key: Uint8Array, start: number, end: number): void {
    this.#hash.remember(key, start, end);
  }

  /** The same, for `fetch`. Only for a table that nobody else changes meanwhile. */
  expect(table: Table, key: Uint8Array, start: number, end: number): void {
    const hash = this.#hash;
    const number = hash.remember(key, start, end);
    if (number < 0) return;
    if (number === 0) hash.guessTable = table.header;
    if (table.buckets === 0 || table.header !== hash.guessTable) return;
    const bucket = table.bucketAt(table.bucketOf(hash.index));
    this.#words = table.words;
    this.#buckets[number] = bucket;
    this.#tags[number] = tagOf(hash.mark);
    this.#count = number + 1;
  }

  /** Has all buckets fetched, then all entries, and notes where they were found. */
  fetch(): void {
    const words = this.#words;
    const hash = this.#hash;
    let seen = this.seen;
    for (let i = 0; i < this.#count; i += 1) seen ^= words[this.#buckets[i]];
    for (let i = 0; i < this.#count; i += 1) {
      const slotWord = tagSlot(words, this.#buckets[i], this.#tags[i]);
      if (slotWord === 0) continue;
      hash.suppose(i, slotWord);
      const entry = slotEntry(words[slotWord]);
      seen ^= words[entry] ^ words[entry + 12];
    }
    this.seen = seen;
    this.#count = 0;
  }
}
