/**
 * One segment: its heap, its tables, its lock, and what is done to an entry in it. Nothing here
 * knows of limits, policies or other segments.
 */
import { Arena, blockUnits, LONG, UNIT_BYTES } from './arena.ts';
import { compact, wantsCompaction } from './compact.ts';
import type { Directory } from './directory.ts';
import {
  entryKeyBytes,
  entryUnits,
  entryValueBytes,
  fitValue,
  HAS_EXPIRY,
  isLong,
  isPinned,
  KIND_ORPHAN,
  writeEntry,
  writeExpiry,
} from './entry.ts';
import { NO_EXPIRY } from './face.ts';
import { clearTable, grow, growthBytes, shrink, wantsGrowth, wantsShrinking } from './growth.ts';
import { KeyHash } from './hash.ts';
import {
  CHANGING,
  FREE_UNITS,
  HELD,
  IN_PROGRESS,
  LIVE_UNITS,
  MAGIC,
  MAX_DATABASES,
  MAX_SEGMENT_BYTES,
  MIN_SEGMENT_BYTES,
  PAGE_BYTES,
  PAGES,
  SEED_HIGH,
  SEED_LOW,
  SEGMENT_HEADER_BYTES,
  SEGMENT_MAGIC,
  TABLE_WORDS,
  TABLES,
  TOP,
  TOUCHED_PAGES,
  TOUCHED_TOP,
} from './layout.ts';
import { SegmentLock } from './lock.ts';
import { dropNote, noteBlock, notePart } from './recovery/undo-log.ts';
import type { SharedRegion } from './region.ts';
import { OVERFLOW_UNITS, Table } from './table.ts';

/** Pages are given back in pieces of this size, so that a top that swings costs no system calls. */
const DISCARD_BYTES = 4 * 2 ** 20;
/** A new entry may also need an overflow bucket, and blocks one unit longer than asked for. */
export const INSERT_MARGIN_BYTES = (OVERFLOW_UNITS + 2) * UNIT_BYTES;

/** What a long entry may keep for growing: as much as Redis gives a string in advance. */
export const MAX_SPARE_UNITS = 2 ** 20 / UNIT_BYTES;
/**
 * How much is moved for each unit that changed: with an eighth free, seven units have to move to
 * win one, so this keeps up with writers that do nothing but make holes.
 */
const TIDY_FACTOR = 10;
const MIN_TIDY_UNITS = 64;
/** 1 MiB: 0.2 ms of copying, and the most that one batch pays. */
const MAX_TIDY_UNITS = 2 ** 20 / UNIT_BYTES;

export class Segment {
  readonly region: SharedRegion;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly arena: Arena;
  readonly tables: readonly Table[];
  readonly lock: SegmentLock;
  /** Hashes keys that lie in the segment, without disturbing the hash of the request's key. */
  readonly rehash: KeyHash;
  /** Whether a thread can die without all others: then what it changes in place is noted before. */
  readonly killable: boolean;
  readonly #hash: KeyHash;
  /** Units that this thread has freed or filled since it last left the segment. */
  changedUnits = 0;
  /** False: nothing that this thread knows of can expire. Set with the entry, cleared by a look. */
  mayExpire = true;
  /** Told of an entry that is about to go, expired or evicted (removals.ts). */
  beforeRemoval: ((table: Table, entry: number) => void) | undefined = undefined;

  constructor(
    region: SharedRegion,
    directory: Directory,
    hash: KeyHash,
    alive: (ownerId: number) => boolean,
    killable = false,
  ) {
    const length = region.bytes.length;
    if (length < MIN_SEGMENT_BYTES || length > MAX_SEGMENT_BYTES) {
      throw new RangeError(`a segment has ${MIN_SEGMENT_BYTES} to ${MAX_SEGMENT_BYTES} bytes`);
    }
    this.region = region;
    this.words = region.words;
    this.bytes = region.bytes;
    this.#hash = hash;
    this.killable = killable;
    this.arena = new Arena(region.words);
    this.lock = new SegmentLock(region, directory, alive);
    this.rehash = new KeyHash(directory.words[SEED_LOW], directory.words[SEED_HIGH]);
    this.tables = Array.from(
      { length: MAX_DATABASES },
      (_, number) => new Table(this.arena, number, hash),
    );
  }

  /** Bytes in use: the header, live blocks, table pages. */
  get usedBytes(): number {
    const words = this.words;
    return SEGMENT_HEADER_BYTES + words[LIVE_UNITS] * UNIT_BYTES + words[PAGES] * PAGE_BYTES;
  }

  /**
   * Bytes between the ends of heap and pages, holes included: what the memory must be there for.
   */
  get footprintBytes(): number {
    return this.usedBytes + this.words[FREE_UNITS] * UNIT_BYTES;
  }

  get keys(): number {
    let total = 0;
    for (const table of this.tables) total += table.keys;
    return total;
  }

  /** Writes an empty segment; what it held is forgotten, and its pages are given back. */
  reset(): void {
    const words = this.words;
    words[IN_PROGRESS] = CHANGING;
    this.#hash.dropGuesses();
    // First what leads to entries, then what they lie in.
    words.fill(0, TABLES, TABLES + MAX_DATABASES * TABLE_WORDS);
    this.arena.reset();
    words[PAGES] = 0;
    words[HELD] = 0;
    this.giveBack(0);
    words[SEGMENT_MAGIC] = MAGIC;
    words[IN_PROGRESS] = 0;
  }

  /**
   * A block with the key that was hashed last and room for its value, which is the caller's to
   * write; no table knows it yet. `info` is its word 1, `units` what entryUnits says or more. 0: no
   * memory.
   */
  build(info: number, units: number, valueBytes: number, expireAtMs: number): number {
    if (expireAtMs !== NO_EXPIRY) this.mayExpire = true;
    const entry = this.arena.allocate(units);
    if (entry === 0) return 0;
    this.changedUnits += units;
    writeEntry(this.words, entry, info, this.#hash, valueBytes, expireAtMs);
    return entry;
  }

  /** Puts a built entry into a table that lacks its key. False: no memory; the block is freed. */
  link(table: Table, entry: number): boolean {
    const expires = (this.words[entry] & HAS_EXPIRY) !== 0;
    const ready = table.buckets > 0 || grow(table, this.rehash);
    if (ready && table.insert(entry, expires)) return true;
    this.arena.free(entry);
    return false;
  }

  /** Puts a built entry in the place of the one that `table.find` has just found. */
  relink(table: Table, entry: number, found: number): void {
    table.replace(entry, (this.words[entry] & HAS_EXPIRY) !== 0);
    this.#freeEntry(found);
  }

  /** Frees an entry that no table knows any more, or leaves that to the last who has it pinned. */
  #freeEntry(entry: number): void {
    if (isPinned(this.words, entry)) this.words[entry + 1] = KIND_ORPHAN;
    else this.arena.free(entry);
  }

  /** Removes an entry that lies in `slot` of `bucket`, in the chain that begins with `first`. */
  dropAt(table: Table, first: number, bucket: number, slot: number, entry: number): void {
    this.changedUnits += blockUnits(this.words[entry]);
    table.removeAt(first, bucket, slot);
    this.#freeEntry(entry);
  }

  /** Removes the entry that `table.find` has just found. */
  drop(table: Table, entry: number): void {
    this.dropAt(table, table.first, table.bucket, table.slot, entry);
  }

  /**
   * Whether a short entry without an expiry has a value of just this length, and is to stay without
   * one: the new value can be written over the old, and nothing else has to change or be noted.
   */
  fitsAsIs(entry: number, valueBytes: number, expireAtMs: number): boolean {
    const words = this.words;
    const plain = (words[entry] & (LONG | HAS_EXPIRY)) === 0 && expireAtMs === NO_EXPIRY;
    return plain && !this.killable && entryValueBytes(words, entry) === valueBytes;
  }

  /**
   * Makes an entry hold a value of another length and another expiry where it stands; false where
   * that would not fit, or would waste more than a little of its block. The value's bytes are the
   * caller's to write.
   */
  refit(entry: number, valueBytes: number, expireAtMs: number): boolean {
    if (this.killable && !noteBlock(this.words, entry)) return false;
    const done = this.#refit(entry, valueBytes, expireAtMs);
    if (this.killable && !done) dropNote(this.words);
    return done;
  }

  /** The same with the value as it is. */
  refitExpiry(entry: number, expireAtMs: number): boolean {
    const words = this.words;
    if (this.killable && !notePart(words, entry, 0, 0)) return false;
    const done = this.#refit(entry, entryValueBytes(words, entry), expireAtMs);
    if (this.killable && !done) dropNote(words);
    return done;
  }

  #refit(entry: number, valueBytes: number, expireAtMs: number): boolean {
    const words = this.words;
    const expires = expireAtMs !== NO_EXPIRY;
    const long = (words[entry] & LONG) !== 0;
    const keyBytes = entryKeyBytes(words, entry);
    if (long !== isLong(keyBytes, valueBytes) || isPinned(words, entry)) return false;
    if (!long && expires !== ((words[entry] & HAS_EXPIRY) !== 0)) return false;
    const spare = blockUnits(words[entry]) - entryUnits(keyBytes, valueBytes, expires);
    if (spare > (long ? MAX_SPARE_UNITS : 1)) return false;
    if (!fitValue(words, entry, valueBytes)) return false;
    this.expireAt(entry, expireAtMs);
    return true;
  }

  /** Writes an entry's expiry, or that it has none, where there is room for one. */
  expireAt(entry: number, expireAtMs: number): void {
    if (expireAtMs !== NO_EXPIRY) this.mayExpire = true;
    writeExpiry(this.words, entry, expireAtMs);
  }

  /** Whether the table has too few buckets for its entries, or too many. */
  isUnsettled(table: Table): boolean {
    return wantsGrowth(table) || wantsShrinking(table);
  }

  /** Adds a bucket where the table wants one and `headroomBytes` allow it, or takes one away. */
  settle(table: Table, headroomBytes: number): void {
    if (wantsGrowth(table)) {
      if (growthBytes(table) <= headroomBytes) grow(table, this.rehash);
    } else if (wantsShrinking(table)) {
      shrink(table, headroomBytes);
    }
  }

  /** Empties one table; at once where nothing else lives in the segment. */
  clear(table: Table): void {
    const words = this.words;
    if (table.keys === this.keys && words[HELD] === 0) {
      this.reset();
      return;
    }
    words[IN_PROGRESS] = CHANGING;
    clearTable(table, (entry) => this.#freeEntry(entry));
    words[IN_PROGRESS] = 0;
  }

  /** Empties every table. */
  clearAll(): void {
    if (this.words[HELD] === 0) this.reset();
    else for (const table of this.tables) this.clear(table);
  }

  /** Moves blocks into holes, in proportion to what has changed since the last time. */
  tidy(): void {
    const budgetUnits = MIN_TIDY_UNITS + this.changedUnits * TIDY_FACTOR;
    this.changedUnits = 0;
    compact(this, Math.min(budgetUnits, MAX_TIDY_UNITS));
    this.giveBack(DISCARD_BYTES);
  }

  /** Whether more of the heap lies in holes than it should. */
  get isUntidy(): boolean {
    return wantsCompaction(this.words);
  }

  /** A step of tidying for when there is time: as much as others may have to wait for. */
  tidyStride(): void {
    compact(this, MAX_TIDY_UNITS);
    this.giveBack(DISCARD_BYTES);
  }

  /** Gives pages that are no longer used back to the system, if they are at least so many bytes. */
  giveBack(leastBytes: number): void {
    const words = this.words;
    if ((words[TOUCHED_TOP] - words[TOP]) * 4 > leastBytes) {
      this.#discard(words[TOP] * 4, words[TOUCHED_TOP] * 4);
      words[TOUCHED_TOP] = words[TOP];
    }
    const end = this.arena.endWord * 4;
    if ((words[TOUCHED_PAGES] - words[PAGES]) * PAGE_BYTES > leastBytes) {
      this.#discard(end - words[TOUCHED_PAGES] * PAGE_BYTES, end - words[PAGES] * PAGE_BYTES);
      words[TOUCHED_PAGES] = words[PAGES];
    }
  }

  /** The first page may still be used in part; behind the last one, nothing was touched. */
  #discard(start: number, end: number): void {
    const first = Math.ceil(start / PAGE_BYTES) * PAGE_BYTES;
    const last = Math.ceil(end / PAGE_BYTES) * PAGE_BYTES;
    if (first < last) this.region.discard?.(first, last - first);
  }
}
