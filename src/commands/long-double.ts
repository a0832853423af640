/**
 * The floating-point numbers of INCRBYFLOAT: x87 extended precision (64 bits of mantissa), which is
 * what Redis uses on x86-64; a JavaScript number's 53 bits would show in the last digits. Cold code
 * over BigInt. Not modelled: subnormal numbers, which no output of 17 decimals can show.
 */

/** `mantissa × 2^exponent`. Rounded: the mantissa has at most 64 bits. */
export interface LongDouble {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const MANTISSA_BITS = 64;
/** The largest is just under 2^16384; anything below 2^-16445 is zero. */
const MAX_EXPONENT = 16384;
const MIN_EXPONENT = -16445;
/**
 * Decimal exponents beyond these are out of range whatever the digits: no need to work them out.
 */
const MAX_MAGNITUDE = 4934;
const MIN_MAGNITUDE = -4952;
/** Redis reads numbers in a buffer of this size, with a final zero. */
const MAX_TEXT = 5 * 1024 - 1;
/** Decimals that are written. */
const DECIMALS = 17;

export const INFINITE = 'infinite';

/** The number that `text` spells, INFINITE, or undefined: no number, or out of range, or NaN. */
export function parseLongDouble(text: string): LongDouble | typeof INFINITE | undefined {
  if (text.length > MAX_TEXT) return undefined;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return INFINITE;
  const decimal = /^([+-]?)(?=\.?[0-9])([0-9]*)\.?([0-9]*)(?:e([+-]?[0-9]+))?$/i.exec(text);
  if (decimal !== null) return fromDecimal(decimal);
  const hex = /^([+-]?)0x(?=\.?[0-9a-f])([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?[0-9]+))?$/i.exec(text);
  return hex === null ? undefined : fromHex(hex);
}

function fromDecimal([, sign, whole, fraction, power]: RegExpExecArray): LongDouble | undefined {
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return { mantissa: 0n, exponent: 0 };
  const tens = Number(power ?? 0) - fraction.length;
  const magnitude = tens + digits.length;
  if (magnitude > MAX_MAGNITUDE || magnitude < MIN_MAGNITUDE) return undefined;
  const numerator = BigInt(sign === '-' ? `-${digits}` : digits);
  if (tens >= 0) return inRange(round(numerator * 10n ** BigInt(tens), 0, false));
  return inRange(divide(numerator, 10n ** BigInt(-tens)));
}

function fromHex([, sign, whole, fraction, power]: RegExpExecArray): LongDouble | undefined {
  const digits = BigInt(`0x${whole}${fraction}`);
  const exponent = Number(power ?? 0) - 4 * fraction.length;
  return inRange(round(sign === '-' ? -digits : digits, exponent, false));
}

/** The sum, or undefined where it is too large. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble | undefined {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum =
    (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent));
  return inRange(round(sum, exponent, false));
}

/** In plain decimals, at most 17 after the point, no zeros at the end. */
export function formatLongDouble({ mantissa, exponent }: LongDouble): string {
  const size = mantissa < 0n ? -mantissa : mantissa;
  const scaled = size * 10n ** BigInt(DECIMALS);
  const units = exponent >= 0 ? scaled << BigInt(exponent) : halfEven(scaled, -exponent, false);
  const text = units.toString().padStart(DECIMALS + 1, '0');
  const fraction = text.slice(-DECIMALS).replace(/0+$/, '');
  const whole = text.slice(0, -DECIMALS);
  const sign = mantissa < 0n && units > 0n ? '-' : '';
  return `${sign}${whole}${fraction === '' ? '' : '.'}${fraction}`;
}

function divide(numerator: bigint, denominator: bigint): LongDouble {
  const size = numerator < 0n ? -numerator : numerator;
  // Two bits more than are kept, and the remainder as a hint: enough to round rightly.
  const shift = Math.max(0, MANTISSA_BITS + 2 + bitLength(denominator) - bitLength(size));
  const shifted = size << BigInt(shift);
  const quotient = shifted / denominator;
  const inexact = shifted % denominator !== 0n;
  return round(numerator < 0n ? -quotient : quotient, -shift, inexact);
}

/** To 64 bits, halves to even; `inexact`: a little more than `value` is meant. */
function round(value: bigint, exponent: number, inexact: boolean): LongDouble {
  const size = value < 0n ? -value : value;
  const excess = bitLength(size) - MANTISSA_BITS;
  if (excess <= 0) return { mantissa: value, exponent };
  const kept = halfEven(size, excess, inexact);
  return { mantissa: value < 0n ? -kept : kept, exponent: exponent + excess };
}

/** `size / 2^bits`, halves to even. */
function halfEven(size: bigint, bits: number, inexact: boolean): bigint {
  const kept = size >> BigInt(bits);
  const rest = size - (kept << BigInt(bits));
  const half = 1n << BigInt(bits - 1);
  const up = rest > half || (rest === half && (inexact || (kept & 1n) === 1n));
  return up ? kept + 1n : kept;
}

/** Undefined where the number is too large, or so small that it would become zero. */
function inRange(number: LongDouble): LongDouble | undefined {
  if (number.mantissa === 0n) return number;
  const size = number.mantissa < 0n ? -number.mantissa : number.mantissa;
  const magnitude = bitLength(size) + number.exponent;
  return magnitude > MAX_EXPONENT || magnitude < MIN_EXPONENT ? undefined : number;
}

function bitLength(size: bigint): number {
  return size === 0n ? 0 : size.toString(2).length;
}
