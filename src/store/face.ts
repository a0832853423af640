/**
 * The store as commands see it: byte keys, byte values, time as an argument. Nothing here makes a
 * string or an object per call; results that are more than a number are left in the cursor.
 *
 * Bracket: `begin` … `end` around a batch. Between them each call locks what it touches (the
 * segment of its key) and keeps it until another segment is needed or `end`; `begin(…, true)` locks
 * the whole store, for commands that must see several keys at one moment. With one thread the locks
 * are elided.
 */

/** `bytes[start, end)`. One object, filled again by the next call: never keep it. */
export interface Slice {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/**
 * What an entry holds. More types will follow; the numbers are stored, so they are never reused.
 */
export const TYPE_STRING = 0;
export type EntryType = typeof TYPE_STRING;

/** How a string came about. Its bytes are kept alike: only OBJECT ENCODING tells the difference. */
export const FORM_USUAL = 0;
/** Changed in place (`setRange`), or put together from others. */
export const FORM_CHANGED = 1;
/** Written as text, even where it spells an integer. */
export const FORM_TEXT = 2;

/** Hints about keys that will be asked for soon. Nothing depends on them but time. */
export interface KeysAhead {
  /**
   * The key will be asked for within the batch that has been begun: in the order in which such keys
   * were told of, and from bytes that have not changed.
   */
  expect(database: number, key: Uint8Array, start: number, end: number): void;
  /** The same of a batch that has not begun; of no effect where others have the store, too. */
  foresee(database: number, key: Uint8Array, start: number, end: number): void;
  /** Locks what the expected ones need, and has the memory of all of them fetched at once. */
  fetch(): void;
}

/** No expiry. */
export const NO_EXPIRY = -1;

/** `key[start, end)` is about to go. */
export type RemovalListener = (
  database: number,
  key: Uint8Array,
  start: number,
  end: number,
) => void;

export interface Store {
  /**
   * Opens a batch at `nowMs` (milliseconds since 1970; entries that expire at or before it are
   * gone). `write` false takes shared locks: several readers at once. `whole` locks every segment.
   */
  begin(nowMs: number, write: boolean, whole: boolean): void;
  /** Closes the batch: releases what is locked. */
  end(): void;

  // --- the cursor: where the last successful call below points, until the next call or `end`.
  /** The value's bytes, inside the store: to be read only. */
  readonly value: Slice;
  /** The key's bytes, inside the store (after `randomKey`, and within `scan`). */
  readonly key: Slice;
  /** Whether the value that `set` or `commit` wrote last took the place of another one. */
  readonly replaced: boolean;
  /** When the entry expires, in milliseconds since 1970, or NO_EXPIRY. */
  readonly expireAtMs: number;
  readonly type: EntryType;
  /** One of FORM_*. `set` makes it the usual one. */
  readonly form: number;
  /** In a batch that writes. */
  setForm(form: number): void;
  /** Bytes of the region that the entry takes, overhead included (MEMORY USAGE). */
  readonly entryBytes: number;
  /** Seconds since the entry was last used (OBJECT IDLETIME) and its logarithmic counter (FREQ). */
  readonly idleSeconds: number;
  readonly frequency: number;
  /** Changes the one of the two that the policy keeps; the other call does nothing (RESTORE). */
  setIdleSeconds(seconds: number): void;
  setFrequency(frequency: number): void;

  /** Which keys will be asked for soon. */
  readonly ahead: KeysAhead;

  /** Points the cursor at the key's entry; false where there is none. Counts as a use of it. */
  find(database: number, key: Uint8Array, start: number, end: number): boolean;
  /** The same without counting as a use, and without counting a hit or a miss. */
  peek(database: number, key: Uint8Array, start: number, end: number): boolean;
  /**
   * Makes or replaces the entry. The value may lie inside the store (it is copied before anything
   * is freed). False: out of memory, and nothing has changed.
   */
  set(
    database: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): boolean;
  /**
   * Writes `bytes[start, end)`, which must not lie inside the store, into the entry's value from
   * `offset` on. The rest and the expiry are kept; where the value ends before `offset`, zeros fill
   * the gap. Makes the entry where there is none; its form is FORM_CHANGED from now on. False: out
   * of memory, and nothing has changed.
   */
  setRange(
    database: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    offset: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean;
  /** Removes the entry; false where there was none. */
  remove(database: number, key: Uint8Array, start: number, end: number): boolean;
  /** Gives the entry an expiry, or takes it away (NO_EXPIRY). False where there is no entry. */
  setExpiry(
    database: number,
    key: Uint8Array,
    start: number,
    end: number,
    expireAtMs: number,
  ): boolean;

  // --- the whole database (these lock by themselves whatever they walk)
  /** Entries, expired ones that nobody has met yet included (as Redis counts). */
  count(database: number): number;
  /** Of these, how many have an expiry. */
  countWithExpiry(database: number): number;
  /** Removes every entry of one database, or of all (-1). */
  flush(database: number): void;
  /** Exchanges two databases. */
  swap(first: number, second: number): void;
  /**
   * Visits a bounded part of the table, with the cursor (key, value, type, expiry) on each entry in
   * turn, and returns the next cursor; 0 when the round is complete. `count` is a hint of how many
   * entries. What is there from the first to the last call is visited at least once, however the
   * table grows or shrinks between. `visit` must not change the store.
   */
  scan(database: number, cursor: number, count: number, visit: () => void): number;
  /** Points the cursor at a random entry; false where the database is empty. */
  randomKey(database: number): boolean;

  // --- upkeep
  /**
   * Whether `expireCycle` has anything to look for. What other threads have made with an expiry is
   * theirs to look for.
   */
  readonly mayExpire: boolean;
  /** Removes expired entries for at most `budgetMs` of work; returns how many. */
  expireCycle(nowMs: number, budgetMs: number): number;
  /**
   * Removes what has expired and evicts, until memory is under the limit; false where there is
   * nothing more to be had.
   */
  makeRoom(): boolean;
  /**
   * From now on tells of each entry that goes because it has expired or is evicted, by this
   * thread's doing: before it goes, and while its segment is held. `listener` must not use the
   * store.
   */
  tellRemovals(listener: RemovalListener): void;
  readonly statistics: StoreStatistics;
  readonly watches: Watches;
  readonly large: LargeValues;
  /** Walks everything and returns what is wrong with it; empty when it is whole (DEBUG VERIFY). */
  verify(): string[];
}

/**
 * Large values without a second copy: received straight into their place and sent from it. The
 * bytes of a ticket stay where they are between batches, with no lock held, until the ticket is
 * used up. Small values get no ticket (0): they are copied. So does who has too many tickets at
 * once.
 */
export interface LargeValues {
  /**
   * Reserves an entry with a value of `lengthBytes`, in a batch that writes. Nobody sees it yet;
   * the cursor's value is the place to receive into, and what it holds means nothing. 0: no ticket
   * (too small, no memory, too many tickets).
   */
  stage(database: number, key: Uint8Array, start: number, end: number, lengthBytes: number): number;
  /**
   * Puts a staged entry in the place of what its key had, in a batch that writes. Uses the ticket
   * up. False: out of memory, and the key has what it had.
   */
  commit(database: number, ticket: number, expireAtMs: number): boolean;
  /**
   * Keeps the cursor's value as it is and where it is, for sending: writers go on with a copy. 0:
   * no ticket; copy it.
   */
  pin(): number;
  /** Gives a ticket back: forgets what was staged, or ends a pin. Locks by itself. */
  release(ticket: number): void;
}

/**
 * Whether keys are written, by whichever thread or process. While anybody watches, a key's version
 * changes with every write of it: the same version twice means that nothing was written between.
 * A key that merely goes (expiry, eviction, FLUSHALL) keeps its version: look whether it is there.
 */
export interface Watches {
  /** From now on writes are counted, until as many `end` as `begin`. */
  begin(): void;
  end(): void;
  /** Ask while the key is held (between a `peek` of it and the next call that takes a key). */
  version(database: number, key: Uint8Array, start: number, end: number): number;
  /** How often the database has been exchanged for another (SWAPDB). */
  exchanges(database: number): number;
  /** How many entries this thread's requests have made, changed or removed: one look. */
  readonly writes: number;
}

/** Counters of this store, summed over its segments. */
export interface StoreStatistics {
  readonly usedBytes: number;
  readonly limitBytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly expired: number;
  readonly evicted: number;
  /** Entries that were made, changed or removed by a request. */
  readonly writes: number;
}
