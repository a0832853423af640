/**
 * A linear hash table (Litwin, 1980) in the words of a segment: one a database. It grows and
 * shrinks by one bucket at a time, so no command ever moves more than one bucket's entries, and it
 * is never more than a few percent away from the size it should have.
 *
 *   table header ──► directory (a block of the arena) ──► pages of 64 buckets
 *
 *   bucket, one cache line   ┌ 12 tags, 1 byte each ┬ overflow ┬ 12 slots, 1 word each ───────────┐
 *                            │ words 0 1 2          │ word 3   │ words 4…15                       │
 *                            └──────────────────────┴──────────┴──────────────────────────────────┘
 *   slot                     │ bit 31: has an expiry │ bits 0–28: the entry's unit in the segment │
 *
 * A tag of 0 is an empty slot. Slots are filled from the first on, and every bucket of a chain but
 * the last is full. With n buckets and 2^L ≤ n < 2^(L+1), a hash belongs to bucket `hash mod
 * 2^(L+1)` or, where that one does not exist yet, to `hash mod 2^L`. An overflow bucket is a block
 * of the arena: two words of block header, then the 16 words drawn above.
 */
import type { Arena } from './arena.ts';
import { entryKeyAt, entryKeyBytes, KIND_OVERFLOW } from './entry.ts';
import { type KeyHash, tagOf } from './hash.ts';
import { LINE_WORDS, PAGE_WORDS, TABLE_WORDS, TABLES } from './layout.ts';

// --- the table header
export const DIRECTORY = 0;
export const DIRECTORY_PAGES = 1;
export const BUCKETS = 2;
export const KEYS = 3;
export const KEYS_WITH_EXPIRY = 4;
export const OVERFLOWS = 5;
/** One more than the bucket where the expiry cycle goes on. */
export const EXPIRE_CURSOR = 6;

export const SLOTS = 12;
export const LINK = 3;
export const FIRST_SLOT = 4;
export const EXPIRES_BIT = 1 << 31;
const UNIT_MASK = 0x1fffffff;
/** Buckets of a page, and the shift to it. */
export const PAGE_BUCKETS = PAGE_WORDS / LINE_WORDS;
export const PAGE_SHIFT = 6;
/** An overflow bucket with its block header, in units. */
export const OVERFLOW_UNITS = (2 + LINE_WORDS) / 2;

/** The entry that a slot points to. */
export function slotEntry(slot: number): number {
  return (slot & UNIT_MASK) << 1;
}

/** A slot that points to this entry. */
export function entrySlot(entry: number, expires: boolean): number {
  return expires ? (entry >>> 1) | EXPIRES_BIT : entry >>> 1;
}

/** Entries in a bucket: slots are filled from the first on. */
export function bucketEntries(words: Int32Array, bucket: number): number {
  if (words[bucket + 2] >>> 24 !== 0) return SLOTS;
  let count = 0;
  while (tagAt(words, bucket, count) !== 0) count += 1;
  return count;
}

export function tagAt(words: Int32Array, bucket: number, slot: number): number {
  return (words[bucket + (slot >>> 2)] >>> ((slot & 3) << 3)) & 0xff;
}

/** Fills a slot, or empties it with zeros; the tag, which says whether it counts, comes last. */
export function fillSlot(
  words: Int32Array,
  bucket: number,
  slot: number,
  pointer: number,
  tag: number,
): void {
  words[bucket + FIRST_SLOT + slot] = pointer;
  setTag(words, bucket, slot, tag);
}

function setTag(words: Int32Array, bucket: number, slot: number, tag: number): void {
  const shift = (slot & 3) << 3;
  const at = bucket + (slot >>> 2);
  words[at] = (words[at] & ~(0xff << shift)) | (tag << shift);
}

/** The word of the first slot in a bucket with this tag, or 0: a guess at what `find` will find. */
export function tagSlot(words: Int32Array, bucket: number, tag: number): number {
  const pattern = Math.imul(tag, 0x01010101);
  for (let group = 0; group < 3; group += 1) {
    const differing = words[bucket + group] ^ pattern;
    const hits = (differing - 0x01010101) & ~differing & 0x80808080;
    if (hits === 0) continue;
    return bucket + FIRST_SLOT + (group << 2) + ((31 - Math.clz32(hits & -hits)) >>> 3);
  }
  return 0;
}

export class Table {
  readonly words: Int32Array;
  readonly header: number;
  readonly number: number;
  /** Where the last `find` that found something found it: chain, bucket of the chain, slot. */
  first = 0;
  bucket = 0;
  slot = 0;
  readonly arena: Arena;
  readonly #hash: KeyHash;

  constructor(arena: Arena, number: number, hash: KeyHash) {
    this.words = arena.words;
    this.header = TABLES + number * TABLE_WORDS;
    this.number = number;
    this.arena = arena;
    this.#hash = hash;
  }

  get keys(): number {
    return this.words[this.header + KEYS];
  }

  /** Where the expiry cycle goes on, downwards; 0: at the end. */
  get expireCursor(): number {
    return this.words[this.header + EXPIRE_CURSOR];
  }

  get buckets(): number {
    return this.words[this.header + BUCKETS];
  }

  /** The bucket number that a hash belongs to; the table must not be empty. */
  bucketOf(hashIndex: number): number {
    const count = this.words[this.header + BUCKETS];
    const mask = 0xffffffff >>> Math.clz32(count);
    const index = hashIndex & mask;
    return index < count ? index : index & (mask >>> 1);
  }

  /** First word of a bucket. */
  bucketAt(index: number): number {
    const words = this.words;
    const page = words[words[this.header + DIRECTORY] + 2 + (index >>> PAGE_SHIFT)];
    return page + ((index & (PAGE_BUCKETS - 1)) << 4);
  }

  /** The entry of the key that was hashed last, or 0. Leaves `bucket` and `slot` on it. */
  find(): number {
    const hash = this.#hash;
    const guess = hash.guess;
    if (guess !== 0 && hash.guessTable === this.number) {
      const entry = slotEntry(this.words[guess]);
      if (this.#holdsKey(entry)) {
        // Guesses are about the first bucket of a chain; a bucket is a line of its own.
        this.first = guess & -LINE_WORDS;
        this.bucket = this.first;
        this.slot = (guess & (LINE_WORDS - 1)) - FIRST_SLOT;
        return entry;
      }
    }
    return this.#search();
  }

  #search(): number {
    const words = this.words;
    const hash = this.#hash;
    if (words[this.header + BUCKETS] === 0) return 0;
    const pattern = Math.imul(tagOf(hash.mark), 0x01010101);
    const first = this.bucketAt(this.bucketOf(hash.index));
    let bucket = first;
    do {
      for (let group = 0; group < 3; group += 1) {
        // A byte that equals the tag becomes 0; the classic test leaves its top bit set.
        const differing = words[bucket + group] ^ pattern;
        let hits = (differing - 0x01010101) & ~differing & 0x80808080;
        while (hits !== 0) {
          const slot = (group << 2) + ((31 - Math.clz32(hits & -hits)) >>> 3);
          const entry = slotEntry(words[bucket + FIRST_SLOT + slot]);
          if (this.#holdsKey(entry)) {
            this.first = first;
            this.bucket = bucket;
            this.slot = slot;
            return entry;
          }
          hits &= hits - 1;
        }
      }
      bucket = words[bucket + LINK];
    } while (bucket !== 0);
    return 0;
  }

  #holdsKey(entry: number): boolean {
    const words = this.words;
    const hash = this.#hash;
    const length = hash.keyBytes;
    // The borrow of the tag test can point to an empty slot, whose offset is 0.
    if (entry === 0 || entryKeyBytes(words, entry) !== length) return false;
    const key = hash.key;
    const from = hash.keyAt;
    const at = entryKeyAt(words, entry);
    const count = (length + 3) >>> 2;
    for (let i = 0; i < count; i += 1) if (words[at + i] !== key[from + i]) return false;
    return true;
  }

  /** Buckets have been moved: nothing that was supposed about where keys are holds any more. */
  restructured(): void {
    this.#hash.dropGuesses();
  }

  /** Points to `entry` in place of what the last `find` found. */
  replace(entry: number, expires: boolean): void {
    const words = this.words;
    const at = this.bucket + FIRST_SLOT + this.slot;
    const before = words[at] < 0 ? 1 : 0;
    words[at] = entrySlot(entry, expires);
    words[this.header + KEYS_WITH_EXPIRY] += (expires ? 1 : 0) - before;
  }

  /**
   * Adds an entry whose key was hashed last and is not there; there must be a bucket already.
   * False: no memory for an overflow bucket.
   */
  insert(entry: number, expires: boolean): boolean {
    const words = this.words;
    const header = this.header;
    const index = this.bucketOf(this.#hash.index);
    if (!this.append(index, entrySlot(entry, expires), tagOf(this.#hash.mark))) return false;
    words[header + KEYS] += 1;
    if (expires) words[header + KEYS_WITH_EXPIRY] += 1;
    return true;
  }

  /** Puts a slot at the end of a bucket's chain, counting nothing. False: out of memory. */
  append(index: number, slot: number, tag: number): boolean {
    const words = this.words;
    let last = this.bucketAt(index);
    while (words[last + LINK] !== 0) last = words[last + LINK];
    let free = bucketEntries(words, last);
    if (free === SLOTS) {
      const added = this.#addOverflow(index);
      if (added === 0) return false;
      words[last + LINK] = added;
      last = added;
      free = 0;
    }
    fillSlot(words, last, free, slot, tag);
    return true;
  }

  #addOverflow(index: number): number {
    const words = this.words;
    const block = this.arena.allocate(OVERFLOW_UNITS);
    if (block === 0) return 0;
    words[block + 1] = (index << 8) | (this.number << 4) | KIND_OVERFLOW;
    words.fill(0, block + 2, block + 2 + LINE_WORDS);
    words[this.header + OVERFLOWS] += 1;
    return block + 2;
  }

  /** Removes what the last `find` found; its block is the caller's to free. */
  remove(): void {
    this.removeAt(this.first, this.bucket, this.slot);
  }

  /**
   * Forgets the entry in `slot` of `bucket`, in the chain that begins with `first`: the chain's
   * last entry takes its place.
   */
  removeAt(first: number, bucket: number, slot: number): void {
    const words = this.words;
    const header = this.header;
    words[header + KEYS] -= 1;
    if (words[bucket + FIRST_SLOT + slot] < 0) words[header + KEYS_WITH_EXPIRY] -= 1;
    let last = first;
    let before = 0;
    while (words[last + LINK] !== 0) {
      before = last;
      last = words[last + LINK];
    }
    const lastSlot = bucketEntries(words, last) - 1;
    const moved = words[last + FIRST_SLOT + lastSlot];
    fillSlot(words, bucket, slot, moved, tagAt(words, last, lastSlot));
    fillSlot(words, last, lastSlot, 0, 0);
    if (lastSlot === 0 && last !== first) this.#dropOverflow(last, before);
  }

  #dropOverflow(last: number, before: number): void {
    this.words[before + LINK] = 0;
    this.arena.free(last - 2);
    this.words[this.header + OVERFLOWS] -= 1;
  }
}
