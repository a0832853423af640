/**
 * Puts a segment right that a writer has left half changed when it was killed. All that could be
 * reached before its change or after it can be reached still (reachability.ts), if not in the
 * right place; what else the segment knows of it is made anew: free blocks from the gaps between
 * blocks, chains from their entries, sums by counting.
 *
 * The process that does this can be killed as well, and the next one begins anew: here, too, each
 * store leaves everything within reach.
 */
import { entryKeyAt, entryKeyBytes } from '../entry.ts';
import { closeRanks } from '../growth.ts';
import { tagOf } from '../hash.ts';
import { heldBlocks } from '../held-blocks.ts';
import { HELD, PAGE_WORDS, PAGES, TOUCHED_PAGES } from '../layout.ts';
import type { Segment } from '../segment.ts';
import {
  BUCKETS,
  FIRST_SLOT,
  KEYS,
  KEYS_WITH_EXPIRY,
  LINK,
  OVERFLOWS,
  SLOTS,
  slotEntry,
  type Table,
} from '../table.ts';
import { Reach } from './reachability.ts';
import { dropNote, heedNote } from './undo-log.ts';
import { verifySegment } from './verify.ts';

/** Makes a segment whole that is held for writing. False: it is beyond help. */
export function putRight(segment: Segment): boolean {
  const { words } = segment;
  heedNote(words);
  words[HELD] = 0;
  for (const count of heldBlocks(words).values()) words[HELD] += count;
  if (verifySegment(segment).length === 0) return true;
  return new Rebuild(segment).run() && verifySegment(segment).length === 0;
}

class Rebuild {
  readonly #segment: Segment;
  readonly #words: Int32Array;

  constructor(segment: Segment) {
    this.#segment = segment;
    this.#words = segment.words;
  }

  run(): boolean {
    const { arena, tables } = this.#segment;
    const reach = new Reach(this.#segment, heldBlocks(this.#words));
    if (!reach.all() || !arena.layOut((from) => reach.next(from))) return false;
    // From here on nothing leads to where a moved block was.
    dropNote(this.#words);
    this.#stackPages(reach.pages);
    return tables.every((table) => this.#mendTable(table));
  }

  /** Pages lie without a hole between them: the lowest is moved where one is missing. */
  #stackPages(pages: Map<number, number>): void {
    const words = this.#words;
    const { endWord } = this.#segment.arena;
    const wordOf = (number: number) => endWord - (number + 1) * PAGE_WORDS;
    const beyond = [...pages.keys()].filter((number) => number >= pages.size);
    for (let number = 0; beyond.length > 0; number += 1) {
      if (pages.has(number)) continue;
      const moved = beyond.pop() ?? 0;
      words.copyWithin(wordOf(number), wordOf(moved), wordOf(moved - 1));
      words[pages.get(moved) ?? 0] = wordOf(number);
    }
    words[TOUCHED_PAGES] = Math.max(words[TOUCHED_PAGES], words[PAGES]);
    words[PAGES] = pages.size;
  }

  /** False: a chain needs another bucket, and there is no memory. */
  #mendTable(table: Table): boolean {
    const buckets = this.#words[table.header + BUCKETS];
    const strays = new Map<number, number>();
    for (let index = 0; index < buckets; index += 1) {
      this.#mendChain(table, index, (pointer) => strays.set(pointer, index));
    }
    for (const pointer of strays.keys()) if (!this.#bringHome(table, pointer)) return false;
    for (const index of new Set(strays.values())) {
      closeRanks(table, index, (pointer) => (strays.has(pointer) ? 0 : this.#tagOf(pointer)));
    }
    this.#count(table);
    return true;
  }

  /** Fills a chain's slots from the first on, with each entry once; tells of other chains' ones. */
  #mendChain(table: Table, index: number, tellOfStray: (pointer: number) => void): void {
    const hash = this.#segment.rehash;
    const met = new Set<number>();
    closeRanks(table, index, (pointer) => {
      if (met.has(pointer)) return 0;
      met.add(pointer);
      const tag = this.#tagOf(pointer);
      if (table.bucketOf(hash.index) !== index) tellOfStray(pointer);
      return tag;
    });
  }

  /** Puts an entry into the chain that it belongs to, if it is not there already. */
  #bringHome(table: Table, pointer: number): boolean {
    const words = this.#words;
    const tag = this.#tagOf(pointer);
    const home = table.bucketOf(this.#segment.rehash.index);
    for (let bucket = table.bucketAt(home); bucket !== 0; bucket = words[bucket + LINK]) {
      if (slotsOf(words, bucket).includes(pointer)) return true;
    }
    return table.append(home, pointer, tag);
  }

  /** The tag of the entry that a slot points to; `rehash` then holds its key's hash. */
  #tagOf(pointer: number): number {
    const words = this.#words;
    const entry = slotEntry(pointer);
    const hash = this.#segment.rehash;
    hash.ofWords(words, entryKeyAt(words, entry), entryKeyBytes(words, entry));
    return tagOf(hash.mark);
  }

  #count(table: Table): void {
    const words = this.#words;
    const sums = { keys: 0, expiring: 0, overflows: 0 };
    for (let index = 0; index < table.buckets; index += 1) {
      let overflows = -1;
      for (let bucket = table.bucketAt(index); bucket !== 0; bucket = words[bucket + LINK]) {
        overflows += 1;
        for (const pointer of slotsOf(words, bucket)) {
          if (pointer !== 0) sums.keys += 1;
          if (pointer < 0) sums.expiring += 1;
        }
      }
      sums.overflows += overflows;
    }
    words[table.header + KEYS] = sums.keys;
    words[table.header + KEYS_WITH_EXPIRY] = sums.expiring;
    words[table.header + OVERFLOWS] = sums.overflows;
  }
}

function slotsOf(words: Int32Array, bucket: number): Int32Array {
  return words.subarray(bucket + FIRST_SLOT, bucket + FIRST_SLOT + SLOTS);
}
