/**
 * What of a segment can be reached: from the tables' headers to pages, chains and entries, and from
 * the owners' notes to the blocks that are held. Every store of a word leaves all that counts
 * within reach, whatever sums, bins and sizes are half written beside it; so this, and nothing
 * else, is what a dead writer has left. It trusts no offset and no length.
 *
 * On its way it mends what takes one store: a pointer to where a block has moved away from, a slot
 * that leads nowhere, the count of a block's pins.
 */
import { blockUnits, LONG, USED } from '../arena.ts';
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
  setPins,
} from '../entry.ts';
import { directoryCapacity, withoutHighestBit } from '../growth.ts';
import { HEAP, IN_PROGRESS, MOVING, PAGE_WORDS, TOP } from '../layout.ts';
import type { Segment } from '../segment.ts';
import {
  BUCKETS,
  DIRECTORY,
  DIRECTORY_PAGES,
  entrySlot,
  FIRST_SLOT,
  LINK,
  OVERFLOW_UNITS,
  PAGE_BUCKETS,
  PAGE_SHIFT,
  SLOTS,
  slotEntry,
  type Table,
} from '../table.ts';
import { MOVE_FROM, MOVE_TO } from './undo-log.ts';

export class Reach {
  /** Where each table page is noted: the page's number from the end, the word of the directory. */
  readonly pages = new Map<number, number>();
  readonly #segment: Segment;
  readonly #words: Int32Array;
  readonly #top: number;
  /** A bit for each unit of the heap: a block that is reached begins there. */
  readonly #starts: Uint8Array;
  /** How many owners hold a block. */
  readonly #held: ReadonlyMap<number, number>;

  constructor(segment: Segment, held: ReadonlyMap<number, number>) {
    const top = segment.words[TOP];
    this.#segment = segment;
    this.#words = segment.words;
    this.#top = top >= HEAP && top <= segment.arena.endWord ? top : HEAP;
    this.#starts = new Uint8Array(((this.#top - HEAP) >>> 4) + 1);
    this.#held = held;
  }

  /** Reaches for everything. False: a table or an owner leads to what can't be there. */
  all(): boolean {
    const { tables } = this.#segment;
    if (!tables.every((table) => this.#reachTable(table))) return false;
    return [...this.#held].every(([block, count]) => this.#reachHeld(block, count));
  }

  /** The first block that is reached at or after a word; 0: none. */
  next(from: number): number {
    const starts = this.#starts;
    const units = (this.#top - HEAP) >>> 1;
    for (let unit = (from - HEAP) >>> 1; unit < units; unit += 1) {
      if ((unit & 7) === 0 && starts[unit >>> 3] === 0) unit += 7;
      else if ((starts[unit >>> 3] & (1 << (unit & 7))) !== 0) return HEAP + unit * 2;
    }
    return 0;
  }

  /** False where no block in use can begin there. */
  #isBlock(at: number): boolean {
    if (at < HEAP || at >= this.#top || (at & 1) !== 0) return false;
    const word = this.#words[at];
    return (word & USED) !== 0 && blockUnits(word) >= 2 && at + blockUnits(word) * 2 <= this.#top;
  }

  /** False where the block has been reached before. */
  #mark(at: number): boolean {
    const unit = (at - HEAP) >>> 1;
    const bit = 1 << (unit & 7);
    const isNew = (this.#starts[unit >>> 3] & bit) === 0;
    this.#starts[unit >>> 3] |= bit;
    return isNew;
  }

  /** Where the block is that a pointer leads to, if that one was on its way. */
  #arrived(block: number): number {
    const words = this.#words;
    const moved = words[IN_PROGRESS] === MOVING && block !== 0 && block === words[MOVE_FROM];
    return moved ? words[MOVE_TO] : block;
  }

  #reachTable(table: Table): boolean {
    const words = this.#words;
    const { header } = table;
    const block = this.#arrived(words[header + DIRECTORY]);
    const buckets = words[header + BUCKETS];
    words[header + DIRECTORY] = block;
    if (block === 0) {
      words[header + DIRECTORY_PAGES] = 0;
      return buckets === 0;
    }
    const info = (table.number << 4) | KIND_DIRECTORY;
    if (!this.#isBlock(block) || words[block + 1] !== info || !this.#mark(block)) return false;
    const capacity = directoryCapacity(words[block]);
    const pages = (buckets + PAGE_BUCKETS - 1) >>> PAGE_SHIFT;
    if (buckets < 0 || pages > capacity) return false;
    words[header + DIRECTORY_PAGES] = capacity;
    for (let page = 0; page < pages; page += 1) {
      if (!this.#reachPage(block + 2 + page)) return false;
    }
    for (let index = 0; index < buckets; index += 1) {
      if (!this.#reachChain(table, index)) return false;
    }
    return true;
  }

  #reachPage(notedAt: number): boolean {
    const at = this.#words[notedAt];
    const number = (this.#segment.arena.endWord - at) / PAGE_WORDS - 1;
    if (!Number.isInteger(number) || number < 0 || at < this.#top) return false;
    if (this.pages.has(number)) return false;
    this.pages.set(number, notedAt);
    return true;
  }

  #reachChain(table: Table, index: number): boolean {
    const words = this.#words;
    let bucket = table.bucketAt(index);
    for (;;) {
      for (let slot = 0; slot < SLOTS; slot += 1) {
        this.#reachSlot(table, index, bucket + FIRST_SLOT + slot);
      }
      if (words[bucket + LINK] === 0) return true;
      const block = this.#arrived(words[bucket + LINK] - 2);
      const info = (index << 8) | (table.number << 4) | KIND_OVERFLOW;
      if (!this.#isBlock(block) || words[block + 1] !== info) return false;
      if (blockUnits(words[block]) < OVERFLOW_UNITS || !this.#mark(block)) return false;
      words[bucket + LINK] = block + 2;
      bucket = block + 2;
    }
  }

  #reachSlot(table: Table, index: number, at: number): void {
    const words = this.#words;
    if (words[at] === 0) return;
    const entry = this.#arrived(slotEntry(words[at]));
    if (!this.#isEntry(table, index, entry)) {
      words[at] = 0;
      return;
    }
    words[at] = entrySlot(entry, (words[entry] & HAS_EXPIRY) !== 0);
    this.#mark(entry);
    if ((words[entry] & LONG) !== 0) setPins(words, entry, this.#held.get(entry) ?? 0);
  }

  /** Whether an entry stands there that belongs to this chain, or did before the last split. */
  #isEntry(table: Table, index: number, entry: number): boolean {
    const words = this.#words;
    if (!this.#isBlock(entry) || !isSound(words, entry)) return false;
    if ((words[entry + 1] & 15) >= KIND_STAGED || entryTable(words, entry) !== table.number) {
      return false;
    }
    const hash = this.#segment.rehash;
    hash.ofWords(words, entryKeyAt(words, entry), entryKeyBytes(words, entry));
    const home = table.bucketOf(hash.index);
    return home === index || withoutHighestBit(home) === index;
  }

  /** A block that no table leads to any more, or not yet, while somebody sends or receives it. */
  #reachHeld(block: number, count: number): boolean {
    const words = this.#words;
    if (!this.#isBlock(block) || (words[block] & LONG) === 0) return false;
    if (!this.#mark(block) || (words[block + 1] & 15) === KIND_STAGED) return true;
    words[block + 1] = KIND_ORPHAN;
    setPins(words, block, count);
    return true;
  }
}
