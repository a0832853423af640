/**
 * Blocks that stay where they are while nobody holds their segment: a large value that is received
 * straight into its place, or sent from it. Who has one gets a ticket; it is noted in its owner's
 * line of the segment, so that what a dead owner had can be let go of.
 *
 *   staged   the value is being received; no table knows the entry. `commit` puts it in its place.
 *   pinned   the value is being sent. Compaction leaves it alone, a writer makes a copy of it, and
 *            whoever removes it leaves the block to the last pin (an orphan).
 */
import { blockUnits } from './arena.ts';
import type { AccessClock } from './clock.ts';
import type { Cursor } from './cursor.ts';
import type { Databases } from './databases.ts';
import {
  addPin,
  dropPin,
  entryKeyAt,
  entryKeyBytes,
  entryWord,
  isPinned,
  KIND_ORPHAN,
  KIND_STAGED,
  writeExpiry,
} from './entry.ts';
import { type LargeValues, TYPE_STRING } from './face.ts';
import type { KeyHash } from './hash.ts';
import type { Holding } from './holding.ts';
import { CHANGING, FIRST_TICKET, HEAP, HELD, IN_PROGRESS, LINE_WORDS, READERS } from './layout.ts';
import type { Segment } from './segment.ts';
import type { WatchTable } from './watches.ts';
import type { EntryWriter } from './writer.ts';

/** A ticket is `segment * POSITIONS + word`; 0 is none, for no block begins at word 0. */
const POSITIONS = 2 ** 32;

export interface TicketParts {
  holding: Holding;
  databases: Databases;
  writer: EntryWriter;
  cursor: Cursor;
  hash: KeyHash;
  watches: WatchTable;
  clock: AccessClock;
  slot: number;
}

export class Tickets implements LargeValues {
  readonly #holding: Holding;
  readonly #databases: Databases;
  readonly #writer: EntryWriter;
  readonly #cursor: Cursor;
  readonly #hash: KeyHash;
  readonly #watches: WatchTable;
  readonly #slot: number;
  readonly #clock: AccessClock;

  constructor(parts: TicketParts) {
    this.#holding = parts.holding;
    this.#databases = parts.databases;
    this.#writer = parts.writer;
    this.#cursor = parts.cursor;
    this.#hash = parts.hash;
    this.#watches = parts.watches;
    this.#clock = parts.clock;
    this.#slot = parts.slot;
  }

  stage(
    database: number,
    key: Uint8Array,
    start: number,
    end: number,
    lengthBytes: number,
  ): number {
    if (!this.#holding.write) throw new Error('the batch was begun without write');
    this.#hash.ofBytes(key, start, end);
    const segment = this.#holding.takeFor(this.#hash.mark);
    const note = freeNote(segment, this.#slot);
    if (note === 0) return 0;
    const words = segment.words;
    words[IN_PROGRESS] = CHANGING;
    const table = this.#databases.table(segment, database);
    const entry = this.#writer.stage(segment, table, lengthBytes);
    if (entry !== 0) {
      words[note] = entry;
      Atomics.add(words, HELD, 1);
      this.#cursor.point(segment, entry);
    }
    words[IN_PROGRESS] = 0;
    return this.#ticket(segment, entry);
  }

  commit(database: number, ticket: number, expireAtMs: number): boolean {
    const segment = this.#segmentOf(ticket);
    const words = segment.words;
    const staged = ticket % POSITIONS;
    this.#holding.take(segment);
    words[IN_PROGRESS] = CHANGING;
    if (!eraseNote(segment, this.#slot, staged)) {
      words[IN_PROGRESS] = 0;
      return false;
    }
    const keyStart = entryKeyAt(words, staged) * 4;
    this.#hash.ofBytes(segment.bytes, keyStart, keyStart + entryKeyBytes(words, staged));
    const table = this.#databases.table(segment, database);
    const info = entryWord(this.#clock.first, table.number, TYPE_STRING);
    writeExpiry(words, staged, expireAtMs);
    const entry = this.#writer.unveil(segment, table, table.find(), staged, info);
    if (entry !== 0) {
      // What it has taken the place of may be as large: memory to be given back.
      segment.changedUnits += blockUnits(words[entry]);
      this.#cursor.point(segment, entry);
      this.#watches.written(database);
    }
    words[IN_PROGRESS] = 0;
    return entry !== 0;
  }

  pin(): number {
    const segment = this.#cursor.segment;
    const entry = this.#cursor.entry;
    if (segment === null || !this.#cursor.isLong) return 0;
    const note = freeNote(segment, this.#slot);
    if (note === 0 || !addPin(segment.words, entry)) return 0;
    segment.words[note] = entry;
    Atomics.add(segment.words, HELD, 1);
    return this.#ticket(segment, entry);
  }

  release(ticket: number): void {
    const segment = this.#segmentOf(ticket);
    this.#holding.takeToWrite(segment);
    const entry = ticket % POSITIONS;
    segment.words[IN_PROGRESS] = CHANGING;
    if (eraseNote(segment, this.#slot, entry)) letGo(segment, entry);
    segment.words[IN_PROGRESS] = 0;
    this.#holding.leave();
  }

  #segmentOf(ticket: number): Segment {
    return this.#holding.segments[Math.floor(ticket / POSITIONS)];
  }

  #ticket(segment: Segment, entry: number): number {
    if (entry === 0) return 0;
    return this.#holding.segments.indexOf(segment) * POSITIONS + entry;
  }
}

/** Lets go of all that an owner had noted in a segment that is held for writing. */
export function releaseNotes(segment: Segment, slot: number): void {
  const line = READERS + slot * LINE_WORDS;
  for (let note = line + FIRST_TICKET; note < line + LINE_WORDS; note += 1) {
    const entry = segment.words[note];
    if (entry === 0) continue;
    segment.words[IN_PROGRESS] = CHANGING;
    segment.words[note] = 0;
    Atomics.sub(segment.words, HELD, 1);
    letGo(segment, entry);
  }
}

/** Makes every owner's tickets void, in a segment that is about to be emptied. */
export function eraseNotes(segment: Segment, owners: number): void {
  for (let slot = 0; slot < owners; slot += 1) {
    const line = READERS + slot * LINE_WORDS;
    segment.words.fill(0, line + FIRST_TICKET, line + LINE_WORDS);
  }
}

/** The blocks that owners have noted, and how often each. */
export function heldBlocks(words: Int32Array): Map<number, number> {
  const held = new Map<number, number>();
  for (let line = READERS; line < HEAP; line += LINE_WORDS) {
    for (const block of words.subarray(line + FIRST_TICKET, line + LINE_WORDS)) {
      if (block !== 0) held.set(block, (held.get(block) ?? 0) + 1);
    }
  }
  return held;
}

/** A word of the owner's line that notes nothing; 0: all are in use. */
function freeNote(segment: Segment, slot: number): number {
  const line = READERS + slot * LINE_WORDS;
  for (let note = line + FIRST_TICKET; note < line + LINE_WORDS; note += 1) {
    if (segment.words[note] === 0) return note;
  }
  return 0;
}

/** False where the owner has noted no such block, because the segment was emptied meanwhile. */
function eraseNote(segment: Segment, slot: number, entry: number): boolean {
  const line = READERS + slot * LINE_WORDS;
  for (let note = line + FIRST_TICKET; note < line + LINE_WORDS; note += 1) {
    if (segment.words[note] !== entry) continue;
    segment.words[note] = 0;
    Atomics.sub(segment.words, HELD, 1);
    return true;
  }
  return false;
}

/** Takes a pin away, and the block itself where nothing else needs it. */
function letGo(segment: Segment, entry: number): void {
  const words = segment.words;
  words[IN_PROGRESS] = CHANGING;
  const kind = words[entry + 1] & 15;
  if (kind !== KIND_STAGED) dropPin(words, entry);
  const last = kind === KIND_STAGED || (kind === KIND_ORPHAN && !isPinned(words, entry));
  if (last) {
    segment.changedUnits += blockUnits(words[entry]);
    segment.arena.free(entry);
  }
  words[IN_PROGRESS] = 0;
}
