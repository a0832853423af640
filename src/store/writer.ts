/**
 * Writes entries: finds them memory under the limit, fills them, and puts them in the place of what
 * was there. The old entry stays until the new one is whole, and its value may be what is written.
 * The key is always the one that was hashed last, and `found` what the table has just found for it.
 */
import { copyBytes } from '../bytes/copy.ts';
import { blockUnits, LONG, UNIT_BYTES } from './arena.ts';
import type { AccessClock } from './clock.ts';
import { copyInto } from './copy.ts';
import {
  entryExpiry,
  entryKeyBytes,
  entryUnits,
  entryValueAt,
  entryValueBytes,
  fitValue,
  isLong,
  isPinned,
  KIND_STAGED,
} from './entry.ts';
import { NO_EXPIRY } from './face.ts';
import { growthBytes } from './growth.ts';
import type { KeyHash } from './hash.ts';
import { dropNote, notePart } from './recovery/undo-log.ts';
import { INSERT_MARGIN_BYTES, MAX_SPARE_UNITS, type Segment } from './segment.ts';
import type { Space } from './space.ts';
import type { Table } from './table.ts';

export class EntryWriter {
  readonly #space: Space;
  readonly #hash: KeyHash;
  readonly #clock: AccessClock;

  constructor(space: Space, hash: KeyHash, clock: AccessClock) {
    this.#space = space;
    this.#hash = hash;
    this.#clock = clock;
  }

  /** A new entry with this value, linked in `found`'s place; 0: no memory, nothing has changed. */
  put(
    segment: Segment,
    table: Table,
    found: number,
    info: number,
    value: Uint8Array,
    start: number,
    end: number,
    expireAtMs: number,
  ): number {
    const length = end - start;
    const units = entryUnits(this.#hash.keyBytes, length, expireAtMs !== NO_EXPIRY);
    let source = value;
    let from = start;
    let entry = this.#fits(segment, table, found, units)
      ? segment.build(info, units, length, expireAtMs)
      : 0;
    if (entry === 0) {
      // What is evicted could be what the value lies in.
      if (value.buffer === segment.words.buffer) {
        source = value.slice(start, end);
        from = 0;
      }
      if (!this.#makeWay(segment, table, found, units)) return 0;
      entry = segment.build(info, units, length, expireAtMs);
      if (entry === 0) return 0;
    }
    const at = entryValueAt(segment.words, entry);
    copyInto(segment.words, segment.bytes, at, source, from, from + length);
    return this.#link(segment, table, found, entry);
  }

  /**
   * The entry with `bytes[start, end)` in its value from `offset` on, and zeros where that leaves a
   * gap. 0: no memory, nothing has changed.
   */
  setRange(
    segment: Segment,
    table: Table,
    found: number,
    info: number,
    offset: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): number {
    const words = segment.words;
    const before = found === 0 ? 0 : entryValueBytes(words, found);
    const lengthBytes = Math.max(before, offset + end - start);
    let entry = found;
    const changedTo = Math.min(before, offset + end - start);
    const inPlace = found !== 0 && this.#stretch(segment, found, lengthBytes, offset, changedTo);
    if (inPlace) {
      words[found + 1] = info;
      this.#zero(segment, found, before, offset);
    } else {
      entry = this.#copyOf(segment, table, found, info, lengthBytes);
      if (entry === 0) return 0;
    }
    copyBytes(segment.bytes, entryValueAt(words, entry) * 4 + offset, bytes, start, end);
    return inPlace ? entry : this.#link(segment, table, found, entry);
  }

  /**
   * The entry built anew with another expiry. Where no memory can be made for it the limit is
   * passed by the 8 bytes that an expiry takes, as Redis does: EXPIRE is not refused for want of
   * memory.
   */
  rebuild(segment: Segment, table: Table, found: number, expireAtMs: number): number {
    const words = segment.words;
    const length = entryValueBytes(words, found);
    const info = words[found + 1];
    const entry = this.#make(segment, table, found, info, length, expireAtMs, 0);
    if (entry !== 0) return this.#link(segment, table, found, entry);
    const again = table.find();
    const units = entryUnits(this.#hash.keyBytes, length, expireAtMs !== NO_EXPIRY);
    const forced = segment.build(info, units, length, expireAtMs);
    if (forced === 0) return 0;
    this.#copyValue(segment, again, forced, length);
    return this.#link(segment, table, again, forced);
  }

  /**
   * A block for a value that is to be received into it; no table knows it yet. 0: no memory, or the
   * entry is so small that it is not worth it.
   */
  stage(segment: Segment, table: Table, lengthBytes: number): number {
    const keyBytes = this.#hash.keyBytes;
    if (!isLong(keyBytes, lengthBytes)) return 0;
    const units = entryUnits(keyBytes, lengthBytes, true);
    if (!this.#fits(segment, table, 0, units) && !this.#makeWay(segment, table, 0, units)) return 0;
    return segment.build(KIND_STAGED, units, lengthBytes, NO_EXPIRY);
  }

  /** Puts a staged entry in the place of what its key had. 0: no memory; the block is freed. */
  unveil(segment: Segment, table: Table, found: number, staged: number, info: number): number {
    segment.words[staged + 1] = info;
    return this.#link(segment, table, found, staged);
  }

  /** A copy of the entry with a value of another length, no table's yet; roomy if it may be. */
  #copyOf(
    segment: Segment,
    table: Table,
    found: number,
    info: number,
    lengthBytes: number,
  ): number {
    if (found === 0) return this.#make(segment, table, 0, info, lengthBytes, NO_EXPIRY, 0);
    const words = segment.words;
    const expireAtMs = entryExpiry(words, found);
    const spare = lengthBytes > entryValueBytes(words, found) ? spareUnits(lengthBytes) : 0;
    const roomy =
      spare > 0 ? this.#make(segment, table, found, info, lengthBytes, expireAtMs, spare) : 0;
    if (roomy !== 0) return roomy;
    return this.#make(segment, table, found, info, lengthBytes, expireAtMs, 0);
  }

  /** A new block with the value of `found` as far as it goes, and zeros after it; 0: no memory. */
  #make(
    segment: Segment,
    table: Table,
    found: number,
    info: number,
    lengthBytes: number,
    expireAtMs: number,
    spare: number,
  ): number {
    const keyBytes = this.#hash.keyBytes;
    const units = entryUnits(keyBytes, lengthBytes, expireAtMs !== NO_EXPIRY) + spare;
    if (!this.#fits(segment, table, found, units)) {
      if (spare > 0 || !this.#makeWay(segment, table, found, units)) return 0;
    }
    let entry = segment.build(info, units, lengthBytes, expireAtMs);
    if (entry === 0 && spare === 0 && this.#makeWay(segment, table, found, units)) {
      entry = segment.build(info, units, lengthBytes, expireAtMs);
    }
    if (entry !== 0) this.#copyValue(segment, found, entry, lengthBytes);
    return entry;
  }

  #copyValue(segment: Segment, found: number, entry: number, lengthBytes: number): void {
    const words = segment.words;
    let kept = 0;
    if (found !== 0) {
      kept = Math.min(entryValueBytes(words, found), lengthBytes);
      const start = entryValueAt(words, found) * 4;
      const at = entryValueAt(words, entry);
      copyInto(words, segment.bytes, at, segment.bytes, start, start + kept);
    }
    this.#zero(segment, entry, kept, lengthBytes);
  }

  /**
   * Lengthens the value in its block, or into what is free behind it; its bytes `[from, to)` are
   * about to be written over. False: it can't stay where it is.
   */
  #stretch(
    segment: Segment,
    found: number,
    lengthBytes: number,
    from: number,
    to: number,
  ): boolean {
    const words = segment.words;
    const keyBytes = entryKeyBytes(words, found);
    const long = (words[found] & LONG) !== 0;
    if (long !== isLong(keyBytes, lengthBytes) || isPinned(words, found)) return false;
    if (segment.killable && !notePart(words, found, from, to)) return false;
    if (this.#lengthen(segment, found, lengthBytes)) return true;
    dropNote(words);
    return false;
  }

  #lengthen(segment: Segment, found: number, lengthBytes: number): boolean {
    const words = segment.words;
    if ((words[found] & LONG) === 0) return fitValue(words, found, lengthBytes);
    const wanted = entryUnits(entryKeyBytes(words, found), lengthBytes, true);
    const have = blockUnits(words[found]);
    if (have >= wanted) return fitValue(words, found, lengthBytes);
    const units = wanted + spareUnits(lengthBytes);
    if ((units - have + 1) * UNIT_BYTES > this.#space.headroomBytes) return false;
    return segment.arena.extend(found, units) && fitValue(words, found, lengthBytes);
  }

  #zero(segment: Segment, entry: number, from: number, to: number): void {
    if (from >= to) return;
    const start = entryValueAt(segment.words, entry) * 4;
    segment.bytes.fill(0, start + from, start + to);
  }

  #fits(segment: Segment, table: Table, found: number, units: number): boolean {
    return this.#needBytes(segment, table, found, units) <= this.#space.headroomBytes;
  }

  /** What used memory grows by when such a block takes the place of `found`. */
  #needBytes(segment: Segment, table: Table, found: number, units: number): number {
    if (found !== 0) return (units + 1 - blockUnits(segment.words[found])) * UNIT_BYTES;
    const margin = units * UNIT_BYTES + INSERT_MARGIN_BYTES;
    return table.buckets === 0 ? margin + growthBytes(table) : margin;
  }

  /** Evicts others until the block fits; the table then points to `found` again. */
  #makeWay(segment: Segment, table: Table, found: number, units: number): boolean {
    const need = this.#needBytes(segment, table, found, units);
    const space = this.#space;
    const made =
      space.fit(segment, need, found, this.#clock.nowMs) &&
      space.openHole(segment, units, found, this.#clock.nowMs);
    if (found !== 0) table.find();
    return made;
  }

  #link(segment: Segment, table: Table, found: number, entry: number): number {
    if (found !== 0) {
      segment.relink(table, entry, found);
      return entry;
    }
    if (!segment.link(table, entry)) return 0;
    if (segment.isUnsettled(table)) segment.settle(table, this.#space.headroomBytes);
    return entry;
  }
}

/** Room that a growing value gets in advance, so that APPEND copies it seldom (Redis: sds.c). */
function spareUnits(lengthBytes: number): number {
  if (!isLong(0, lengthBytes)) return 0;
  return Math.min(lengthBytes / UNIT_BYTES, MAX_SPARE_UNITS) >>> 0;
}
