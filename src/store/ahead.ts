/**
 * Keys that a batch will ask for: their words and hashes, kept until they are asked for, and their
 * buckets and entries, read ahead. A read whose result nobody waits for takes no time of its own,
 * and the processor has many of them under way at once; the lookups that follow find everything in
 * its cache, and begin where the look ahead has ended.
 */
import type { Databases } from './databases.ts';
import type { KeysAhead } from './face.ts';
import { type KeyHash, MOST_REMEMBERED, tagOf } from './hash.ts';
import type { HeldLocks } from './held-locks.ts';
import { slotEntry, type Table, tagSlot } from './table.ts';

export class Ahead implements KeysAhead {
  readonly #hash: KeyHash;
  readonly #locks: HeldLocks;
  readonly #databases: Databases;
  readonly #indices = new Int32Array(MOST_REMEMBERED);
  readonly #tags = new Int32Array(MOST_REMEMBERED);
  readonly #buckets = new Int32Array(MOST_REMEMBERED);
  readonly #entries = new Int32Array(MOST_REMEMBERED);
  readonly #tables: Table[] = [];
  /** A bit for each segment that one of the keys belongs to. */
  #segments = 0;
  #count = 0;
  /** Takes up what was read, or the compiler would see that nobody wants it. */
  seen = 0;

  constructor(hash: KeyHash, locks: HeldLocks, databases: Databases) {
    this.#hash = hash;
    this.#locks = locks;
    this.#databases = databases;
  }

  expect(database: number, key: Uint8Array, start: number, end: number): void {
    const number = this.#hash.remember(key, start, end);
    if (number >= 0) this.#note(number, database);
  }

  /** Of a batch that has not begun, whose keys may come in any order: nothing is remembered. */
  foresee(database: number, key: Uint8Array, start: number, end: number): void {
    const number = this.#count;
    if (this.#locks.locks || number === MOST_REMEMBERED) return;
    this.#hash.ofBytes(key, start, end);
    this.#note(number, database);
  }

  /** The key that was hashed last gets this number. */
  #note(number: number, database: number): void {
    this.#tags[number] = tagOf(this.#hash.mark);
    this.#count = number + 1;
    if (this.#locks.locks) this.#expectShared(number, database);
    else this.#buckets[number] = this.#bucketOf(number, database);
  }

  /** What others may be changing is not looked at before it is locked. */
  #expectShared(number: number, database: number): void {
    const segment = this.#locks.numberFor(this.#hash.mark);
    this.#segments |= 1 << segment;
    this.#indices[number] = this.#hash.index;
    this.#tables[number] = this.#databases.table(this.#locks.segments[segment], database);
  }

  /** The key's bucket in the one table that this batch is about; 0, as in a table without any. */
  #bucketOf(number: number, database: number): number {
    const table = this.#databases.table(this.#locks.segments[0], database);
    if (number === 0) this.#tables[0] = table;
    else if (table !== this.#tables[0]) return 0;
    return bucketIn(table, this.#hash.index);
  }

  /** Has all buckets fetched, then all entries, and notes where they were found. */
  fetch(): void {
    if (this.#count === 0) return;
    if (this.#locks.locks) this.#fetchFromSeveral();
    else this.#fetchFromOne(this.#tables[0]);
    this.#count = 0;
  }

  #fetchFromOne({ words, number }: Table): void {
    const count = this.#count;
    const buckets = this.#buckets;
    const entries = this.#entries;
    let seen = this.seen;
    for (let i = 0; i < count; i += 1) seen ^= words[buckets[i]];
    for (let i = 0; i < count; i += 1) entries[i] = this.#entryOf(i, words, number);
    // Nothing but reads in a loop: the shorter it is, the more of them are under way at once.
    for (let i = 0; i < count; i += 1) seen ^= words[entries[i]] ^ words[entries[i] + 12];
    this.seen = seen;
  }

  /** The same where each key has its own segment, which is held from now on. */
  #fetchFromSeveral(): void {
    this.#locks.takeSeveral(this.#segments);
    this.#segments = 0;
    const count = this.#count;
    const tables = this.#tables;
    const buckets = this.#buckets;
    const entries = this.#entries;
    let seen = this.seen;
    for (let i = 0; i < count; i += 1) buckets[i] = bucketIn(tables[i], this.#indices[i]);
    for (let i = 0; i < count; i += 1) seen ^= tables[i].words[buckets[i]];
    for (let i = 0; i < count; i += 1) {
      entries[i] = this.#entryOf(i, tables[i].words, tables[i].number);
    }
    for (let i = 0; i < count; i += 1) {
      const { words } = tables[i];
      seen ^= words[entries[i]] ^ words[entries[i] + 12];
    }
    this.seen = seen;
  }

  /** Notes where the key is likely to be found; returns the entry there, or 0. */
  #entryOf(number: number, words: Int32Array, table: number): number {
    const bucket = this.#buckets[number];
    const slotWord = bucket === 0 ? 0 : tagSlot(words, bucket, this.#tags[number]);
    if (slotWord === 0) return 0;
    this.#hash.suppose(number, slotWord, table);
    return slotEntry(words[slotWord]);
  }
}

/** The bucket that a hash belongs to; 0, where no tag stands, in a table without any. */
function bucketIn(table: Table, index: number): number {
  return table.buckets === 0 ? 0 : table.bucketAt(table.bucketOf(index));
}
