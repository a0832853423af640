/** Counting replies: whole, cut anywhere, nested, and what is no RESP. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyCounter } from '../../src/measure/load/reply-counter.ts';

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function countWhole(text: string): number {
  const input = bytes(text);
  return new ReplyCounter().feed(input, 0, input.length);
}

function countCut(text: string, cuts: readonly number[]): number {
  const input = bytes(text);
  const counter = new ReplyCounter();
  const ends = [...cuts.map((cut) => cut % (input.length + 1)), input.length].sort((a, b) => a - b);
  let start = 0;
  let count = 0;
  for (const end of ends) {
    count += counter.feed(input, start, end);
    start = end;
  }
  return count;
}

describe('one reply', () => {
  test.each([
    ['a simple string', '+OK\r\n'],
    ['an error', '-ERR wrong\r\n'],
    ['an integer', ':-17\r\n'],
    ['a bulk string', '$5\r\nhello\r\n'],
    ['an empty bulk string', '$0\r\n\r\n'],
    ['a null bulk string', '$-1\r\n'],
    ['a bulk string that looks like replies', '$13\r\n+OK\r\n$1\r\n:1\r\n\r\n'],
    ['an array', '*2\r\n$1\r\na\r\n:2\r\n'],
    ['an empty array', '*0\r\n'],
    ['a null array', '*-1\r\n'],
    ['an array in an array', '*2\r\n*2\r\n+a\r\n*0\r\n$-1\r\n'],
    ['a map', '%2\r\n+a\r\n:1\r\n+b\r\n*1\r\n:2\r\n'],
    ['a null and a boolean of RESP3', '*2\r\n_\r\n#t\r\n'],
  ])('%s is one, whole and byte by byte', (_, text) => {
    const everywhere = Array.from(text, (_, index) => index);
    expect([countWhole(text), countCut(text, everywhere)]).toEqual([1, 1]);
  });

  test('an unfinished one is none', () => {
    expect(countWhole('*2\r\n$3\r\nfoo\r\n$3\r\nba')).toBe(0);
  });
});

describe('a stream', () => {
  const scalar = fc.oneof(
    fc.constant('+OK\r\n'),
    fc.constant('$-1\r\n'),
    fc.integer().map((value) => `:${value}\r\n`),
    fc
      .string({ unit: fc.constantFrom('a', '\r', '\n', '$', '*', '+', '9'), maxLength: 20 })
      .map((text) => `$${text.length}\r\n${text}\r\n`),
  );
  const reply = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 5 }).map((all) => `*${all.length}\r\n${all.join('')}`),
  );

  test('gives the same count wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(reply, { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        (all, cuts) => {
          expect(countCut(all.join(''), cuts)).toBe(all.length);
        },
      ),
    );
  });

  test('counts the replies that are errors, but no error within an array', () => {
    const counter = new ReplyCounter();
    const input = bytes('-ERR a\r\n*1\r\n-ERR b\r\n+OK\r\n-ERR c\r\n');
    expect(counter.feed(input, 0, input.length)).toBe(4);
    expect(counter.errors).toBe(2);
  });

  test('ends where what comes is no RESP', () => {
    const counter = new ReplyCounter();
    const input = bytes('+OK\r\nHTTP/1.1 200 OK\r\n+OK\r\n');
    expect(counter.feed(input, 0, input.length)).toBe(1);
    expect(counter.broken).toBe(true);
  });
});
