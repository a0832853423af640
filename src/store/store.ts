/**
 * The store: the face that commands see (face.ts), over segments of shared memory (layout.ts). A
 * key's hash picks its segment; the segment's table of the database leads to the entry. Every call
 * that takes a key begins with `#enter`, which hashes the key and holds its segment.
 */
import { Ahead } from './ahead.ts';
import { AccessClock } from './clock.ts';
import { copyInto } from './copy.ts';
import { Cursor } from './cursor.ts';
import { Databases } from './databases.ts';
import { Directory } from './directory.ts';
import { entryExpired, entryValueAt, HAS_EXPIRY, writeAccess } from './entry.ts';
import {
  type EntryType,
  FORM_CHANGED,
  FORM_USUAL,
  type LargeValues,
  NO_EXPIRY,
  type RemovalListener,
  type Slice,
  type Store,
} from './face.ts';
import { KeyHash } from './hash.ts';
import { releaseNotes } from './held-blocks.ts';
import type { HeldLocks } from './held-locks.ts';
import {
  CHANGING,
  IN_PROGRESS,
  OWNER_EXPIRED_FLOAT,
  OWNER_HITS_FLOAT,
  OWNER_MISSES_FLOAT,
  SEED_HIGH,
  SEED_LOW,
} from './layout.ts';
import type { AttachOptions, OpenOptions, StoreSettings } from './options.ts';
import { verifySegments } from './recovery/verify-store.ts';
import { tellRemovals } from './removals.ts';
import { Segment } from './segment.ts';
import { SharedLocks } from './shared-locks.ts';
import { SoleSegment } from './sole-segment.ts';
import { Space } from './space.ts';
import { Statistics } from './statistics.ts';
import type { Table } from './table.ts';
import { Tickets } from './tickets.ts';
import { WatchTable } from './watches.ts';
import { EntryWriter } from './writer.ts';

/** Makes an empty store in zeroed memory and attaches to it. */
export function openStore(options: OpenOptions): SegmentedStore {
  const directory = new Directory(options.directory);
  const { seed, databases = 16, segments, limitBytes = 0, policy = 'noeviction' } = options;
  directory.format({ seed, databases, segments: segments.length });
  directory.configure({ limitBytes, policy });
  return new SegmentedStore(options, directory, true);
}

/** Attaches another thread or process to a store that `openStore` has made. */
export function attachStore(options: AttachOptions): SegmentedStore {
  const directory = new Directory(options.directory);
  directory.check(options.segments.length);
  return new SegmentedStore(options, directory, false);
}

export class SegmentedStore implements Store {
  readonly value: Slice;
  readonly statistics: Statistics;
  readonly large: LargeValues;
  readonly watches: WatchTable;
  readonly ahead: Ahead;
  readonly #cursor: Cursor;
  readonly #directory: Directory;
  readonly #segments: readonly Segment[];
  readonly #locks: HeldLocks;
  readonly #databases: Databases;
  readonly #space: Space;
  readonly #writer: EntryWriter;
  readonly #hash: KeyHash;
  readonly #clock: AccessClock;
  readonly #slot: number;
  /** This thread's counters in the directory, by OWNER_*_FLOAT. */
  readonly #counts: Float64Array;
  #segment: Segment;

  /** `openStore` and `attachStore` are the ways in. `fresh`: the segments are to be made empty. */
  constructor(options: AttachOptions, directory: Directory, fresh: boolean) {
    const { random, elapsedMs, ownerAlive: alive = () => true } = options;
    this.#directory = directory;
    this.#clock = new AccessClock(directory, random);
    this.#cursor = new Cursor(this.#clock);
    this.#hash = new KeyHash(directory.words[SEED_LOW], directory.words[SEED_HIGH]);
    this.#segments = options.segments.map(
      (region) => new Segment(region, directory, this.#hash, alive, options.processes),
    );
    this.#segment = this.#segments[0];
    if (fresh) for (const segment of this.#segments) segment.reset();
    const alone = options.threads === false && this.#segments.length === 1;
    this.#locks = alone
      ? new SoleSegment(this.#segment)
      : new SharedLocks(this.#segments, directory, this.#hash, options.threads ?? true);
    this.#slot = directory.claim(options.ownerId ?? 1, alive, (slot) => this.#locks.inherit(slot));
    for (const segment of this.#segments) segment.lock.slot = this.#slot;
    this.#counts = directory.floats.subarray(directory.ownerLine(this.#slot) / 2);
    this.#space = new Space(directory, this.#locks, this.#slot, random, elapsedMs);
    this.#writer = new EntryWriter(this.#space, this.#hash, this.#clock);
    this.#databases = new Databases(directory, this.#locks, this.#cursor, random, elapsedMs);
    this.ahead = new Ahead(this.#hash, this.#locks, this.#databases);
    this.statistics = new Statistics(directory, this.#locks);
    this.watches = new WatchTable(directory.words, this.#hash, this.#counts);
    this.large = new Tickets({
      locks: this.#locks,
      databases: this.#databases,
      writer: this.#writer,
      cursor: this.#cursor,
      hash: this.#hash,
      watches: this.watches,
      clock: this.#clock,
      slot: this.#slot,
    });
    this.value = this.#cursor.value;
  }

  /** Changes settings, for every thread that is attached. */
  configure(settings: StoreSettings): void {
    this.#directory.configure(settings);
  }

  /** Detaches this thread. The store lives on in its memory. */
  close(): void {
    for (const segment of this.#segments) {
      this.#locks.takeToWrite(segment);
      releaseNotes(segment, this.#slot);
    }
    this.#locks.close();
    this.#directory.release(this.#slot);
  }

  begin(nowMs: number, write: boolean, whole: boolean): void {
    this.#clock.set(nowMs);
    this.#locks.open(write, whole);
  }

  end(): void {
    this.#hash.forget();
    this.#locks.close();
  }

  get key(): Slice {
    return this.#cursor.key;
  }

  get replaced(): boolean {
    return this.#cursor.replaced;
  }

  get expireAtMs(): number {
    return this.#cursor.expireAtMs;
  }

  get type(): EntryType {
    return this.#cursor.type;
  }

  get form(): number {
    return this.#cursor.form;
  }

  setForm(form: number): void {
    this.#cursor.setForm(form);
  }

  get entryBytes(): number {
    return this.#cursor.entryBytes;
  }

  get idleSeconds(): number {
    return this.#cursor.idleSeconds;
  }

  get frequency(): number {
    return this.#cursor.frequency;
  }

  setIdleSeconds(seconds: number): void {
    this.#cursor.setIdleSeconds(seconds);
  }

  setFrequency(frequency: number): void {
    this.#cursor.setFrequency(frequency);
  }

  find(database: number, key: Uint8Array, start: number, end: number): boolean {
    const entry = this.#findLive(this.#enter(database, key, start, end));
    if (entry === 0) {
      this.#counts[OWNER_MISSES_FLOAT] += 1;
      return false;
    }
    this.#counts[OWNER_HITS_FLOAT] += 1;
    const words = this.#segment.words;
    const before = words[entry + 1] >>> 8;
    const access = this.#clock.afterUse(before);
    // Readers may write this at once with one another: each writes a whole word that is true.
    if (access !== before) writeAccess(words, entry, access);
    this.#cursor.point(this.#segment, entry);
    return true;
  }

  peek(database: number, key: Uint8Array, start: number, end: number): boolean {
    const entry = this.#findLive(this.#enter(database, key, start, end));
    if (entry === 0) return false;
    this.#cursor.point(this.#segment, entry);
    return true;
  }

  set(
    database: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): boolean {
    const table = this.#enterToWrite(database, key, keyStart, keyEnd);
    const segment = this.#segment;
    const words = segment.words;
    words[IN_PROGRESS] = CHANGING;
    let entry = this.#findLive(table);
    this.#cursor.replaced = entry !== 0;
    const info = this.#clock.infoFor(table, entry, FORM_USUAL);
    const length = valueEnd - valueStart;
    const asIs = entry !== 0 && segment.fitsAsIs(entry, length, expireAtMs);
    if (asIs || (entry !== 0 && segment.refit(entry, length, expireAtMs))) {
      words[entry + 1] = info;
      if (!asIs) table.replace(entry, expireAtMs !== NO_EXPIRY);
      const at = entryValueAt(words, entry);
      copyInto(words, segment.bytes, at, value, valueStart, valueEnd);
    } else {
      const writer = this.#writer;
      entry = writer.put(segment, table, entry, info, value, valueStart, valueEnd, expireAtMs);
    }
    return this.#finish(database, entry);
  }

  setRange(
    database: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    offset: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const table = this.#enterToWrite(database, key, keyStart, keyEnd);
    const segment = this.#segment;
    segment.words[IN_PROGRESS] = CHANGING;
    const found = this.#findLive(table);
    const info = this.#clock.infoFor(table, found, FORM_CHANGED);
    const writer = this.#writer;
    const entry = writer.setRange(segment, table, found, info, offset, bytes, start, end);
    return this.#finish(database, entry);
  }

  remove(database: number, key: Uint8Array, start: number, end: number): boolean {
    const table = this.#enterToWrite(database, key, start, end);
    const entry = this.#findLive(table);
    if (entry === 0) return false;
    this.#drop(table, entry);
    this.watches.written(database);
    return true;
  }

  setExpiry(
    database: number,
    key: Uint8Array,
    start: number,
    end: number,
    expireAtMs: number,
  ): boolean {
    const table = this.#enterToWrite(database, key, start, end);
    const segment = this.#segment;
    let entry = this.#findLive(table);
    if (entry === 0) return false;
    segment.words[IN_PROGRESS] = CHANGING;
    if (segment.refitExpiry(entry, expireAtMs)) {
      table.replace(entry, expireAtMs !== NO_EXPIRY);
    } else {
      entry = this.#writer.rebuild(segment, table, entry, expireAtMs);
    }
    return this.#finish(database, entry);
  }

  count(database: number): number {
    return this.#databases.keys(database);
  }

  countWithExpiry(database: number): number {
    return this.#databases.keysWithExpiry(database);
  }

  flush(database: number): void {
    this.#databases.flush(database);
  }

  swap(first: number, second: number): void {
    this.#databases.swap(first, second);
    this.watches.exchanged(first, second);
  }

  scan(database: number, cursor: number, count: number, visit: () => void): number {
    return this.#databases.scan(database, cursor, count, this.#clock.nowMs, visit);
  }

  randomKey(database: number): boolean {
    return this.#databases.randomKey(database, this.#clock.nowMs);
  }

  get mayExpire(): boolean {
    return this.#databases.mayExpire;
  }

  /** Looks whether anything in the store can expire, whichever thread made it. */
  seeWhatMayExpire(): boolean {
    return this.#databases.seeWhatMayExpire();
  }

  expireCycle(nowMs: number, budgetMs: number): number {
    const removed = this.#databases.expireCycle(nowMs, budgetMs);
    this.#counts[OWNER_EXPIRED_FLOAT] += removed;
    return removed;
  }

  makeRoom(): boolean {
    return this.#space.shrinkToLimit(this.#clock.nowMs);
  }

  tellRemovals(listener: RemovalListener): void {
    tellRemovals(this.#segments, this.#directory, listener);
  }

  verify(): string[] {
    return verifySegments(this.#locks);
  }

  /** Hashes the key and holds its segment; returns the table of the database there. */
  #enter(database: number, key: Uint8Array, start: number, end: number): Table {
    this.#hash.ofBytes(key, start, end);
    const segment = this.#locks.takeFor(this.#hash.mark);
    this.#segment = segment;
    return this.#databases.table(segment, database);
  }

  /** The same for a call that changes something. */
  #enterToWrite(database: number, key: Uint8Array, start: number, end: number): Table {
    // Under a shared lock it would break the segment for everybody, and only sometimes.
    if (!this.#locks.write) throw new Error('the batch was begun without write');
    return this.#enter(database, key, start, end);
  }

  /** The key's entry, if it has not expired; an expired one is removed where that is allowed. */
  #findLive(table: Table): number {
    const entry = table.find();
    // Most entries never expire, and need no time: it is beyond what V8 keeps in a word, and costs
    // an object wherever it is handed to a function that is not inlined.
    if (entry === 0 || (table.words[entry] & HAS_EXPIRY) === 0) return entry;
    return this.#unlessExpired(table, entry);
  }

  #unlessExpired(table: Table, entry: number): number {
    if (!entryExpired(table.words, entry, this.#clock.nowMs)) return entry;
    if (this.#locks.write) {
      this.#segment.beforeRemoval?.(table, entry);
      this.#drop(table, entry);
      this.#counts[OWNER_EXPIRED_FLOAT] += 1;
    }
    return 0;
  }

  #drop(table: Table, entry: number): void {
    const segment = this.#segment;
    const before = segment.words[IN_PROGRESS];
    segment.words[IN_PROGRESS] = CHANGING;
    segment.drop(table, entry);
    if (segment.isUnsettled(table)) segment.settle(table, this.#space.headroomBytes);
    segment.words[IN_PROGRESS] = before;
  }

  /** Ends a change: the cursor is on the entry, if there is one. */
  #finish(database: number, entry: number): boolean {
    this.#segment.words[IN_PROGRESS] = 0;
    if (entry === 0) return false;
    this.watches.written(database);
    this.#cursor.point(this.#segment, entry);
    return true;
  }
}
