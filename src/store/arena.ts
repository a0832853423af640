/**
 * The heap of a segment: blocks of 8-byte units, side by side from HEAP to `top`, in use or free.
 * Good fit over 256 bins; neighbours that become free are joined at once; the block below the top
 * is never free (the top comes down instead). `compact.ts` moves blocks, so holes stay bounded.
 *
 *   in use   ┌ word 0 ──────────────────────────────┬ word 1 … ─────────────────┐
 *            │ size and flags, shared with entry.ts │ the owner's                │
 *            └──────────────────────────────────────┴────────────────────────────┘
 *   free     ┌ word 0 ──────┬ word 1 ─┬ word 2 ─────┬ …… ┬ last word ────────────┐
 *            │ units<<3 | 0 │ next    │ previous    │    │ units (for the block  │
 *            └──────────────┴─────────┴─────────────┴────┴─ that follows) ───────┘
 *
 * Word 0 of a block in use, short or long (29 bits of units are 4 GiB; 28 are enough in use):
 *   bit    31      26 25        18 17      4     3       2        1          0
 *   short │ slack    │ key length │ units   │ expiry │ LONG 0 │ previous │ USED 1 │
 *   long  │ units (28 bits)                 │ expiry │ LONG 1 │ is free  │        │
 * The arena itself writes the long form; entry.ts rewrites it.
 */
import {
  BIN_COUNT,
  BIN_MAP,
  BINS,
  FREE_UNITS,
  HEAP,
  LIVE_UNITS,
  PAGE_WORDS,
  PAGES,
  SWEEP,
  TOP,
  TOUCHED_TOP,
} from './layout.ts';

export const USED = 1;
export const PREVIOUS_FREE = 2;
export const LONG = 4;
export const SHORT_UNITS_MASK = 0x3fff;
/** A free block needs four words: size, two links, size. */
export const MIN_UNITS = 2;
export const UNIT_BYTES = 8;
/** Below this a bin holds one size; above, eight bins to each doubling. */
const EXACT_UNITS = 64;
/** Blocks of a request's own bin that are tried before a larger bin is opened. */
const TRIES = 4;

/** Units of the block whose first word this is. */
export function blockUnits(word: number): number {
  if ((word & USED) === 0) return word >>> 3;
  return (word & LONG) !== 0 ? word >>> 4 : (word >>> 4) & SHORT_UNITS_MASK;
}

/** The bin that a free block of this size is kept in. */
export function binOf(units: number): number {
  if (units < EXACT_UNITS) return units;
  const power = 31 - Math.clz32(units);
  return EXACT_UNITS + (power - 6) * 8 + ((units >>> (power - 3)) & 7);
}

export class Arena {
  readonly words: Int32Array;
  /** First word past the table pages. */
  readonly endWord: number;

  constructor(words: Int32Array) {
    this.words = words;
    this.endWord = words.length - (words.length % PAGE_WORDS);
  }

  /** Forgets every block. */
  reset(): void {
    this.#emptyBins();
    this.words[TOP] = HEAP;
  }

  #emptyBins(): void {
    const words = this.words;
    words.fill(0, BIN_MAP, BINS + BIN_COUNT);
    words[SWEEP] = HEAP;
    words[FREE_UNITS] = 0;
    words[LIVE_UNITS] = 0;
  }

  /** Units that can still be had above the top. */
  roomAboveUnits(): number {
    const words = this.words;
    return (this.endWord - words[PAGES] * PAGE_WORDS - words[TOP]) >>> 1;
  }

  /**
   * A block of at least so many units (one more where the rest would be too small to stand alone),
   * with word 0 in long form. 0: there is none.
   */
  allocate(units: number): number {
    const wanted = Math.max(units, MIN_UNITS);
    const found = this.#findFree(wanted);
    if (found === 0) return this.#raiseTop(wanted);
    this.#unlink(found);
    const words = this.words;
    const have = words[found] >>> 3;
    words[FREE_UNITS] -= have;
    let taken = have;
    if (have - wanted >= MIN_UNITS) {
      taken = wanted;
      this.#putFree(found + wanted * 2, have - wanted);
    } else {
      words[found + have * 2] &= ~PREVIOUS_FREE;
    }
    // What stands before a free block is in use: two free ones would have been joined.
    words[found] = (taken << 4) | LONG | USED;
    words[LIVE_UNITS] += taken;
    return found;
  }

  /** Whether `allocate` would find so many units. */
  canAllocate(units: number): boolean {
    return units <= this.roomAboveUnits() || this.#findFree(units) !== 0;
  }

  free(at: number): void {
    const words = this.words;
    const units = blockUnits(words[at]);
    words[LIVE_UNITS] -= units;
    this.release(at, units);
  }

  /**
   * Turns `units` units at `at` into free space, joined with what is free around it. For blocks
   * that are not counted as live any more.
   */
  release(at: number, units: number): void {
    const words = this.words;
    let start = at;
    let total = units;
    if ((words[at] & PREVIOUS_FREE) !== 0) {
      const before = words[at - 1];
      start = at - before * 2;
      total += before;
      this.#unlink(start);
      words[FREE_UNITS] -= before;
    }
    const next = at + units * 2;
    if (next === words[TOP]) {
      words[TOP] = start;
      if (words[SWEEP] > start) words[SWEEP] = start;
      return;
    }
    if ((words[next] & USED) === 0) {
      const after = words[next] >>> 3;
      total += after;
      this.#unlink(next);
      words[FREE_UNITS] -= after;
    }
    if (words[SWEEP] > start && words[SWEEP] < start + total * 2) words[SWEEP] = start;
    this.#putFree(start, total);
    words[start + total * 2] |= PREVIOUS_FREE;
  }

  /**
   * Takes a whole hole out of its bin, for the block behind it to slide into; returns its units.
   */
  takeHole(at: number): number {
    const words = this.words;
    const units = words[at] >>> 3;
    this.#unlink(at);
    words[FREE_UNITS] -= units;
    return units;
  }

  /** Grows a long-form block to `units` where it stands; false where what follows is in use. */
  extend(at: number, units: number): boolean {
    const words = this.words;
    const have = blockUnits(words[at]);
    const more = units - have;
    const next = at + have * 2;
    if (next === words[TOP]) {
      if (more > this.roomAboveUnits()) return false;
      this.#setTop(next + more * 2);
      this.#grow(at, have, more);
      return true;
    }
    const after = words[next];
    if ((after & USED) !== 0 || after >>> 3 < more) return false;
    this.#unlink(next);
    const free = after >>> 3;
    words[FREE_UNITS] -= free;
    const taken = free - more >= MIN_UNITS ? more : free;
    if (words[SWEEP] === next) words[SWEEP] = at;
    if (taken < free) this.#putFree(next + taken * 2, free - taken);
    else words[next + free * 2] &= ~PREVIOUS_FREE;
    this.#grow(at, have, taken);
    return true;
  }

  /**
   * Lays out the heap anew: the blocks that `nextUsed` names (the first at or after a word; 0: no
   * more) are in use, all else is free. They are left as they are, so it may be begun again. False
   * where two of them overlap.
   */
  layOut(nextUsed: (from: number) => number): boolean {
    const words = this.words;
    this.#emptyBins();
    let end = HEAP;
    let at = nextUsed(HEAP);
    while (at !== 0) {
      const gapUnits = (at - end) >> 1;
      if (gapUnits < 0 || gapUnits === 1) return false;
      if (gapUnits > 0) this.#putFree(end, gapUnits);
      words[at] = gapUnits > 0 ? words[at] | PREVIOUS_FREE : words[at] & ~PREVIOUS_FREE;
      const units = blockUnits(words[at]);
      words[LIVE_UNITS] += units;
      end = at + units * 2;
      at = nextUsed(at + 2);
    }
    words[TOP] = end;
    return true;
  }

  #grow(at: number, have: number, more: number): void {
    const words = this.words;
    words[at] = ((have + more) << 4) | (words[at] & 15);
    words[LIVE_UNITS] += more;
  }

  #raiseTop(units: number): number {
    if (units > this.roomAboveUnits()) return 0;
    const words = this.words;
    const at = words[TOP];
    this.#setTop(at + units * 2);
    words[at] = (units << 4) | LONG | USED;
    words[LIVE_UNITS] += units;
    return at;
  }

  #setTop(top: number): void {
    this.words[TOP] = top;
    if (top > this.words[TOUCHED_TOP]) this.words[TOUCHED_TOP] = top;
  }

  /** A free block of at least so many units, still in its bin; 0: none below the top. */
  #findFree(units: number): number {
    const words = this.words;
    let bin = binOf(units);
    let block = words[BINS + bin];
    for (let i = 0; i < TRIES && block !== 0; i += 1) {
      if (words[block] >>> 3 >= units) return block;
      block = words[block + 1];
    }
    bin += 1;
    let row = bin >>> 5;
    if (row >= BIN_COUNT / 32) return 0;
    let map = words[BIN_MAP + row] & (-1 << (bin & 31));
    while (map === 0) {
      row += 1;
      if (row === BIN_COUNT / 32) return 0;
      map = words[BIN_MAP + row];
    }
    return words[BINS + row * 32 + 31 - Math.clz32(map & -map)];
  }

  #putFree(at: number, units: number): void {
    const words = this.words;
    const bin = binOf(units);
    const head = words[BINS + bin];
    words[at] = units << 3;
    words[at + 1] = head;
    words[at + 2] = 0;
    words[at + units * 2 - 1] = units;
    if (head !== 0) words[head + 2] = at;
    else words[BIN_MAP + (bin >>> 5)] |= 1 << (bin & 31);
    words[BINS + bin] = at;
    words[FREE_UNITS] += units;
  }

  #unlink(at: number): void {
    const words = this.words;
    const next = words[at + 1];
    const previous = words[at + 2];
    if (next !== 0) words[next + 2] = previous;
    if (previous !== 0) {
      words[previous + 1] = next;
      return;
    }
    const bin = binOf(words[at] >>> 3);
    words[BINS + bin] = next;
    if (next === 0) words[BIN_MAP + (bin >>> 5)] &= ~(1 << (bin & 31));
  }
}
