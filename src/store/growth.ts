/**
 * How a table grows and shrinks: by one bucket at a time, in the order of linear hashing. Bucket n
 * is split off from (or joined to) the one whose number is n without its highest bit, so no more
 * than one chain is ever touched by a command. What moves is copied first and taken away then: a
 * thread that is killed in the midst leaves entries in two places, never in none
 * (recovery/rebuild.ts).
 */
import { blockUnits, UNIT_BYTES } from './arena.ts';
import { entryKeyAt, entryKeyBytes, KIND_DIRECTORY } from './entry.ts';
import { type KeyHash, tagOf } from './hash.ts';
import { LINE_WORDS, MAX_DATABASES, PAGE_BYTES, TABLE_WORDS, TABLES } from './layout.ts';
import { givePage, takePage } from './pages.ts';
import {
  BUCKETS,
  bucketEntries,
  DIRECTORY,
  DIRECTORY_PAGES,
  FIRST_SLOT,
  fillSlot,
  LINK,
  OVERFLOW_UNITS,
  OVERFLOWS,
  PAGE_BUCKETS,
  PAGE_SHIFT,
  SLOTS,
  slotEntry,
  type Table,
  tagAt,
} from './table.ts';

/** Entries a bucket when it grows: more would chain too many buckets, fewer would waste slots. */
export const GROW_AT = 10;
/** And when it shrinks; apart from GROW_AT, so that it does not swing to and fro. */
export const SHRINK_AT = 7;
/** The first directory, in pages; it doubles, so even for 10 million keys its copy is 64 KiB. */
const FIRST_DIRECTORY_PAGES = 6;
/** 24 bits name the chain of an overflow bucket. */
const MAX_BUCKETS = 2 ** 24;
/** What an overflow bucket may take: one unit more where a hole's rest is too small. */
const LINK_UNITS = OVERFLOW_UNITS + 1;

/** True when the table has more entries than its buckets should hold. */
export function wantsGrowth(table: Table): boolean {
  return table.keys > table.buckets * GROW_AT;
}

export function wantsShrinking(table: Table): boolean {
  return table.buckets > 1 && table.keys < (table.buckets - 1) * SHRINK_AT;
}

/**
 * Adds a bucket and moves into it what belongs there. False: out of memory, nothing has changed.
 */
export function grow(table: Table, hash: KeyHash): boolean {
  const words = table.words;
  const index = table.buckets;
  if (index === MAX_BUCKETS || !hasRoomToSplit(table, index) || !makePlace(table, index)) {
    return false;
  }
  table.restructured();
  const added = table.bucketAt(index);
  // What a bucket held in a former life must not come back with it.
  words.fill(0, added, added + LINE_WORDS);
  words[table.header + BUCKETS] = index + 1;
  if (index > 0) splitChain(table, withoutHighestBit(index), index, hash);
  return true;
}

/**
 * Takes the last bucket away. False: the chain it is joined to needs more links than the two had,
 * and they are more than `headroomBytes` or than there is.
 */
export function shrink(table: Table, headroomBytes: number): boolean {
  const words = table.words;
  const index = table.buckets - 1;
  const target = withoutHighestBit(index);
  const source = chainEntries(table, index);
  const joined = source + chainEntries(table, target);
  const added = (linksFor(joined) - linksFor(joined - source)) * LINK_UNITS;
  if (added - linksFor(source) * LINK_UNITS > headroomBytes / UNIT_BYTES) return false;
  if (added > table.arena.roomAboveUnits()) return false;
  table.restructured();
  visitSlots(table, index, (slot, tag) => table.append(target, slot, tag));
  words[table.header + BUCKETS] = index;
  dropOverflows(table, table.bucketAt(index));
  if ((index & (PAGE_BUCKETS - 1)) === 0) dropPage(table, index >>> PAGE_SHIFT);
  return true;
}

/**
 * Whether the chain can be dealt out over two: for a moment its entries are in both, so that no
 * moment has them in none.
 */
function hasRoomToSplit(table: Table, index: number): boolean {
  if (index === 0) return true;
  const links = linksFor(chainEntries(table, withoutHighestBit(index)));
  if (links === 0) return true;
  const units = links * LINK_UNITS + growthBytes(table) / UNIT_BYTES;
  return units <= table.arena.roomAboveUnits();
}

/** Overflow buckets of a chain with so many entries. */
function linksFor(entries: number): number {
  return entries <= SLOTS ? 0 : Math.ceil(entries / SLOTS) - 1;
}

/** The bucket that this one is split from. */
export function withoutHighestBit(index: number): number {
  return index & ~(1 << (31 - Math.clz32(index)));
}

function chainEntries(table: Table, index: number): number {
  const words = table.words;
  let bucket = table.bucketAt(index);
  let count = 0;
  while (words[bucket + LINK] !== 0) {
    count += SLOTS;
    bucket = words[bucket + LINK];
  }
  return count + bucketEntries(words, bucket);
}

/** Takes what belongs to chain `to` there. */
function splitChain(table: Table, from: number, to: number, hash: KeyHash): void {
  const words = table.words;
  closeRanks(table, from, (pointer) => {
    const entry = slotEntry(pointer);
    hash.ofWords(words, entryKeyAt(words, entry), entryKeyBytes(words, entry));
    const tag = tagOf(hash.mark);
    if (table.bucketOf(hash.index) !== to) return tag;
    table.append(to, pointer, tag);
    return 0;
  });
}

/**
 * Takes some entries out of a chain; those that stay move up. `tagIn` says the tag with which one
 * stays, or 0. One that moves is in two places for a moment, rather than in none.
 */
export function closeRanks(table: Table, index: number, tagIn: (pointer: number) => number): void {
  const words = table.words;
  let last = table.bucketAt(index);
  let filled = 0;
  for (let bucket = last; bucket !== 0; bucket = words[bucket + LINK]) {
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const pointer = words[bucket + FIRST_SLOT + slot];
      const tag = pointer === 0 ? 0 : tagIn(pointer);
      if (tag === 0) continue;
      if (filled === SLOTS) {
        last = words[last + LINK];
        filled = 0;
      }
      fillSlot(words, last, filled, pointer, tag);
      filled += 1;
    }
  }
  for (let slot = filled; slot < SLOTS; slot += 1) fillSlot(words, last, slot, 0, 0);
  dropOverflows(table, last);
}

/** Frees the overflow buckets behind a bucket, when nothing leads to them any more. */
function dropOverflows(table: Table, bucket: number): void {
  const words = table.words;
  let next = words[bucket + LINK];
  words[bucket + LINK] = 0;
  while (next !== 0) {
    const after = words[next + LINK];
    table.arena.free(next - 2);
    words[table.header + OVERFLOWS] -= 1;
    next = after;
  }
}

/** Calls `visit` with every slot of a chain and its tag. */
function visitSlots(table: Table, index: number, visit: (slot: number, tag: number) => void): void {
  const words = table.words;
  for (let bucket = table.bucketAt(index); bucket !== 0; bucket = words[bucket + LINK]) {
    const entries = bucketEntries(words, bucket);
    for (let slot = 0; slot < entries; slot += 1) {
      visit(words[bucket + FIRST_SLOT + slot], tagAt(words, bucket, slot));
    }
  }
}

/** Sees to it that bucket `index` has a page and the page a place in the directory. */
function makePlace(table: Table, index: number): boolean {
  if ((index & (PAGE_BUCKETS - 1)) !== 0) return true;
  const words = table.words;
  const page = index >>> PAGE_SHIFT;
  const capacity = words[table.header + DIRECTORY_PAGES];
  if (page === capacity && !resizeDirectory(table, page, nextCapacity(capacity))) return false;
  const at = takePage(words, table.arena.endWord);
  if (at === 0) return false;
  words[words[table.header + DIRECTORY] + 2 + page] = at;
  return true;
}

function nextCapacity(capacity: number): number {
  return capacity === 0 ? FIRST_DIRECTORY_PAGES : capacity * 2;
}

/** How many pages a directory block is for. */
export function directoryCapacity(word: number): number {
  let capacity = FIRST_DIRECTORY_PAGES;
  while (nextCapacity(capacity) + 2 <= blockUnits(word) * 2) capacity = nextCapacity(capacity);
  return capacity;
}

/** Moves the directory, with its first `used` pages, to a block that has place for `capacity`. */
function resizeDirectory(table: Table, used: number, capacity: number): boolean {
  const words = table.words;
  const before = words[table.header + DIRECTORY];
  const block = table.arena.allocate((capacity + 2) >>> 1);
  if (block === 0) return false;
  words[block + 1] = (table.number << 4) | KIND_DIRECTORY;
  words.copyWithin(block + 2, before + 2, before + 2 + used);
  words[table.header + DIRECTORY] = block;
  words[table.header + DIRECTORY_PAGES] = capacity;
  if (before !== 0) table.arena.free(before);
  return true;
}

function dropPage(table: Table, page: number): void {
  const words = table.words;
  const at = words[words[table.header + DIRECTORY] + 2 + page];
  const moved = givePage(words, table.arena.endWord, at);
  if (moved !== 0) renamePage(words, moved, at);
  const capacity = words[table.header + DIRECTORY_PAGES];
  const half = capacity >>> 1;
  if (half >= FIRST_DIRECTORY_PAGES && page < half >>> 1) resizeDirectory(table, page, half);
}

/**
 * Finds the one directory that has `from` and writes `to` there. A walk over every directory: 64
 * KiB for 10 million keys, once in 64 buckets. A word per page that names its owner would cost as
 * much.
 */
function renamePage(words: Int32Array, from: number, to: number): void {
  for (let table = 0; table < MAX_DATABASES; table += 1) {
    const header = TABLES + table * TABLE_WORDS;
    const pages = (words[header + BUCKETS] + PAGE_BUCKETS - 1) >>> PAGE_SHIFT;
    const first = words[header + DIRECTORY] + 2;
    const found = words.subarray(first, first + pages).indexOf(from);
    if (found >= 0) {
      words[first + found] = to;
      return;
    }
  }
}

/** What the next bucket takes, in bytes: nothing, a page, or a page and a longer directory. */
export function growthBytes(table: Table): number {
  const index = table.buckets;
  if ((index & (PAGE_BUCKETS - 1)) !== 0) return 0;
  const capacity = table.words[table.header + DIRECTORY_PAGES];
  if (index >>> PAGE_SHIFT < capacity) return PAGE_BYTES;
  return PAGE_BYTES + nextCapacity(capacity) * 4 + 16;
}

/** Frees every entry of the table by `free`, then all that the table itself lies in. */
export function clearTable(table: Table, free: (entry: number) => void): void {
  const words = table.words;
  const header = table.header;
  table.restructured();
  for (let index = words[header + BUCKETS] - 1; index >= 0; index -= 1) {
    // First out of everybody's reach, then freed.
    words[header + BUCKETS] = index;
    visitSlots(table, index, (slot) => free(slotEntry(slot)));
    dropOverflows(table, table.bucketAt(index));
    if ((index & (PAGE_BUCKETS - 1)) === 0) dropPage(table, index >>> PAGE_SHIFT);
  }
  const directory = words[header + DIRECTORY];
  words.fill(0, header, header + TABLE_WORDS);
  if (directory !== 0) table.arena.free(directory);
}
