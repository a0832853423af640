/** SETBIT, GETBIT, BITCOUNT, BITPOS. Bit 0 is the highest bit of the first byte. */

import { FORM_CHANGED } from '../store/face.ts';
import { findBit, onesInRange } from './bit-scan.ts';
import type { Call } from './call.ts';
import { find, maxValueBytes, putRange } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { parseInteger } from './numbers.ts';
import { clampRange, resolveRange } from './ranges.ts';
import { integerArgument, isWord } from './words.ts';

const BAD_OFFSET = 'ERR bit offset is not an integer or out of range';
const BAD_BIT = 'ERR bit is not an integer or out of range';

/** The byte that SETBIT is about to write. */
const oneByte = new Uint8Array(1);

/**
 * Argument `index` as the position of a bit that a value may have; -1 and the error answered else.
 * Where `fieldBits` is given, `#3` means the position of the fourth field of so many bits.
 */
export function bitOffsetArgument(call: Call, index: number, fieldBits = 0): number {
  const { args } = call;
  const start = args.starts[index];
  const hash = fieldBits > 0 && args.bytes[start] === 0x23;
  const number = parseInteger(args.bytes, hash ? start + 1 : start, args.ends[index]);
  const offset = hash ? number * fieldBits : number;
  if (offset >= 0 && Math.floor(offset / 8) < maxValueBytes(call, offset / 8)) return offset;
  call.reply.error(BAD_OFFSET);
  return -1;
}

export function setBit(call: Call): void {
  const { args, reply, store } = call;
  const offset = bitOffsetArgument(call, 2);
  if (offset < 0) return;
  const bit = parseInteger(args.bytes, args.starts[3], args.ends[3]);
  if (bit !== 0 && bit !== 1) return reply.error(BAD_BIT);
  const { value } = store;
  const byte = Math.floor(offset / 8);
  const lengthBytes = find(call, 1) ? value.end - value.start : 0;
  const mask = 0x80 >> (offset % 8);
  const isThere = byte < lengthBytes;
  const before = isThere && (value.bytes[value.start + byte] & mask) !== 0 ? 1 : 0;
  // A bit that stays as it is is no change to clients that watch the key.
  if (isThere && before === bit) {
    // But Redis has taken the value apart by now.
    if (store.form !== FORM_CHANGED) call.effects?.itself();
    store.setForm(FORM_CHANGED);
    return reply.integer(before);
  }
  const old = isThere ? value.bytes[value.start + byte] : 0;
  oneByte[0] = bit === 1 ? old | mask : old & ~mask;
  if (putRange(call, byte, oneByte, 0, 1)) reply.integer(before);
}

export function getBit(call: Call): void {
  const { reply, store } = call;
  const offset = bitOffsetArgument(call, 2);
  if (offset < 0) return;
  if (!find(call, 1)) return reply.integer(0);
  const { bytes, start, end } = store.value;
  const at = start + Math.floor(offset / 8);
  reply.integer(at < end && (bytes[at] & (0x80 >> (offset % 8))) !== 0 ? 1 : 0);
}

export function bitCount(call: Call): void {
  const { args, reply, store } = call;
  if (!find(call, 1)) return reply.integer(0);
  const { bytes, start, end } = store.value;
  if (args.count === 2) return reply.integer(onesInRange(bytes, start, 0, (end - start) * 8));
  if (args.count !== 4 && args.count !== 5) return reply.error(SYNTAX);
  const first = integerArgument(call, 2);
  if (Number.isNaN(first)) return;
  const last = integerArgument(call, 3);
  if (Number.isNaN(last)) return;
  // Redis answers this before it looks at the unit.
  if (first < 0 && last < 0 && first > last) return reply.integer(0);
  const unitBits = rangeUnit(call, 4);
  if (unitBits === 0) return;
  const range = resolveRange(first, last, ((end - start) * 8) / unitBits);
  if (range.first > range.last) return reply.integer(0);
  const beyond = (range.last + 1) * unitBits;
  reply.integer(onesInRange(bytes, start, range.first * unitBits, beyond));
}

/**
 * What the positions of a range count: bytes (8 bits) or bits (1); 0 and the error answered else.
 */
function rangeUnit({ args, reply }: Call, index: number): number {
  if (index >= args.count || isWord(args, index, 'byte')) return 8;
  if (isWord(args, index, 'bit')) return 1;
  reply.error(SYNTAX);
  return 0;
}

export function bitPosition(call: Call): void {
  const { args, reply, store } = call;
  const bit = integerArgument(call, 2);
  if (Number.isNaN(bit)) return;
  if (bit !== 0 && bit !== 1) return reply.error('ERR The bit argument must be 1 or 0.');
  // A missing key is zeros without end.
  if (!find(call, 1)) return reply.integer(bit === 1 ? -1 : 0);
  if (args.count > 6) return reply.error(SYNTAX);
  const first = args.count > 3 ? integerArgument(call, 3) : 0;
  if (Number.isNaN(first)) return;
  const unitBits = rangeUnit(call, 5);
  if (unitBits === 0) return;
  const last = args.count > 4 ? integerArgument(call, 4) : -1;
  if (Number.isNaN(last)) return;
  const { bytes, start, end } = store.value;
  const range = clampRange(first, last, ((end - start) * 8) / unitBits);
  if (range.first > range.last) return reply.integer(-1);
  const beyond = (range.last + 1) * unitBits;
  const position = findBit(bytes, start, range.first * unitBits, beyond, bit);
  // Without an end, zeros follow the value; with one, what lies beyond does not count.
  const unseen = bit === 0 && args.count < 5 ? beyond : -1;
  reply.integer(position < beyond ? position : unseen);
}
