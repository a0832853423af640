/**
 * The payload of DUMP: a value as in Redis' RDB files, the format's version (two bytes,
 * little-endian) and a CRC-64 of all before it. Strings are written as they are, integers that fit
 * 32 bits in their short form; LZF-compressed strings are read but not written.
 */
import { crc64 } from './crc64.ts';
import { parseInteger } from './numbers.ts';

/** Redis 7.0's. Older ones are read, newer ones refused. */
const RDB_VERSION = 10;
const FOOTER_BYTES = 10;
const TYPE_STRING = 0;

/** The two high bits of a length's first byte. */
const LENGTH_14_BITS = 0x40;
const LENGTH_32_BITS = 0x80;
const LENGTH_64_BITS = 0x81;
const ENCODED = 0xc0;
const INT_8 = 0;
const INT_16 = 1;
const INT_32 = 2;
const LZF = 3;

const WRONG_CHECKSUM = 'ERR DUMP payload version or checksum are wrong';
const BAD_FORMAT = 'ERR Bad data format';
/**
 * A length above this is no string that could have been dumped; it also bounds what LZF may claim.
 */
const MAX_STRING_BYTES = 512 * 1024 * 1024;

/** The payload for the string `bytes[start, end)`. */
export function dumpString(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const lengthBytes = end - start;
  const head = integerForm(bytes, start, end) ?? lengthForm(lengthBytes);
  const body = (head[0] & ENCODED) === ENCODED ? 0 : lengthBytes;
  const payload = new Uint8Array(1 + head.length + body + FOOTER_BYTES);
  payload[0] = TYPE_STRING;
  payload.set(head, 1);
  payload.set(bytes.subarray(start, start + body), 1 + head.length);
  const view = new DataView(payload.buffer);
  view.setUint16(payload.length - FOOTER_BYTES, RDB_VERSION, true);
  view.setBigUint64(payload.length - 8, crc64(payload, 0, payload.length - 8), true);
  return payload;
}

/** Longer than any 32-bit integer's text. */
const INTEGER_BYTES = 11;

function integerForm(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  if (end - start > INTEGER_BYTES) return undefined;
  const value = parseInteger(bytes, start, end);
  if (value >= -(2 ** 7) && value < 2 ** 7) return Uint8Array.of(ENCODED | INT_8, value);
  if (value >= -(2 ** 15) && value < 2 ** 15) {
    return Uint8Array.of(ENCODED | INT_16, value, value >> 8);
  }
  if (value >= -(2 ** 31) && value < 2 ** 31) {
    return Uint8Array.of(ENCODED | INT_32, value, value >> 8, value >> 16, value >> 24);
  }
  return undefined;
}

function lengthForm(lengthBytes: number): Uint8Array {
  if (lengthBytes < 2 ** 6) return Uint8Array.of(lengthBytes);
  if (lengthBytes < 2 ** 14) {
    return Uint8Array.of(LENGTH_14_BITS | (lengthBytes >> 8), lengthBytes);
  }
  const form = new Uint8Array(5);
  form[0] = LENGTH_32_BITS;
  new DataView(form.buffer).setUint32(1, lengthBytes);
  return form;
}

/** The string in a payload, or the error to answer. */
export function readDump(payload: Uint8Array): Uint8Array | string {
  const end = payload.length - FOOTER_BYTES;
  if (end < 0) return WRONG_CHECKSUM;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  if (view.getUint16(end, true) > RDB_VERSION) return WRONG_CHECKSUM;
  if (view.getBigUint64(end + 2, true) !== crc64(payload, 0, end + 2)) return WRONG_CHECKSUM;
  if (payload[0] !== TYPE_STRING) return BAD_FORMAT;
  return readString({ payload, view, at: 1, end }) ?? BAD_FORMAT;
}

interface Cursor {
  readonly payload: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly end: number;
}

function readString(cursor: Cursor): Uint8Array | undefined {
  const { payload, view, at, end } = cursor;
  if (at >= end) return undefined;
  switch (payload[at] >= ENCODED ? payload[at] - ENCODED : -1) {
    case INT_8:
      return at + 2 <= end ? decimal(view.getInt8(at + 1)) : undefined;
    case INT_16:
      return at + 3 <= end ? decimal(view.getInt16(at + 1, true)) : undefined;
    case INT_32:
      return at + 5 <= end ? decimal(view.getInt32(at + 1, true)) : undefined;
    case LZF:
      cursor.at++;
      return readCompressed(cursor);
    default:
      return take(cursor, readLength(cursor));
  }
}

function decimal(value: number): Uint8Array {
  return new TextEncoder().encode(String(value));
}

function take(cursor: Cursor, lengthBytes: number): Uint8Array | undefined {
  const start = cursor.at;
  if (lengthBytes < 0 || lengthBytes > cursor.end - start) return undefined;
  cursor.at += lengthBytes;
  return cursor.payload.subarray(start, cursor.at);
}

/** -1 for what is no length. */
function readLength(cursor: Cursor): number {
  const { payload, view, at, end } = cursor;
  if (at >= end) return -1;
  const first = payload[at];
  const sizeBytes =
    first === LENGTH_32_BITS ? 5 : first === LENGTH_64_BITS ? 9 : first < LENGTH_14_BITS ? 1 : 2;
  if (first >= ENCODED || (first > LENGTH_64_BITS && first < ENCODED)) return -1;
  if (at + sizeBytes > end) return -1;
  cursor.at += sizeBytes;
  if (sizeBytes === 1) return first;
  if (sizeBytes === 2) return ((first & 0x3f) << 8) | payload[at + 1];
  return sizeBytes === 5 ? view.getUint32(at + 1) : Number(view.getBigUint64(at + 1));
}

function readCompressed(cursor: Cursor): Uint8Array | undefined {
  const packedBytes = readLength(cursor);
  const lengthBytes = packedBytes < 0 ? -1 : readLength(cursor);
  const packed = take(cursor, packedBytes);
  if (packed === undefined || lengthBytes < 0) return undefined;
  // LZF grows its input at most 264 bytes out of 3: a claim beyond that must not cost memory.
  if (lengthBytes > Math.min(MAX_STRING_BYTES, packedBytes * 88)) return undefined;
  return unpackLzf(packed, lengthBytes);
}

/** LZF: runs of literal bytes (a count under 32) and references back into what came out so far. */
function unpackLzf(packed: Uint8Array, lengthBytes: number): Uint8Array | undefined {
  const out = new Uint8Array(lengthBytes);
  let to = 0;
  for (let at = 0; at < packed.length; ) {
    const control = packed[at++];
    if (control < 32) {
      const run = control + 1;
      if (at + run > packed.length || to + run > lengthBytes) return undefined;
      out.set(packed.subarray(at, at + run), to);
      at += run;
      to += run;
      continue;
    }
    let run = (control >> 5) + 2;
    if (run === 9) run += packed[at++] ?? 0;
    const from = to - ((control & 0x1f) << 8) - (packed[at++] ?? 0) - 1;
    if (at > packed.length || from < 0 || to + run > lengthBytes) return undefined;
    // Byte by byte: the reference may reach into what it is writing.
    for (let i = 0; i < run; i++) out[to + i] = out[from + i];
    to += run;
  }
  return to === lengthBytes ? out : undefined;
}
