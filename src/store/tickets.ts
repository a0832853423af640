/**
 * Blocks that stay where they are while nobody holds their segment: a large value that is received
 * straight into its place, or sent from it. The owner that uses one gets a ticket; it is noted in
 * the owner's line of the segment, so that what a dead owner had can be let go of.
 *
 *   staged   the value is being received; no table knows the entry. `commit` puts it in its place.
 *   pinned   the value is being sent. Compaction leaves it alone, a writer makes a copy of it, and
 *            a command that removes it leaves the block to the last pin (an orphan).
 */
import { blockUnits } from './arena.ts';
import type { AccessClock } from './clock.ts';
import type { Cursor } from './cursor.ts';
import type { Databases } from './databases.ts';
import { addPin, entryKeyAt, entryKeyBytes, entryWord, pinsOf } from './entry.ts';
import { type LargeValues, TYPE_STRING } from './face.ts';
import type { KeyHash } from './hash.ts';
import { eraseNote, letGo, noteOf } from './held-blocks.ts';
import type { HeldLocks } from './held-locks.ts';
import { CHANGING, HELD, IN_PROGRESS } from './layout.ts';
import type { Segment } from './segment.ts';
import type { WatchTable } from './watches.ts';
import type { EntryWriter } from './writer.ts';

/** A ticket is `segment * POSITIONS + word`; 0 is none, for no block begins at word 0. */
const POSITIONS = 2 ** 32;

export interface TicketParts {
  locks: HeldLocks;
  databases: Databases;
  writer: EntryWriter;
  cursor: Cursor;
  hash: KeyHash;
  watches: WatchTable;
  clock: AccessClock;
  slot: number;
}

export class Tickets implements LargeValues {
  readonly #locks: HeldLocks;
  readonly #databases: Databases;
  readonly #writer: EntryWriter;
  readonly #cursor: Cursor;
  readonly #hash: KeyHash;
  readonly #watches: WatchTable;
  readonly #slot: number;
  readonly #clock: AccessClock;

  constructor(parts: TicketParts) {
    this.#locks = parts.locks;
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
    if (!this.#locks.write) throw new Error('the batch was begun without write');
    this.#hash.ofBytes(key, start, end);
    const segment = this.#locks.takeFor(this.#hash.mark);
    const words = segment.words;
    const note = noteOf(words, this.#slot, 0);
    if (note === 0) return 0;
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
    this.#locks.take(segment);
    const note = noteOf(words, this.#slot, staged);
    if (note === 0) return false;
    words[IN_PROGRESS] = CHANGING;
    eraseNote(words, note);
    const keyStart = entryKeyAt(words, staged) * 4;
    this.#hash.ofBytes(segment.bytes, keyStart, keyStart + entryKeyBytes(words, staged));
    const table = this.#databases.table(segment, database);
    const info = entryWord(this.#clock.first, table.number, TYPE_STRING);
    segment.expireAt(staged, expireAtMs);
    const found = table.find();
    this.#cursor.replaced = found !== 0;
    const entry = this.#writer.unveil(segment, table, found, staged, info);
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
    const note = noteOf(segment.words, this.#slot, 0);
    if (note === 0) return 0;
    // The note comes first: a pin that is not noted would outlive a thread that is killed here.
    Atomics.add(segment.words, HELD, 1);
    segment.words[note] = entry;
    if (addPin(segment.words, entry)) return this.#ticket(segment, entry);
    eraseNote(segment.words, note);
    return 0;
  }

  release(ticket: number): void {
    const segment = this.#segmentOf(ticket);
    this.#locks.takeToWrite(segment);
    const entry = ticket % POSITIONS;
    const note = noteOf(segment.words, this.#slot, entry);
    if (note !== 0) letGo(segment, note, pinsOf(segment.words, entry) - 1);
    this.#locks.leave();
  }

  #segmentOf(ticket: number): Segment {
    return this.#locks.segments[Math.floor(ticket / POSITIONS)];
  }

  #ticket(segment: Segment, entry: number): number {
    if (entry === 0) return 0;
    return this.#locks.segments.indexOf(segment) * POSITIONS + entry;
  }
}
