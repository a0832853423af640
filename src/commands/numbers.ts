/**
 * Integers as Redis reads and writes them: only the shortest decimal form counts (no sign `+`, no
 * leading zero, no blank), within 64 bits. Bytes in, bytes out, no string on the way; BigInt only
 * for what lies beyond the safe integers.
 */

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

export const INT64_MAX = 2n ** 63n - 1n;
export const INT64_MIN = -(2n ** 63n);

/** Digits that surely fit a safe integer. */
const SAFE_DIGITS = 15;
/** `-9223372036854775808`. */
const INT64_LENGTH = 20;

/** The safe integer that `bytes[start, end)` spells, or NaN. */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  const negative = start < end && bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits < 1 || digits > SAFE_DIGITS + 1) return Number.NaN;
  if (bytes[first] === ZERO) return digits === 1 && !negative ? 0 : Number.NaN;
  let value = 0;
  for (let i = first; i < end; i++) {
    const byte = bytes[i];
    if (byte < ZERO || byte > NINE) return Number.NaN;
    value = value * 10 + (byte - ZERO);
  }
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return negative ? -value : value;
}

/** The 64-bit integer that `bytes[start, end)` spells, or undefined. */
export function parseInteger64(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  if (end - start < 1 || end - start > INT64_LENGTH) return undefined;
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  if (!/^(?:0|-?[1-9][0-9]*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

/** Where `formatInteger` leaves the digits: `digits[position, digits.length)`. */
export const digits = new Uint8Array(INT64_LENGTH);

/** Below this, remainders are computed in 32-bit integers, several times as fast. */
const BILLION = 1e9;

/** Writes the decimal form of a safe integer at the end of `digits`; returns where it starts. */
export function formatInteger(value: number): number {
  let rest = Math.abs(value);
  let position = digits.length;
  while (rest >= BILLION) {
    const upper = Math.floor(rest / BILLION);
    position = formatPart((rest - upper * BILLION) | 0, position, position - 9);
    rest = upper;
  }
  position = formatPart(rest | 0, position, position - 1);
  if (value < 0) digits[--position] = MINUS;
  return position;
}

/** Writes `part` before `position`, padded with zeros as far as `atMost`. */
function formatPart(part: number, position: number, atMost: number): number {
  let at = position;
  let rest = part;
  while (rest > 0 || at > atMost) {
    const upper = (rest / 10) | 0;
    digits[--at] = ZERO + (rest - upper * 10);
    rest = upper;
  }
  return at;
}

/** The same for any 64-bit integer. */
export function formatInteger64(value: bigint): number {
  const text = value.toString();
  const position = digits.length - text.length;
  for (let i = 0; i < text.length; i++) digits[position + i] = text.charCodeAt(i);
  return position;
}
