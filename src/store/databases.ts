/**
 * What concerns whole databases. A database is the table of the same number in every segment; which
 * number that is, the directory says, so that SWAPDB exchanges two words.
 */
import type { Cursor } from './cursor.ts';
import type { Directory } from './directory.ts';
import { entryExpired } from './entry.ts';
import { expireStride, nothingExpires, STRIDE_BUCKETS } from './expiry.ts';
import type { HeldLocks } from './held-locks.ts';
import { DATABASE_MAP } from './layout.ts';
import type { Segment } from './segment.ts';
import { KEYS, KEYS_WITH_EXPIRY, type Table } from './table.ts';
import { bucketAtPosition, positionAfter, randomEntry, visitChain } from './walk.ts';

/** A scan cursor is `segment * POSITIONS + position`. */
const POSITIONS = 2 ** 32;
/** Empty buckets a scan may pass for each entry it was asked for, as in Redis. */
const SCAN_EMPTY_FACTOR = 10;

/** Blocks too large to move can keep a heap untidy for ever: this is when to give it up. */
const MOST_TIDY_STRIDES = 64;

export class Databases {
  readonly #directory: Directory;
  readonly #locks: HeldLocks;
  readonly #cursor: Cursor;
  readonly #random: () => number;
  readonly #elapsedMs: () => number;
  /** Where the next expiry cycle begins: the time may be over before all segments had a turn. */
  #turn = 0;

  constructor(
    directory: Directory,
    locks: HeldLocks,
    cursor: Cursor,
    random: () => number,
    elapsedMs: () => number,
  ) {
    this.#directory = directory;
    this.#locks = locks;
    this.#cursor = cursor;
    this.#random = random;
    this.#elapsedMs = elapsedMs;
  }

  /** The table of a database in a segment that is held. */
  table(segment: Segment, database: number): Table {
    return segment.tables[this.#directory.words[DATABASE_MAP + database]];
  }

  /** Entries of a database, summed over its tables without waiting for anybody. */
  keys(database: number): number {
    return this.#sum(database, KEYS);
  }

  keysWithExpiry(database: number): number {
    return this.#sum(database, KEYS_WITH_EXPIRY);
  }

  /** Some of the entries that this thread has made, or found when it began, may expire. */
  get mayExpire(): boolean {
    for (const { mayExpire } of this.#locks.segments) if (mayExpire) return true;
    return false;
  }

  /** The same of all that any thread has made. */
  seeWhatMayExpire(): boolean {
    for (const segment of this.#locks.segments) {
      segment.mayExpire = !segment.tables.every(nothingExpires);
    }
    return this.mayExpire;
  }

  #sum(database: number, field: number): number {
    let total = 0;
    for (const segment of this.#locks.segments) {
      const table = this.table(segment, database);
      total += table.words[table.header + field];
    }
    return total;
  }

  /** Removes every entry of a database, or of all (-1). */
  flush(database: number): void {
    for (const segment of this.#locks.segments) {
      this.#locks.takeToWrite(segment);
      if (database < 0) segment.clearAll();
      else segment.clear(this.table(segment, database));
    }
    this.#locks.leave();
  }

  /** Exchanges two databases, while nobody is in any segment. */
  swap(first: number, second: number): void {
    this.#locks.wholly(() => this.#directory.exchange(first, second));
  }

  scan(database: number, cursor: number, count: number, nowMs: number, visit: () => void): number {
    const segments = this.#locks.segments;
    let index = Math.floor(cursor / POSITIONS);
    let position = cursor % POSITIONS;
    let buckets = count * SCAN_EMPTY_FACTOR;
    let left = count;
    while (index < segments.length) {
      const segment = segments[index];
      this.#locks.take(segment);
      const table = this.table(segment, database);
      if (table.keys > 0) {
        left -= this.#scanBucket(segment, table, position, nowMs, visit);
        position = positionAfter(table, position);
      } else {
        position = 0;
      }
      if (position === 0) index += 1;
      buckets -= 1;
      if (left <= 0 || buckets <= 0) break;
    }
    return index < segments.length ? index * POSITIONS + position : 0;
  }

  #scanBucket(
    segment: Segment,
    table: Table,
    position: number,
    nowMs: number,
    visit: () => void,
  ): number {
    return visitChain(table, bucketAtPosition(table, position), (entry) => {
      if (entryExpired(segment.words, entry, nowMs)) return;
      this.#cursor.point(segment, entry);
      visit();
    });
  }

  randomKey(database: number, nowMs: number): boolean {
    const segments = this.#locks.segments;
    const keys = this.keys(database);
    if (keys === 0) return false;
    let index = this.#segmentOfKey(database, Math.floor(this.#random() * keys));
    for (let i = 0; i < segments.length; i += 1) {
      const segment = segments[index];
      this.#locks.take(segment);
      const entry = randomEntry(this.table(segment, database), nowMs, this.#random);
      if (entry !== 0) {
        this.#cursor.point(segment, entry);
        return true;
      }
      index = (index + 1) % segments.length;
    }
    return false;
  }

  /** The segment that holds the nth key of a database, counted segment after segment. */
  #segmentOfKey(database: number, nth: number): number {
    const segments = this.#locks.segments;
    let left = nth;
    for (let index = 0; index < segments.length; index += 1) {
      left -= this.table(segments[index], database).keys;
      if (left < 0) return index;
    }
    return 0;
  }

  /**
   * Removes expired entries, then closes holes, until each segment had its turn or the time is
   * over.
   */
  expireCycle(nowMs: number, budgetMs: number): number {
    const segments = this.#locks.segments;
    const deadlineMs = this.#elapsedMs() + budgetMs;
    let removed = 0;
    for (let i = 0; i < segments.length; i += 1) {
      const segment = segments[this.#turn % segments.length];
      this.#turn += 1;
      removed += this.#expireSegment(segment, nowMs, deadlineMs);
      this.#tidySegment(segment, deadlineMs);
      if (this.#elapsedMs() >= deadlineMs) break;
    }
    return removed;
  }

  #expireSegment(segment: Segment, nowMs: number, deadlineMs: number): number {
    let removed = 0;
    for (const table of segment.tables) {
      if (nothingExpires(table)) continue;
      // Counted beforehand: the table shrinks meanwhile, and once round is enough.
      const strides = Math.ceil(table.buckets / STRIDE_BUCKETS);
      for (let i = 0; i < strides; i += 1) {
        this.#locks.takeToWrite(segment);
        removed += expireStride(segment, table, nowMs);
        this.#locks.leave();
        if (this.#elapsedMs() >= deadlineMs) return removed;
      }
    }
    segment.mayExpire = !segment.tables.every(nothingExpires);
    return removed;
  }

  /** Closes holes in what is left of the time, so that an idle store gives its memory back. */
  #tidySegment(segment: Segment, deadlineMs: number): void {
    let strides = MOST_TIDY_STRIDES;
    while (segment.isUntidy && strides > 0 && this.#elapsedMs() < deadlineMs) {
      this.#locks.takeToWrite(segment);
      segment.tidyStride();
      this.#locks.leave();
      strides -= 1;
    }
  }
}
