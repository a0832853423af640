import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDouble, parseInteger, writeInteger } from '../../src/protocol/number.ts';
import { bytesOf, textOf } from './feed.ts';

function parsed(text: string): number {
  const bytes = bytesOf(`9${text}9`);
  return parseInteger(bytes, 1, bytes.length - 1);
}

function written(value: number): string {
  const bytes = new Uint8Array(24);
  return textOf(bytes, 2, writeInteger(bytes, 2, value));
}

describe('parseInteger', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['-1', -1],
    ['1234567890', 1_234_567_890],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (text, value) => {
    expect(parsed(text)).toBe(value);
  });

  it.each([
    ['nothing', ''],
    ['a sign alone', '-'],
    ['a plus', '+1'],
    ['a leading zero', '01'],
    ['two zeros', '00'],
    ['minus zero', '-0'],
    ['a leading space', ' 1'],
    ['a trailing space', '1 '],
    ['a letter', '1a'],
    ['a fraction', '1.0'],
    ['two signs', '--1'],
    ['one above 64 bits', '9223372036854775808'],
    ['one below 64 bits', '-9223372036854775809'],
    ['twenty digits', '10000000000000000000'],
    ['a very long number', '1'.repeat(1000)],
  ])('refuses %s', (_name, text) => {
    expect(parsed(text)).toBeNaN();
  });

  it.each([
    ['9223372036854775807', 2 ** 63],
    ['-9223372036854775808', -(2 ** 63)],
  ])('takes %s, roughly', (text, value) => {
    expect(parsed(text) / value).toBeCloseTo(1, 12);
  });

  it('reads back every safe integer', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => Object.is(parsed(`${value}`), value)));
  });
});

describe('writeInteger', () => {
  it.each([
    0,
    9,
    10,
    -1,
    -10,
    999_999_999,
    1_000_000_000,
    1_000_000_001,
    10_000_000_000,
    -2_147_483_648,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('writes %i', (value) => {
    expect(written(value)).toBe(`${value}`);
  });

  it('writes every safe integer as String does', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => written(value) === `${value}`));
  });
});

describe('formatDouble', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-2.5, '-2.5'],
    [100, '100'],
    [3.14, '3.1400000000000001'],
    [0.1, '0.10000000000000001'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [1e16, '10000000000000000'],
    [1e17, '1e+17'],
    [1e300, '1.0000000000000001e+300'],
    [5e-324, '4.9406564584124654e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [Number.NaN, 'nan'],
  ])('words %d as %s', (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });

  it('rounds a tie to the even digit, as C does', () => {
    expect(formatDouble(2 ** -25)).toBe('2.9802322387695312e-08');
  });

  it('loses nothing', () => {
    const finite = fc.double({ noDefaultInfinity: true, noNaN: true });
    fc.assert(fc.property(finite, (value) => Object.is(Number(formatDouble(value)), value)));
  });
});
