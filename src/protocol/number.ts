/** Numbers as Redis reads and writes them in its protocol. */

const MINUS = 0x2d;
const ZERO = 0x30;
/** Numbers of up to so many digits are written by 32-bit arithmetic. */
const CHUNK_DIGITS = 9;
const CHUNK = 1e9;
/** The longest 64-bit integers have so many digits; only those need comparing with the limit. */
const MAX_DIGITS = 19;
const MAX_POSITIVE = '9223372036854775807';
const MAX_NEGATIVE = '9223372036854775808';

/** The longest integer in decimal: -9223372036854775808. */
export const MAX_INTEGER_BYTES = 20;

/**
 * Reads `bytes[start, end)` as a signed 64-bit integer, as strictly as Redis' `string2ll` does: no
 * plus, no spaces, no leading zero, no `-0`. Returns NaN for anything else. Beyond 2^53 the result
 * is only about right: enough to tell that it is above a limit.
 */
export function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1 && bytes[start] === ZERO) return 0;
  const negative = bytes[start] === MINUS && start < end;
  const first = negative ? start + 1 : start;
  const digits = end - first;
  if (digits < 1 || digits > MAX_DIGITS || bytes[first] === ZERO) return Number.NaN;
  let value = 0;
  for (let i = first; i < end; i++) {
    const digit = bytes[i] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  if (digits === MAX_DIGITS && isAbove(bytes, first, negative ? MAX_NEGATIVE : MAX_POSITIVE)) {
    return Number.NaN;
  }
  return negative ? -value : value;
}

/** Whether as many digits at `bytes[start]` make a larger number than `limit`. */
function isAbove(bytes: Uint8Array, start: number, limit: string): boolean {
  for (let i = 0; i < limit.length; i++) {
    const difference = bytes[start + i] - limit.charCodeAt(i);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/**
 * Writes the safe integer `value` in decimal at `bytes[at]` and returns the position after it. The
 * caller has made room for MAX_INTEGER_BYTES.
 */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writeMagnitude(bytes, at, value);
  bytes[at] = MINUS;
  return writeMagnitude(bytes, at + 1, -value);
}

function writeMagnitude(bytes: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    bytes[at] = ZERO + value;
    return at + 1;
  }
  if (value < 100) {
    const tens = (value / 10) | 0;
    bytes[at] = ZERO + tens;
    bytes[at + 1] = ZERO + value - tens * 10;
    return at + 2;
  }
  if (value < CHUNK) return writeDigits(bytes, at, value, countDigits(value));
  const high = Math.floor(value / CHUNK);
  const next = writeMagnitude(bytes, at, high);
  return writeDigits(bytes, next, value - high * CHUNK, CHUNK_DIGITS);
}

/** Writes `count` digits, with leading zeros. `value` is below 10^9. */
function writeDigits(bytes: Uint8Array, at: number, value: number, count: number): number {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    const quotient = (rest / 10) | 0;
    bytes[i] = ZERO + rest - quotient * 10;
    rest = quotient;
  }
  return at + count;
}

function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; limit <= value; limit *= 10) digits++;
  return digits;
}

/** 17 significant digits tell any two doubles apart. */
const SIGNIFICANT_DIGITS = 17;
/** Enough more to tell a tie from a value just above it. */
const TIE_DIGITS = 60;

/**
 * A double as Redis 7.0 words it (`addReplyDouble`): C's `%.17g`, and `inf`, `-inf`, `nan`.
 */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  const { digits, exponent } = significant(Math.abs(value));
  if (exponent < -4 || exponent >= SIGNIFICANT_DIGITS) {
    return sign + withPoint(digits, 1) + exponentText(exponent);
  }
  if (exponent >= 0) return sign + withPoint(digits, exponent + 1);
  return sign + withPoint('0'.repeat(-exponent) + digits, 1);
}

/** The 17 digits and the power of ten of the first. Ties go to the even digit, as in C. */
function significant(value: number): { digits: string; exponent: number } {
  const exact = value.toExponential(TIE_DIGITS);
  const point = exact.indexOf('e');
  const digits = exact[0] + exact.slice(2, point);
  const kept = digits.slice(0, SIGNIFICANT_DIGITS);
  const tie = /^50*$/.test(digits.slice(SIGNIFICANT_DIGITS));
  if (tie && Number(kept.at(-1)) % 2 === 0) {
    return { digits: kept, exponent: Number(exact.slice(point + 1)) };
  }
  const [mantissa, exponent] = value.toExponential(SIGNIFICANT_DIGITS - 1).split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function withPoint(digits: string, position: number): string {
  const fraction = digits.slice(position).replace(/0+$/, '');
  return digits.slice(0, position) + (fraction === '' ? '' : `.${fraction}`);
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
