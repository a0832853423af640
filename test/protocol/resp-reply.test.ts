import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { RespReply } from '../../src/protocol/resp.ts';
import { bytesOf, sent, textOf } from './feed.ts';

type Say = (reply: RespReply) => void;

function sentIn(version: number, say: Say): string {
  return sent(RespReply, (reply) => {
    reply.version = version;
    say(reply);
  });
}

describe('RespReply', () => {
  const both: Array<[name: string, say: Say, expected: string]> = [
    ['OK', (r) => r.ok(), '+OK\r\n'],
    ['a status', (r) => r.status('PONG'), '+PONG\r\n'],
    ['an error', (r) => r.error('ERR syntax error'), '-ERR syntax error\r\n'],
    ['an error on one line', (r) => r.error("got '\r\n'"), "-got '  '\r\n"],
    ['an error with any byte', (r) => r.error("got '\xff\0'"), "-got '\xff\0'\r\n"],
    ['zero', (r) => r.integer(0), ':0\r\n'],
    ['a negative integer', (r) => r.integer(-42), ':-42\r\n'],
    ['2^53 - 1', (r) => r.integer(Number.MAX_SAFE_INTEGER), ':9007199254740991\r\n'],
    ['a small big integer', (r) => r.bigInteger(-7n), ':-7\r\n'],
    ['2^63 - 1', (r) => r.bigInteger(2n ** 63n - 1n), ':9223372036854775807\r\n'],
    ['-2^63', (r) => r.bigInteger(-(2n ** 63n)), ':-9223372036854775808\r\n'],
    ['a part of some bytes', (r) => r.bulk(bytesOf('hello'), 1, 4), '$3\r\nell\r\n'],
    ['an empty bulk', (r) => r.bulk(bytesOf('hello'), 2, 2), '$0\r\n\r\n'],
    ['any bytes', (r) => r.bulk(bytesOf('\0\xff\r\n'), 0, 4), '$4\r\n\0\xff\r\n\r\n'],
    ['text as UTF-8', (r) => r.text('é'), '$2\r\n\xc3\xa9\r\n'],
    ['an array', (r) => r.array(12), '*12\r\n'],
    ['an empty array', (r) => r.array(0), '*0\r\n'],
  ];

  it.each(both)('writes %s alike in both versions', (_name, say, expected) => {
    expect(sentIn(2, say)).toBe(expected);
    expect(sentIn(3, say)).toBe(expected);
  });

  /** `count` integers in an array whose length is told behind them. */
  function later(reply: RespReply, count: number): void {
    const mark = reply.arrayLater();
    for (let i = 0; i < count; i++) reply.integer(7);
    reply.arrayDone(mark, count);
  }

  it.each([0, 1, 9, 10, 99, 100, 123_456])('tells of %i replies behind them', (count) => {
    const expected = `+OK\r\n*${count}\r\n${':7\r\n'.repeat(count)}`;
    const say: Say = (reply) => {
      reply.ok();
      later(reply, count);
    };
    expect(sentIn(2, say)).toBe(expected);
    expect(sentIn(3, say)).toBe(expected);
  });

  it('tells of one array within another behind both', () => {
    const say: Say = (reply) => {
      const mark = reply.arrayLater();
      for (let i = 0; i < 10; i++) later(reply, 10);
      reply.arrayDone(mark, 10);
      reply.ok();
    };
    const inner = `*10\r\n${':7\r\n'.repeat(10)}`;
    expect(sentIn(2, say)).toBe(`*10\r\n${inner.repeat(10)}+OK\r\n`);
  });

  it('keeps what is lent behind the replies before it', () => {
    const out = new ReplyBuffer();
    const reply = new RespReply(out);
    const mark = reply.arrayLater();
    reply.bulkOnLoan({ bytes: bytesOf('lent'), start: 0, end: 4, giveBack() {} });
    reply.arrayDone(mark, 12);
    const { at } = out.takeInsertion()!;
    expect(textOf(out.bytes.subarray(0, at))).toBe('*12\r\n$4\r\n');
    expect(textOf(out.bytes.subarray(at, out.length))).toBe('\r\n');
  });

  it.each<[string, Say, string, string]>([
    ['no value', (r) => r.nil(), '$-1\r\n', '_\r\n'],
    ['no array', (r) => r.nilArray(), '*-1\r\n', '_\r\n'],
    ['a map', (r) => r.map(7), '*14\r\n', '%7\r\n'],
    ['a set', (r) => r.set(7), '*7\r\n', '~7\r\n'],
    ['a double', (r) => r.double(2.5), '$3\r\n2.5\r\n', ',2.5\r\n'],
    ['infinity', (r) => r.double(Number.POSITIVE_INFINITY), '$3\r\ninf\r\n', ',inf\r\n'],
    ['-infinity', (r) => r.double(Number.NEGATIVE_INFINITY), '$4\r\n-inf\r\n', ',-inf\r\n'],
    ['no number', (r) => r.double(Number.NaN), '$3\r\nnan\r\n', ',nan\r\n'],
    ['true', (r) => r.boolean(true), ':1\r\n', '#t\r\n'],
    ['false', (r) => r.boolean(false), ':0\r\n', '#f\r\n'],
    [
      'verbatim text',
      (r) => r.verbatim('txt', 'é\r\n'),
      '$4\r\n\xc3\xa9\r\n\r\n',
      '=8\r\ntxt:\xc3\xa9\r\n\r\n',
    ],
  ])('writes %s in RESP2 and RESP3', (_name, say, resp2, resp3) => {
    expect(sentIn(2, say)).toBe(resp2);
    expect(sentIn(3, say)).toBe(resp3);
  });

  it('writes what a command says, one after the other', () => {
    const say: Say = (reply) => {
      reply.map(1);
      reply.text('proto');
      reply.integer(3);
    };
    expect(sentIn(3, say)).toBe('%1\r\n$5\r\nproto\r\n:3\r\n');
  });

  it('frames any bytes, in a buffer that has to grow', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (value) => {
        const out = new ReplyBuffer(4);
        new RespReply(out).bulk(value, 0, value.length);
        const expected = `$${value.length}\r\n${textOf(value)}\r\n`;
        expect(textOf(out.bytes, 0, out.length)).toBe(expected);
      }),
    );
  });

  it('writes every safe integer', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        (value) => sentIn(2, (reply) => reply.integer(value)) === `:${value}\r\n`,
      ),
    );
  });
});
