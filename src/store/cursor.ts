/** Where the last call has left the store: one entry, read when somebody asks. */
import { decayedFrequency, idleSeconds, usedBefore, usedSoOften } from './access.ts';
import { blockUnits, LONG, UNIT_BYTES } from './arena.ts';
import type { AccessClock } from './clock.ts';
import {
  entryExpiry,
  entryForm,
  entryKeyAt,
  entryKeyBytes,
  entryType,
  readValue,
  writeAccess,
  writeForm,
} from './entry.ts';
import { type EntryType, FORM_USUAL, NO_EXPIRY, type Slice, TYPE_STRING } from './face.ts';
import { LINE_WORDS } from './layout.ts';
import type { Segment } from './segment.ts';
import { SLOTS } from './table.ts';

const NOTHING = new Uint8Array(0);
/** The table's share: a slot of a bucket. */
const SLOT_BYTES = Math.ceil((LINE_WORDS * 4) / SLOTS);

export class Cursor {
  readonly value: Slice = { bytes: NOTHING, start: 0, end: 0 };
  readonly #key: Slice = { bytes: NOTHING, start: 0, end: 0 };
  /** Whether the value that was written last took the place of another one. */
  replaced = false;
  readonly #clock: AccessClock;
  #segment: Segment | null = null;
  #entry = 0;

  constructor(clock: AccessClock) {
    this.#clock = clock;
  }

  get segment(): Segment | null {
    return this.#segment;
  }

  /** First word of the entry. */
  get entry(): number {
    return this.#entry;
  }

  /** Whether the entry has a long header (entry.ts). */
  get isLong(): boolean {
    return this.#segment !== null && (this.#segment.words[this.#entry] & LONG) !== 0;
  }

  /** Points to an entry. */
  point(segment: Segment, entry: number): void {
    this.#segment = segment;
    this.#entry = entry;
    this.value.bytes = segment.bytes;
    readValue(segment.words, entry, this.value);
  }

  get key(): Slice {
    const key = this.#key;
    if (this.#segment === null) return key;
    const words = this.#segment.words;
    key.bytes = this.#segment.bytes;
    key.start = entryKeyAt(words, this.#entry) * 4;
    key.end = key.start + entryKeyBytes(words, this.#entry);
    return key;
  }

  get expireAtMs(): number {
    return this.#segment === null ? NO_EXPIRY : entryExpiry(this.#segment.words, this.#entry);
  }

  get type(): EntryType {
    if (this.#segment === null) return TYPE_STRING;
    return entryType(this.#segment.words, this.#entry) as EntryType;
  }

  get form(): number {
    return this.#segment === null ? FORM_USUAL : entryForm(this.#segment.words, this.#entry);
  }

  /** The entry's segment is held for writing. */
  setForm(form: number): void {
    if (this.#segment !== null) writeForm(this.#segment.words, this.#entry, form);
  }

  get entryBytes(): number {
    if (this.#segment === null) return 0;
    return blockUnits(this.#segment.words[this.#entry]) * UNIT_BYTES + SLOT_BYTES;
  }

  get idleSeconds(): number {
    return idleSeconds(this.#access, this.#clock.seconds);
  }

  get frequency(): number {
    const { minutes, decayMinutes } = this.#clock;
    return decayedFrequency(this.#access, minutes, decayMinutes);
  }

  /** The entry's segment is held for writing, here and in `setFrequency`. */
  setIdleSeconds(seconds: number): void {
    if (!this.#clock.byFrequency) this.#setAccess(usedBefore(seconds, this.#clock.seconds));
  }

  setFrequency(frequency: number): void {
    if (this.#clock.byFrequency) this.#setAccess(usedSoOften(frequency, this.#clock.minutes));
  }

  #setAccess(access: number): void {
    if (this.#segment !== null) writeAccess(this.#segment.words, this.#entry, access);
  }

  get #access(): number {
    return this.#segment === null ? 0 : this.#segment.words[this.#entry + 1] >>> 8;
  }
}
