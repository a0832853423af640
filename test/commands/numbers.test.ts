import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digits,
  formatInteger,
  formatInteger64,
  parseInteger,
  parseInteger64,
} from '../../src/commands/numbers.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const written = (start: number) => new TextDecoder().decode(digits.subarray(start));

describe('parseInteger', () => {
  it.each(['', '-', '+1', '01', '-0', '-01', ' 1', '1 ', '1x', '9007199254740992', '1'.repeat(30)])(
    '%j is no safe integer',
    (text) => {
      expect(parseInteger(bytesOf(text), 0, text.length)).toBeNaN();
    },
  );

  it('reads what String writes, within its bytes only', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const bytes = bytesOf(`9${value}9`);
        expect(parseInteger(bytes, 1, bytes.length - 1)).toBe(value);
      }),
    );
  });
});

it('parseInteger64 reads 64 bits and no more', () => {
  const parse = (text: string) => parseInteger64(bytesOf(text), 0, text.length);
  expect(parse('9223372036854775807')).toBe(2n ** 63n - 1n);
  expect(parse('-9223372036854775808')).toBe(-(2n ** 63n));
  expect(parse('9223372036854775808')).toBeUndefined();
  expect(parse('-9223372036854775809')).toBeUndefined();
  expect(parse('-0')).toBeUndefined();
});

it('formatInteger writes what String writes', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(written(formatInteger(value))).toBe(String(value));
    }),
  );
  for (const value of [0, 9, 10, 1e9 - 1, 1e9, 1e9 + 1, 1e15, -1e9, -7]) {
    expect(written(formatInteger(value))).toBe(String(value));
  }
});

it('formatInteger64 writes any 64-bit integer', () => {
  expect(written(formatInteger64(-(2n ** 63n)))).toBe('-9223372036854775808');
});
