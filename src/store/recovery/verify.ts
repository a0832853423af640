/**
 * Proves that a segment is whole, from its bytes alone: every block accounted for, every free one
 * in its bin, every entry reached from the one bucket that it belongs to, every sum right. It
 * trusts nothing that it has not checked, so it neither crashes nor hangs on a segment that is
 * broken.
 */
import { blockUnits, LONG, PREVIOUS_FREE, USED } from '../arena.ts';
import {
  entryKeyAt,
  entryKeyBytes,
  entryTable,
  HAS_EXPIRY,
  isSound,
  KIND_DIRECTORY,
  KIND_ORPHAN,
  KIND_OVERFLOW,
  KIND_STAGED,
} from '../entry.ts';
import { tagOf } from '../hash.ts';
import { heldBlocks } from '../held-blocks.ts';
import {
  FREE_UNITS,
  HEAP,
  LIVE_UNITS,
  MAGIC,
  PAGE_WORDS,
  PAGES,
  SEGMENT_MAGIC,
  SWEEP,
  TOP,
} from '../layout.ts';
import type { Segment } from '../segment.ts';
import {
  BUCKETS,
  bucketEntries,
  DIRECTORY,
  DIRECTORY_PAGES,
  EXPIRES_BIT,
  FIRST_SLOT,
  KEYS,
  KEYS_WITH_EXPIRY,
  LINK,
  OVERFLOW_UNITS,
  OVERFLOWS,
  PAGE_BUCKETS,
  PAGE_SHIFT,
  SLOTS,
  slotEntry,
  type Table,
  tagAt,
} from '../table.ts';
import { checkBins } from './verify-bins.ts';

/** Enough to see what is wrong; a broken segment can have a problem in every word. */
const MOST_PROBLEMS = 20;

/** What is wrong with the segment, in words; empty when it is whole. */
export function verifySegment(segment: Segment): string[] {
  const check = new SegmentCheck(segment);
  try {
    check.run();
  } catch (error) {
    if (error !== enough) throw error;
  }
  return check.problems;
}

const enough = new Error('enough problems');

class SegmentCheck {
  readonly problems: string[] = [];
  readonly #segment: Segment;
  readonly #words: Int32Array;
  /** A bit for each unit of the heap: a block in use begins there and nobody has named it yet. */
  #unclaimed = new Uint8Array(0);
  /** Free blocks, to be found in the bins. */
  #freeBlocks = 0;
  #pagesClaimed = new Uint8Array(0);
  readonly #held: ReadonlyMap<number, number>;

  constructor(segment: Segment) {
    this.#segment = segment;
    this.#words = segment.words;
    this.#held = heldBlocks(segment.words);
  }

  run(): void {
    if (!this.#checkHeader()) return;
    const words = this.#words;
    this.#unclaimed = new Uint8Array(((words[TOP] - HEAP) >>> 4) + 1);
    this.#pagesClaimed = new Uint8Array(words[PAGES]);
    if (!this.#walkHeap()) return;
    for (const problem of checkBins(words, this.#freeBlocks)) this.#tell(problem);
    for (const table of this.#segment.tables) this.#checkTable(table);
    this.#checkClaims();
  }

  #tell(problem: string): void {
    this.problems.push(problem);
    if (this.problems.length >= MOST_PROBLEMS) throw enough;
  }

  #checkHeader(): boolean {
    const words = this.#words;
    const pages = words[PAGES];
    const limit = this.#segment.arena.endWord - pages * PAGE_WORDS;
    const top = words[TOP];
    if (words[SEGMENT_MAGIC] !== MAGIC) this.#tell('the segment has no header');
    else if (pages < 0 || limit < HEAP) this.#tell(`${pages} pages do not fit`);
    else if (top < HEAP || top > limit || (top & 1) !== 0) this.#tell(`the top is at ${top}`);
    else return true;
    return false;
  }

  /** Goes from block to block; false where one has no sensible size. */
  #walkHeap(): boolean {
    const words = this.#words;
    const top = words[TOP];
    let live = 0;
    let free = 0;
    let previousFree = false;
    let sweepSeen = words[SWEEP] === top;
    let at = HEAP;
    while (at < top) {
      const word = words[at];
      const units = blockUnits(word);
      const next = at + units * 2;
      if (units < 2 || next > top) {
        this.#tell(`block ${at} has ${units} units`);
        return false;
      }
      if (words[SWEEP] === at) sweepSeen = true;
      const used = (word & USED) !== 0;
      if (used) live += units;
      else free += units;
      this.#checkBlock(at, units, used, previousFree, next === top);
      previousFree = !used;
      at = next;
    }
    if (!sweepSeen) this.#tell(`the sweep is at ${words[SWEEP]}, inside a block`);
    if (live !== words[LIVE_UNITS]) this.#tell(`${live} units live, not ${words[LIVE_UNITS]}`);
    if (free !== words[FREE_UNITS]) this.#tell(`${free} units free, not ${words[FREE_UNITS]}`);
    return true;
  }

  #checkBlock(at: number, units: number, used: boolean, afterFree: boolean, last: boolean): void {
    const words = this.#words;
    if (!used) {
      this.#freeBlocks += 1;
      if (afterFree) this.#tell(`free blocks meet at ${at}`);
      if (last) this.#tell(`the last block ${at} is free`);
      if (words[at + units * 2 - 1] !== units) this.#tell(`free block ${at} has a wrong end`);
      return;
    }
    if (((words[at] & PREVIOUS_FREE) !== 0) !== afterFree) {
      this.#tell(`block ${at} is wrong about what is before it`);
    }
    const kind = words[at + 1] & 15;
    // Held by a ticket, and by no table.
    if ((words[at] & LONG) !== 0 && (kind === KIND_STAGED || kind === KIND_ORPHAN)) {
      if (!this.#held.has(at)) this.#tell(`block ${at} is held by nobody`);
      return;
    }
    const unit = (at - HEAP) >>> 1;
    this.#unclaimed[unit >>> 3] |= 1 << (unit & 7);
  }

  /** True when a block in use begins at `at` and nobody has named it so far. */
  #claim(at: number): boolean {
    if (at < HEAP || at >= this.#words[TOP] || (at & 1) !== 0) return false;
    const unit = (at - HEAP) >>> 1;
    const bit = 1 << (unit & 7);
    if ((this.#unclaimed[unit >>> 3] & bit) === 0) return false;
    this.#unclaimed[unit >>> 3] &= ~bit;
    return true;
  }

  #checkTable(table: Table): void {
    const words = this.#words;
    const header = table.header;
    const buckets = words[header + BUCKETS];
    if (!this.#checkDirectory(table, buckets)) return;
    const sums = { keys: 0, expiring: 0, overflows: 0 };
    for (let index = 0; index < buckets; index += 1) this.#checkChain(table, index, sums);
    const name = `table ${table.number}`;
    if (sums.keys !== words[header + KEYS]) {
      this.#tell(`${name} has ${sums.keys} keys, not ${words[header + KEYS]}`);
    }
    if (sums.expiring !== words[header + KEYS_WITH_EXPIRY]) {
      this.#tell(`${name} has ${sums.expiring} expiries, not ${words[header + KEYS_WITH_EXPIRY]}`);
    }
    if (sums.overflows !== words[header + OVERFLOWS]) {
      this.#tell(`${name} has ${sums.overflows} overflows, not ${words[header + OVERFLOWS]}`);
    }
  }

  #checkDirectory(table: Table, buckets: number): boolean {
    const words = this.#words;
    const name = `table ${table.number}`;
    const block = words[table.header + DIRECTORY];
    const capacity = words[table.header + DIRECTORY_PAGES];
    if (block === 0) {
      if (buckets !== 0 || capacity !== 0) this.#tell(`${name} has buckets but no directory`);
      return false;
    }
    const pages = (buckets + PAGE_BUCKETS - 1) >>> PAGE_SHIFT;
    const info = (table.number << 4) | KIND_DIRECTORY;
    if (!this.#claim(block) || words[block + 1] !== info || buckets < 0 || pages > capacity) {
      this.#tell(`${name} has no sound directory`);
      return false;
    }
    if (blockUnits(words[block]) * 2 < capacity + 2) {
      this.#tell(`${name} has too small a directory`);
      return false;
    }
    for (let page = 0; page < pages; page += 1) {
      if (this.#claimPage(words[block + 2 + page])) continue;
      this.#tell(`${name}: page ${page} is not its own`);
      return false;
    }
    return true;
  }

  #claimPage(at: number): boolean {
    const fromEnd = this.#segment.arena.endWord - at;
    const index = fromEnd / PAGE_WORDS - 1;
    if (!Number.isInteger(index) || index < 0 || index >= this.#words[PAGES]) return false;
    if (this.#pagesClaimed[index] !== 0) return false;
    this.#pagesClaimed[index] = 1;
    return true;
  }

  #checkChain(
    table: Table,
    index: number,
    sums: { keys: number; expiring: number; overflows: number },
  ): void {
    const words = this.#words;
    let bucket = table.bucketAt(index);
    for (;;) {
      const entries = bucketEntries(words, bucket);
      const next = words[bucket + LINK];
      if (next !== 0 && entries < SLOTS) this.#tell(`bucket ${index} has a gap in its chain`);
      for (let slot = 0; slot < SLOTS; slot += 1) {
        if (slot < entries) this.#checkSlot(table, index, bucket, slot);
        else if (words[bucket + FIRST_SLOT + slot] !== 0 || tagAt(words, bucket, slot) !== 0) {
          this.#tell(`bucket ${index} has something in an empty slot`);
        }
        if (words[bucket + FIRST_SLOT + slot] < 0) sums.expiring += 1;
      }
      sums.keys += entries;
      if (next === 0) return;
      if (!this.#checkOverflow(table, index, next)) return;
      sums.overflows += 1;
      bucket = next;
    }
  }

  #checkOverflow(table: Table, index: number, bucket: number): boolean {
    const words = this.#words;
    const block = bucket - 2;
    const info = (index << 8) | (table.number << 4) | KIND_OVERFLOW;
    const sound =
      this.#claim(block) &&
      words[block + 1] === info &&
      blockUnits(words[block]) >= OVERFLOW_UNITS &&
      bucketEntries(words, bucket) > 0;
    if (!sound) this.#tell(`bucket ${index} of table ${table.number} has a bad link`);
    return sound;
  }

  #checkSlot(table: Table, index: number, bucket: number, slot: number): void {
    const words = this.#words;
    const pointer = words[bucket + FIRST_SLOT + slot];
    const entry = slotEntry(pointer);
    const place = `table ${table.number}, bucket ${index}, entry ${entry}`;
    if ((pointer & 0x60000000) !== 0 || !this.#claim(entry)) {
      this.#tell(`${place}: no such block, or reached twice`);
      return;
    }
    if (!isSound(words, entry)) {
      this.#tell(`${place}: its lengths do not fit its block`);
      return;
    }
    const hash = this.#segment.rehash;
    hash.ofWords(words, entryKeyAt(words, entry), entryKeyBytes(words, entry));
    if (entryTable(words, entry) !== table.number) this.#tell(`${place}: of another table`);
    if (table.bucketOf(hash.index) !== index) this.#tell(`${place}: in the wrong bucket`);
    if (tagOf(hash.mark) !== tagAt(words, bucket, slot)) this.#tell(`${place}: wrong tag`);
    const expires = (words[entry] & HAS_EXPIRY) !== 0;
    if (expires !== ((pointer & EXPIRES_BIT) !== 0)) this.#tell(`${place}: wrong expiry mark`);
  }

  /** Nothing in use that nobody points to. */
  #checkClaims(): void {
    const lost = this.#unclaimed.findIndex((bits) => bits !== 0);
    if (lost >= 0) this.#tell(`a block in use near ${HEAP + lost * 16} is reached from nowhere`);
    const page = this.#pagesClaimed.indexOf(0);
    if (page >= 0) this.#tell(`page ${page} belongs to no table`);
  }
}
