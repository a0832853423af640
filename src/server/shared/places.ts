/**
 * Where everything lies in the memory that the threads and processes of one server share besides
 * the store. It is sparse: a page that nobody has touched takes no memory.
 */
import { TALLY } from '../../commands/call.ts';
import { GUARD_SLOTS } from '../../drivers/driver.ts';
import { queueWords } from '../../drivers/fd-queue.ts';
import { COUNTERS } from '../counters.ts';

/** More workers than any machine here has use for; each costs some 10 MB. */
export const MAXIMUM_THREADS = 1024;
/** Descriptors that were accepted and wait for a worker. More wait in the kernel's backlog. */
export const QUEUE_CAPACITY = 1024;
/** Connections that CLIENT LIST can tell of; those beyond are served, and not listed. */
export const ROSTER_ROWS = 65_536;
/** Two lines of the cache, so that threads do not write side by side. */
export const ROSTER_ROW_BYTES = 128;
/** Names and addresses of a row: apart, because most connections have none. */
export const ROSTER_TEXT_BYTES = 416;
/** Rows of the command table, subcommands included; a third of it is taken. */
export const MAXIMUM_COMMANDS = 512;
/** Entries of SLOWLOG at most, whatever slowlog-max-len says. */
export const SLOW_ENTRIES = 1024;
export const SLOW_ENTRY_BYTES = 8192;
/** The settings that were changed, as text. */
export const SETTINGS_BYTES = 64 * 1024;
/** Kinds of latency events, and samples of each: as many as Redis keeps. */
export const LATENCY_KINDS = 4;
export const LATENCY_SAMPLES = 160;

/** Bytes of a latency kind: 8 for each of count, worst, and the samples' two numbers. */
export const LATENCY_KIND_DOUBLES = 2 + 2 * LATENCY_SAMPLES;

/** A line of text, and a word for its length. */
export const WHY_BYTES = 1024;

const PAGE_BYTES = 4096;
let end = 0;

/** The next whole pages. */
function place(bytes: number): number {
  const start = end;
  end = Math.ceil((start + bytes) / PAGE_BYTES) * PAGE_BYTES;
  return start;
}

/** Byte offsets. */
export const WORDS_AT = place(4096);
export const GUARDS_AT = place(MAXIMUM_THREADS * GUARD_SLOTS * 4);
export const THREAD_STATES_AT = place(MAXIMUM_THREADS * 4);
/** Why the server had to end: its length, and the text. */
export const WHY_AT = place(WHY_BYTES);
export const QUEUE_AT = place(queueWords(QUEUE_CAPACITY) * 4);
export const COUNTERS_AT = place(MAXIMUM_THREADS * COUNTERS * 8);
export const SETTINGS_AT = place(SETTINGS_BYTES);
export const LATENCY_AT = place(LATENCY_KINDS * LATENCY_KIND_DOUBLES * 8);
export const SLOW_LOG_AT = place(SLOW_ENTRIES * SLOW_ENTRY_BYTES);
export const ROSTER_MAP_AT = place(ROSTER_ROWS / 8);
export const ROSTER_AT = place(ROSTER_ROWS * ROSTER_ROW_BYTES);
export const ROSTER_TEXTS_AT = place(ROSTER_ROWS * ROSTER_TEXT_BYTES);
export const TALLIES_AT = place(MAXIMUM_THREADS * MAXIMUM_COMMANDS * TALLY * 8);
export const BOARD_BYTES = end;
