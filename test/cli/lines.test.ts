/** Text within the width of a terminal. */
import { describe, expect, test } from 'vitest';
import { widthOf, wrapped } from '../../src/cli/compare/lines.ts';

describe('text', () => {
  test.each<[string, number, string, string[]]>([
    ['fits', 10, '', ['fits']],
    ['one two three', 8, '', ['one two', 'three']],
    ['one two three', 8, '  ', ['one two', '  three']],
    ['a abcdefghij', 4, '', ['a', 'abcd', 'efgh', 'ij']],
    ['a  b\nc', 10, '', ['a b c']],
  ])('%j in %d columns', (text, width, indent, expected) => {
    expect(wrapped(text, width, indent)).toEqual(expected);
  });

  test.each([60, 100, 200])('of any length has all of its words in %d columns', (width) => {
    const text = Array.from({ length: 99 }, (_, at) => 'x'.repeat(at % 17)).join(' ');
    const lines = wrapped(text, width, '    ');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines.join(' ').split(/ +/)).toEqual(text.trim().split(/ +/));
  });
});

test.each([
  [undefined, 100],
  [0, 100],
  [80, 80],
  [20, 60],
])('a terminal of %j columns has room for %d', (columns, expected) => {
  expect(widthOf(columns === undefined ? {} : { columns })).toBe(expected);
});
