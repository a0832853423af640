/**
 * Where everything lies. Two kinds of region: one directory for the whole store, and one region for
 * each segment. Positions are word indexes (4 bytes) into the region; a 4 GiB region has 2^30 of
 * them, so they are always small integers to the JavaScript engine.
 *
 *   directory                                 segment
 *   0     ┌──────────────────────────┐        0     ┌──────────────────────────┐
 *         │ magic, seed, settings    │              │ magic, in-progress mark  │
 *   16    │ logical → real database  │              │ arena: top, sums, sweep  │
 *   1024  ├──────────────────────────┤        16    │ lock: writer, waiters    │
 *         │ owner 0: id, counters    │        32    │ which bins are not empty │
 *   1040  │ owner 1: id, counters    │        64    │ 256 bins of free blocks  │
 *         │ …                        │        320   │ 16 tables, 16 words each │
 *         └──────────────────────────┘        576   │ note of what goes on     │
 *                                             1024  │ read flags, a line each  │
 *                                             17408 ├──────────────────────────┤
 *   An owner is one thread of one process.          │ heap: blocks, growing ↓  │
 *   What it writes often has a cache line     top   ├──────────────────────────┤
 *   (16 words) of its own.                          │ never touched            │
 *                                                   ├──────────────────────────┤
 *                                                   │ table pages, growing ↑   │
 *                                             end   └──────────────────────────┘
 */

/** 64 bytes: what one core takes from another at a time. */
export const LINE_WORDS = 16;
/** Threads and processes that can be attached at once; a line in each region is all they cost. */
export const MAX_OWNERS = 1024;
/** As many as Redis has by default; a table header each. */
export const MAX_DATABASES = 16;
/** Changes with the layout, so that a process never attaches to what it would misread. */
export const MAGIC = 0x73_79_6b_33;

// --- the directory, in words
export const DIRECTORY_MAGIC = 0;
export const SEED_LOW = 1;
export const SEED_HIGH = 2;
export const DATABASES = 3;
export const SEGMENTS = 4;
export const POLICY = 5;
export const SAMPLES = 6;
export const LFU_LOG_FACTOR = 7;
export const LFU_DECAY_MINUTES = 8;
/** One more than the highest owner slot ever taken: how far a writer looks for readers. */
export const OWNERS_HIGH = 9;
/** Segments found locked by the dead, and how many of them had to be emptied. */
export const RECOVERED = 10;
export const EMPTIED = 11;
/** A float64: the limit may be past 4 GiB. */
export const LIMIT_FLOAT = 6;
/** 1: the policy goes by how often an entry was used, so entries keep that (clock.ts). */
export const BY_FREQUENCY = 14;
export const DATABASE_MAP = 16;
/** Connections that watch keys; how often each database has been exchanged for another. */
export const WATCHERS = 32;
export const EXCHANGES = 33;
/** The exchange of two databases that is under way, in one word (directory.ts); 0: none. */
export const EXCHANGING = 49;
export const OWNERS = 1024;
/** Within an owner's line: its id, then counters as float64 (exact to 2^53). */
export const OWNER_ID = 0;
export const OWNER_HITS_FLOAT = 1;
export const OWNER_MISSES_FLOAT = 2;
export const OWNER_EXPIRED_FLOAT = 3;
export const OWNER_EVICTED_FLOAT = 4;
export const OWNER_WRITES_FLOAT = 5;
/**
 * How often the keys have been written while anybody watched (watches.ts): 1 MiB, seldom touched.
 */
export const VERSIONS = OWNERS + MAX_OWNERS * LINE_WORDS;
export const VERSION_COUNT = 2 ** 18;
export const DIRECTORY_BYTES = (VERSIONS + VERSION_COUNT) * 4;

// --- a segment, in words
export const SEGMENT_MAGIC = 0;
/** Not 0 while a change is half done: what a dead writer leaves set is not to be trusted. */
export const IN_PROGRESS = 1;
/** Its values: a change; one whose note says what was there; a block on its way (undo-log.ts). */
export const CHANGING = 1;
export const UNDOABLE = 2;
export const MOVING = 3;
/** First word above the heap. */
export const TOP = 4;
/** Units of free blocks below the top, and of blocks in use. */
export const FREE_UNITS = 5;
export const LIVE_UNITS = 6;
/** Where the compaction goes on: the start of a block. */
export const SWEEP = 7;
/** Table pages in use. */
export const PAGES = 8;
/** How far heap and pages have been touched since pages were last given back. */
export const TOUCHED_TOP = 9;
export const TOUCHED_PAGES = 10;
/** Tickets out (tickets.ts): while there are any, the segment is not simply made empty. */
export const HELD = 11;
/** (sequence << 11) | (owner slot + 1); 0: no writer. */
export const LOCK_WRITER = 16;
export const LOCK_WAITERS = 17;
export const LOCK_SEQUENCE = 18;
export const BIN_MAP = 32;
export const BINS = 64;
export const BIN_COUNT = 256;
export const TABLES = BINS + BIN_COUNT;
export const TABLE_WORDS = 16;
/** What a killed writer leaves for the owner that puts the segment right (undo-log.ts). */
export const NOTE = TABLES + MAX_DATABASES * TABLE_WORDS;
/** A line for each owner: its read flag, then the blocks that it keeps where they are. */
export const READERS = 1024;
export const NOTE_WORDS = READERS - NOTE;
export const FIRST_TICKET = 1;
export const HEAP = READERS + MAX_OWNERS * LINE_WORDS;

/** What an empty segment is counted as: the page that its header touches. */
export const SEGMENT_HEADER_BYTES = 4096;
/** Less could not hold a header, one table page and a few entries. */
export const MIN_SEGMENT_BYTES = HEAP * 4 + 64 * 1024;
/** The longest view, and what 29 bits of 8-byte units reach. */
export const MAX_SEGMENT_BYTES = 2 ** 32;

/** A table page: 64 buckets of 64 bytes, as large as a page of the machine. */
export const PAGE_WORDS = 1024;
export const PAGE_BYTES = 4096;
