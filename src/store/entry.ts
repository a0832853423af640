/**
 * One key and its value in a block of the arena. Short entries have 8 bytes of header, long ones
 * 24; keys are padded with zeros to whole words, so they are compared and hashed by words, and the
 * value begins on a word.
 *
 *   short │ slack, key length, units, flags │ word 1 │ expiry, if any: 2 │ key │ value │ slack │
 *   long  │ units, flags │ word 1 │ value length │ key length │ expiry: 2 │ key │ value │ room │
 *
 *   word 1 │ access (24 bits: access.ts) │ table (4 bits) │ type (4 bits) │
 *
 * A long entry has the place of an expiry always, so that EXPIRE never copies a large value; the
 * top ten bits of that place, which milliseconds never need, count its pins (tickets.ts). The value
 * of a short entry ends `slack` bytes before its block; a long one says how long it is, and what is
 * left of its block is room to grow.
 */
import {
  blockUnits,
  LONG,
  MIN_UNITS,
  PREVIOUS_FREE,
  SHORT_UNITS_MASK,
  UNIT_BYTES,
  USED,
} from './arena.ts';
import { NO_EXPIRY, TYPE_STRING } from './face.ts';

/** An expiry: of a short entry whether its words are there, of a long one whether they count. */
export const HAS_EXPIRY = 8;
/** What 8 bits hold. */
export const SHORT_KEY_BYTES = 255;
/** Far below the 128 KiB that 14 bits of units reach; above it 16 bytes more are nothing. */
export const SHORT_VALUE_BYTES = 65_535;
/** What 6 bits hold. */
export const SHORT_SLACK_BYTES = 63;
const SHORT_HEADER_WORDS = 2;
const LONG_HEADER_WORDS = 6;
const EXPIRY_WORDS = 2;
const WORD_VALUES = 2 ** 32;
/** The high word of an expiry; above it, in a long entry, its pins. */
const EXPIRY_HIGH_MASK = 0x3fffff;
const PINS_WORD = 5;
const PINS_SHIFT = 22;
const ONE_PIN = 1 << PINS_SHIFT;
/** Half of what ten bits hold: threads that add one at the same moment do not carry over. */
const MOST_PINS = 512;

/** Numbers of word 1's type for strings of another form than the usual one (face.ts). */
const KIND_CHANGED_STRING = 6;
const KIND_TEXT_STRING = 7;
/** Numbers of word 1's type that are not types of values: the table's own blocks. */
/**
 * An entry that is being filled and not in its table yet; one that is no longer, but still pinned.
 */
export const KIND_STAGED = 12;
export const KIND_ORPHAN = 13;
export const KIND_OVERFLOW = 14;
export const KIND_DIRECTORY = 15;

export function isLong(keyBytes: number, valueBytes: number): boolean {
  return keyBytes > SHORT_KEY_BYTES || valueBytes > SHORT_VALUE_BYTES;
}

/** Units of a block that holds such an entry. */
export function entryUnits(keyBytes: number, valueBytes: number, expires: boolean): number {
  let words = (keyBytes + 3) >>> 2;
  if (isLong(keyBytes, valueBytes)) words += LONG_HEADER_WORDS;
  else words += expires ? SHORT_HEADER_WORDS + EXPIRY_WORDS : SHORT_HEADER_WORDS;
  const units = (words * 4 + valueBytes + UNIT_BYTES - 1) >>> 3;
  return Math.max(units, MIN_UNITS);
}

export function entryKeyBytes(words: Int32Array, at: number): number {
  const word = words[at];
  return (word & LONG) !== 0 ? words[at + 3] : (word >>> 18) & 0xff;
}

/** First word of the key. */
export function entryKeyAt(words: Int32Array, at: number): number {
  const word = words[at];
  if ((word & LONG) !== 0) return at + LONG_HEADER_WORDS;
  return (word & HAS_EXPIRY) !== 0 ? at + SHORT_HEADER_WORDS + EXPIRY_WORDS : at + 2;
}

/** First word of the value. */
export function entryValueAt(words: Int32Array, at: number): number {
  return entryKeyAt(words, at) + ((entryKeyBytes(words, at) + 3) >>> 2);
}

/** Bytes from the start of the value to the end of the block. */
export function entryRoomBytes(words: Int32Array, at: number): number {
  return blockUnits(words[at]) * UNIT_BYTES - (entryValueAt(words, at) - at) * 4;
}

export function entryValueBytes(words: Int32Array, at: number): number {
  const word = words[at];
  if ((word & LONG) !== 0) return words[at + 2];
  return entryRoomBytes(words, at) - (word >>> 26);
}

/** The bytes of the segment that the value takes: what the two functions above say, in one go. */
export function readValue(
  words: Int32Array,
  at: number,
  range: { start: number; end: number },
): void {
  const word = words[at];
  const keyEnd = (entryKeyAt(words, at) + ((entryKeyBytes(words, at) + 3) >>> 2)) * 4;
  range.start = keyEnd;
  if ((word & LONG) !== 0) range.end = keyEnd + words[at + 2];
  else range.end = at * 4 + ((word >>> 4) & SHORT_UNITS_MASK) * UNIT_BYTES - (word >>> 26);
}

export function entryTable(words: Int32Array, at: number): number {
  return (words[at + 1] >>> 4) & 15;
}

export function entryType(words: Int32Array, at: number): number {
  const kind = words[at + 1] & 15;
  return kind === KIND_CHANGED_STRING || kind === KIND_TEXT_STRING ? TYPE_STRING : kind;
}

/** One of FORM_*. */
export function entryForm(words: Int32Array, at: number): number {
  return Math.max(0, STRING_KINDS.indexOf(words[at + 1] & 15));
}

export function writeForm(words: Int32Array, at: number, form: number): void {
  words[at + 1] = (words[at + 1] & ~15) | STRING_KINDS[form];
}

/** Word 1's types of a string, by its form. */
export const STRING_KINDS: readonly number[] = [TYPE_STRING, KIND_CHANGED_STRING, KIND_TEXT_STRING];

/** Milliseconds since 1970, or NO_EXPIRY. */
export function entryExpiry(words: Int32Array, at: number): number {
  const word = words[at];
  if ((word & HAS_EXPIRY) === 0) return NO_EXPIRY;
  const from = at + ((word & LONG) !== 0 ? 4 : SHORT_HEADER_WORDS);
  return (words[from + 1] & EXPIRY_HIGH_MASK) * WORD_VALUES + (words[from] >>> 0);
}

/** True when it expired at or before `nowMs`. */
export function entryExpired(words: Int32Array, at: number, nowMs: number): boolean {
  return (words[at] & HAS_EXPIRY) !== 0 && entryExpiry(words, at) <= nowMs;
}

/** Writes an expiry into its place; in a short entry the place must be there already. */
export function writeExpiry(words: Int32Array, at: number, expireAtMs: number): void {
  const long = (words[at] & LONG) !== 0;
  if (expireAtMs === NO_EXPIRY) {
    if (long) words[at] &= ~HAS_EXPIRY;
    return;
  }
  if (long) words[at] |= HAS_EXPIRY;
  const from = at + (long ? 4 : SHORT_HEADER_WORDS);
  const pins = long ? words[from + 1] & ~EXPIRY_HIGH_MASK : 0;
  words[from] = expireAtMs | 0;
  words[from + 1] = Math.floor(expireAtMs / WORD_VALUES) | pins;
}

/** Says when or how often the entry was used (access.ts). */
export function writeAccess(words: Int32Array, at: number, access: number): void {
  words[at + 1] = (access << 8) | (words[at + 1] & 0xff);
}

/** Word 1 of an entry. */
export function entryWord(access: number, table: number, type: number): number {
  return (access << 8) | (table << 4) | type;
}

/** A key by words, from `key[keyAt]` on, the last one padded with zeros (hash.ts). */
export interface KeyWords {
  readonly key: Int32Array;
  readonly keyAt: number;
  readonly keyBytes: number;
}

/**
 * Writes header, expiry and key into a block that the arena has just given; the value's bytes are
 * left to the caller. `info` is word 1.
 */
export function writeEntry(
  words: Int32Array,
  at: number,
  info: number,
  key: KeyWords,
  valueBytes: number,
  expireAtMs: number,
): void {
  const { keyAt: from, keyBytes } = key;
  const units = blockUnits(words[at]);
  const kept = words[at] & PREVIOUS_FREE;
  const expires = expireAtMs !== NO_EXPIRY;
  words[at + 1] = info;
  if (isLong(keyBytes, valueBytes)) {
    words[at] = (units << 4) | LONG | USED | kept;
    words[at + 2] = valueBytes;
    words[at + 3] = keyBytes;
    words[at + PINS_WORD] = 0;
  } else {
    words[at] = (keyBytes << 18) | (units << 4) | (expires ? HAS_EXPIRY : 0) | USED | kept;
    setShortLength(words, at, valueBytes);
  }
  writeExpiry(words, at, expireAtMs);
  const keyAt = entryKeyAt(words, at);
  const count = (keyBytes + 3) >>> 2;
  for (let i = 0; i < count; i += 1) words[keyAt + i] = key.key[from + i];
}

/**
 * Makes the value `valueBytes` long within the block it has; false where the block is too small,
 * or so large that a short header could not say how much is left of it.
 */
export function fitValue(words: Int32Array, at: number, valueBytes: number): boolean {
  const slack = entryRoomBytes(words, at) - valueBytes;
  if (slack < 0) return false;
  if ((words[at] & LONG) !== 0) {
    if (!isLong(words[at + 3], valueBytes)) return false;
    words[at + 2] = valueBytes;
    return true;
  }
  if (slack > SHORT_SLACK_BYTES) return false;
  setShortLength(words, at, valueBytes);
  return true;
}

function setShortLength(words: Int32Array, at: number, valueBytes: number): void {
  const slack = entryRoomBytes(words, at) - valueBytes;
  words[at] = (words[at] & 0x3ffffff) | (slack << 26);
}

/** How many pins a long entry has. */
export function pinsOf(words: Int32Array, at: number): number {
  return words[at + PINS_WORD] >>> PINS_SHIFT;
}

/** True while somebody sends the value from its place: it must not change, move or go. */
export function isPinned(words: Int32Array, at: number): boolean {
  return (words[at] & LONG) !== 0 && pinsOf(words, at) !== 0;
}

/**
 * Adds a pin to a long entry; readers may do so at once. False: it has as many as can be counted.
 */
export function addPin(words: Int32Array, at: number): boolean {
  if (pinsOf(words, at) >= MOST_PINS) return false;
  Atomics.add(words, at + PINS_WORD, ONE_PIN);
  return true;
}

/** Says how many pins there are, where nobody else can be counting. */
export function setPins(words: Int32Array, at: number, count: number): void {
  words[at + PINS_WORD] = (words[at + PINS_WORD] & EXPIRY_HIGH_MASK) | (count << PINS_SHIFT);
}

/** Whether key and value lie within the block, and the key is padded with zeros. */
export function isSound(words: Int32Array, at: number): boolean {
  const keyBytes = entryKeyBytes(words, at);
  const valueBytes = entryValueBytes(words, at);
  const keyEnd = entryKeyAt(words, at) + ((keyBytes + 3) >>> 2);
  const end = at + blockUnits(words[at]) * 2;
  if (keyBytes < 0 || valueBytes < 0 || keyEnd > end) return false;
  if ((words[at] & LONG) !== 0 && valueBytes > entryRoomBytes(words, at)) return false;
  return (keyBytes & 3) === 0 || words[keyEnd - 1] >>> ((keyBytes & 3) * 8) === 0;
}
