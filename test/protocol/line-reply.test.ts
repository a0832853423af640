import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineParser, LineReply } from '../../src/protocol/line.ts';
import { bytesOf, feed, sent, textOf } from './feed.ts';

type Say = (reply: LineReply) => void;

function value(text: string): string {
  return sent(LineReply, (reply) => reply.bulk(bytesOf(`>${text}<`), 1, text.length + 1));
}

describe('LineReply', () => {
  it.each<[string, Say, string]>([
    ['OK', (r) => r.ok(), 'OK\n'],
    ['a status', (r) => r.status('PONG'), 'PONG\n'],
    ['an error', (r) => r.error('ERR syntax error'), 'ERR syntax error\n'],
    ['an error of another code', (r) => r.error('WRONGTYPE Bad'), 'ERR WRONGTYPE Bad\n'],
    ['an error on one line', (r) => r.error('ERR a\r\nb'), 'ERR a  b\n'],
    ['an integer', (r) => r.integer(-42), '-42\n'],
    ['a big integer', (r) => r.bigInteger(2n ** 63n - 1n), '9223372036854775807\n'],
    ['text as UTF-8', (r) => r.text('é'), '\xc3\xa9\n'],
    ['no value', (r) => r.nil(), '(nil)\n'],
    ['no array', (r) => r.nilArray(), '(nil)\n'],
    ['no elements', (r) => r.array(0), '(empty array)\n'],
    ['an empty map', (r) => r.map(0), '(empty array)\n'],
    ['an empty set', (r) => r.set(0), '(empty array)\n'],
    ['nothing for an array itself', (r) => r.array(2), ''],
    ['no elements, as told behind them', (r) => r.arrayDone(r.arrayLater(), 0), '(empty array)\n'],
    ['a double', (r) => r.double(2.5), '2.5\n'],
    ['true', (r) => r.boolean(true), '1\n'],
    ['false', (r) => r.boolean(false), '0\n'],
    ['verbatim text on one line', (r) => r.verbatim('txt', 'a\r\nb'), '"a\\r\\nb"\n'],
  ])('writes %s', (_name, say, expected) => {
    expect(sent(LineReply, say)).toBe(expected);
  });

  it('writes one line an element', () => {
    const say: Say = (reply) => {
      reply.array(3);
      reply.text('a b');
      reply.nil();
      reply.integer(7);
    };
    expect(sent(LineReply, say)).toBe('a b\n(nil)\n7\n');
  });

  it('writes a map as keys and values in turn', () => {
    const say: Say = (reply) => {
      reply.map(1);
      reply.text('proto');
      reply.integer(2);
    };
    expect(sent(LineReply, say)).toBe('proto\n2\n');
  });
});

describe('a value of the line protocol', () => {
  it.each([
    'plain',
    'with spaces ',
    ' ',
    '42',
    'PONG',
    'ok',
    'OK ',
    'OKAY',
    'ERR',
    'ERROR at noon',
    '(nil',
    '(nil) ',
    'it\'s "quoted" \\ later',
    "'",
    '\xc3\xa9\xff',
  ])('stands as it is: %j', (text) => {
    expect(value(text)).toBe(`${text}\n`);
  });

  it.each([
    ['', '""'],
    ['OK', '"OK"'],
    ['(nil)', '"(nil)"'],
    ['(empty array)', '"(empty array)"'],
    ['ERR no such thing', '"ERR no such thing"'],
    ['ERR ', '"ERR "'],
    ['"', '"\\""'],
    ['"a"', '"\\"a\\""'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['a\nb', '"a\\nb"'],
    ['a\tb', '"a\\tb"'],
    ['\0\x7f', '"\\x00\\x7f"'],
    ['a\0b\\c\xff', '"a\\x00b\\\\c\xff"'],
  ])('is quoted: %j', (text, expected) => {
    expect(value(text)).toBe(`${expected}\n`);
  });

  it('is one line and is read back, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('OK', '(nil)', '(empty array)', 'ERR x', '""', '\n').map(bytesOf),
    );
    fc.assert(
      fc.property(bytes, (original) => {
        const line = value(textOf(original));
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(readBack(line)).toBe(textOf(original));
      }),
    );
  });

  it('reads as no other reply, whatever the bytes', () => {
    const others = ['OK\n', '(nil)\n', '(empty array)\n', '\n'];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (original) => {
        const line = value(textOf(original));
        return !others.includes(line) && !line.startsWith('ERR ');
      }),
    );
  });
});

/** What a client does with a line that is a value. */
function readBack(line: string): string {
  if (!line.startsWith('"')) return line.slice(0, -1);
  return feed(new LineParser(), [bytesOf(line)]).requests[0][0];
}
