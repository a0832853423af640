import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineParser } from '../../src/protocol/line.ts';
import { NEED_MORE, PROTOCOL_ERROR, REQUEST } from '../../src/protocol/parser.ts';
import { appendQuoted } from '../../src/protocol/quote.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';
import { bytesOf, cutAt, cuts, feed, textOf } from './feed.ts';

describe('LineParser reads', () => {
  const streams: Array<[name: string, stream: string, requests: string[][]]> = [
    ['a request', 'SET key value\n', [['SET', 'key', 'value']]],
    ['a request that ends in CR LF', 'GET key\r\n', [['GET', 'key']]],
    ['quotes', 'SET key "a b\\r\\n\\x00\\xff"\n', [['SET', 'key', 'a b\r\n\0\xff']]],
    ['NUL and 0xff as they are', 'SET k\0 \xff\n', [['SET', 'k\0', '\xff']]],
    ['an empty argument', "ECHO ''\n", [['ECHO', '']]],
    ['pipelined requests', 'PING\nGET k\r\nPING\n', [['PING'], ['GET', 'k'], ['PING']]],
    ['nothing in empty lines', '\n\r\n  \nPING\n\n', [['PING']]],
    ['nothing special in * and $', '*1\r\n$4 x\r\n', [['*1'], ['$4', 'x']]],
  ];

  it.each(streams)('%s, however it is cut', (_name, stream, requests) => {
    for (const [cut, chunks] of cuts(stream)) {
      expect(feed(new LineParser(), chunks), cut).toEqual({ requests, error: '', left: 0 });
    }
  });

  it.each(streams)('%s, and leaves what follows', (_name, stream, requests) => {
    for (const [cut, chunks] of cuts(`${stream}PIN`)) {
      expect(feed(new LineParser(), chunks), cut).toEqual({ requests, error: '', left: 3 });
    }
  });

  it('any arguments in quotes back, wherever the lines are cut', () => {
    const vector = fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 5 });
    const positions = fc.array(fc.nat(500), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 5 }), positions, (vectors, where) => {
        const stream = lines(vectors);
        const requests = vectors.map((args) => args.map((arg) => textOf(arg)));
        const outcome = feed(new LineParser(), cutAt(stream, where));
        expect(outcome).toEqual({ requests, error: '', left: 0 });
      }),
    );
  });

  it('no byte twice while it looks for the end of a line', () => {
    const original = bytesOf(`ECHO ${'x'.repeat(60_000)}\n`);
    const bytes = original.slice();
    const parser = new LineParser();
    let early = 0;
    for (let end = 1; end < bytes.length; end++) {
      if (parser.parse(bytes, 0, end) !== NEED_MORE) early++;
      if (end > 'ECHO '.length) bytes[end - 1] = 0x0a;
    }
    bytes.set(original);
    expect(early).toBe(0);
    expect(parser.parse(bytes, 0, bytes.length)).toBe(REQUEST);
    expect(parser.args.length(1)).toBe(60_000);
  });
});

function lines(vectors: Uint8Array[][]): Uint8Array {
  const out = new ReplyBuffer();
  for (const args of vectors) {
    for (const arg of args) {
      appendQuoted(out, arg, 0, arg.length);
      out.appendText(' ');
    }
    out.appendText('\n');
  }
  return out.bytes.slice(0, out.length);
}

describe('LineParser refuses', () => {
  it.each(['GET "k\n', "GET 'k\n", 'GET "k"k\n'])('%j, however it is cut', (stream) => {
    for (const [cut, chunks] of cuts(`PING\n${stream}`)) {
      const outcome = feed(new LineParser(), chunks);
      expect(outcome.requests, cut).toEqual([['PING']]);
      expect(outcome.error, cut).toBe('ERR Protocol error: unbalanced quotes in request');
    }
  });

  it.each([
    [65_535, REQUEST, NEED_MORE],
    [65_536, REQUEST, NEED_MORE],
    [65_537, PROTOCOL_ERROR, PROTOCOL_ERROR],
  ])('a line of %i bytes, ended or not', (length, ended, unended) => {
    const bytes = bytesOf(`${'x'.repeat(length)}\n`);
    expect(new LineParser().parse(bytes, 0, length + 1)).toBe(ended);
    const parser = new LineParser();
    expect(parser.parse(bytes, 0, length)).toBe(unended);
    if (unended === PROTOCOL_ERROR) {
      expect(parser.error).toBe('ERR Protocol error: too big inline request');
    }
  });

  it('nothing of the last line after reset', () => {
    const parser = new LineParser();
    feed(parser, [bytesOf('GET k')]);
    parser.reset();
    expect(parser.args.bytes.length).toBe(0);
    expect(feed(parser, [bytesOf('PING\n')]).requests).toEqual([['PING']]);
  });
});
