import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEED_MORE, PROTOCOL_ERROR, REQUEST } from '../../src/protocol/parser.ts';
import { RespParser } from '../../src/protocol/resp.ts';
import { argumentsOf, bytesOf, cutAt, cuts, feed, resp, textOf } from './feed.ts';

describe('RespParser glances', () => {
  const glanced = (text: string) => {
    const parser = new RespParser();
    const bytes = bytesOf(text);
    const seen = parser.glance(bytes, 0, bytes.length);
    const { next } = parser;
    const words = seen ? argumentsOf(parser) : [];
    // Whatever it saw, the request can be read as if nobody had looked.
    const again = feed(parser, [bytes]);
    expect(again).toEqual(feed(new RespParser(), [bytes]));
    return { words, next: seen ? next : 0 };
  };

  it('at the first of several requests', () => {
    expect(glanced(resp('GET', 'k') + resp('PING'))).toEqual({ words: ['GET', 'k'], next: 20 });
  });

  it.each([
    ['nothing', ''],
    ['a part of a request', '*2\r\n$3\r\nGET\r\n$1\r\n'],
    ['an error', '*2\r\n!'],
    ['a line', 'GET k\r\n'],
  ])('at %s in vain', (_name, text) => {
    expect(glanced(text).words).toEqual([]);
  });
});

describe('RespParser reads', () => {
  const streams: Array<[name: string, stream: string, requests: string[][]]> = [
    ['a request', '*2\r\n$3\r\nGET\r\n$1\r\nk\r\n', [['GET', 'k']]],
    ['an empty argument', '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', [['ECHO', '']]],
    [
      'NUL, 0xff and CRLF in a value',
      resp('SET', 'k', '\0\xff\r\n$1\r\n'),
      [['SET', 'k', '\0\xff\r\n$1\r\n']],
    ],
    ['ten arguments', resp(...'abcdefghij'), [[...'abcdefghij']]],
    ['lengths of several digits', resp('SET', 'x'.repeat(123)), [['SET', 'x'.repeat(123)]]],
    [
      'pipelined requests',
      resp('GET', 'a') + resp('DEL', 'b', 'c') + resp('PING'),
      [['GET', 'a'], ['DEL', 'b', 'c'], ['PING']],
    ],
    ['an inline command', 'SET k v\r\n', [['SET', 'k', 'v']]],
    ['an inline command that ends in LF alone', 'PING\n', [['PING']]],
    ['an inline command with quotes', 'SET k "a b\\r\\n\\x00"\r\n', [['SET', 'k', 'a b\r\n\0']]],
    ['an inline empty argument', 'ECHO ""\r\n', [['ECHO', '']]],
    [
      'inline and RESP in turn',
      `PING\r\n${resp('GET', 'k')}PING\n`,
      [['PING'], ['GET', 'k'], ['PING']],
    ],
    ['nothing in empty lines', '\r\n\n \t\r\nPING\r\n\r\n', [['PING']]],
    ['nothing in requests without arguments', `*0\r\n*-10\r\n${resp('PING')}*-1\r\n`, [['PING']]],
    ['nothing in the lowest count', `*-9223372036854775808\r\n${resp('PING')}`, [['PING']]],
    ['any byte where Redis checks for none', '*2\rX$4\rXPINGXX$1\r\naXX', [['PING', 'a']]],
  ];

  it.each(streams)('%s, however it is cut', (_name, stream, requests) => {
    for (const [cut, chunks] of cuts(stream)) {
      expect(feed(new RespParser(), chunks), cut).toEqual({ requests, error: '', left: 0 });
    }
  });

  it.each(streams)('%s, and leaves what follows', (_name, stream, requests) => {
    for (const trailing of ['*', '*2\r\n$3\r\nGE', 'PIN']) {
      for (const [cut, chunks] of cuts(stream + trailing)) {
        const left = trailing.length;
        expect(feed(new RespParser(), chunks), cut).toEqual({ requests, error: '', left });
      }
    }
  });

  it('every list of argument vectors back, wherever it is cut', () => {
    const vector = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 12 });
    const positions = fc.array(fc.nat(2000), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 8 }), positions, (vectors, where) => {
        const requests = vectors.map((args) => args.map((arg) => textOf(arg)));
        const stream = bytesOf(requests.map((args) => resp(...args)).join(''));
        const outcome = feed(new RespParser(), cutAt(stream, where));
        expect(outcome).toEqual({ requests, error: '', left: 0 });
      }),
    );
  });

  it('any bytes at all the same way, wherever they are cut', () => {
    const pieces = ['*', '$', '\r\n', '\r', '\n', '0', '1', '2', '-1', ' ', '"', "'", '\\', '\0'];
    const piece = fc.constantFrom(...pieces, 'abc', resp('GET', 'k'), '*2\r\n$1\r\n', '\xff');
    const positions = fc.array(fc.nat(100), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), positions, (parts, where) => {
        const stream = bytesOf(parts.join(''));
        const cut = feed(new RespParser(), cutAt(stream, where));
        expect(cut).toEqual(feed(new RespParser(), [stream]));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('RespParser refuses', () => {
  it.each([
    ['a quote left open', 'GET "k\r\n', 'unbalanced quotes in request'],
    ['a quote closed within a word', 'GET "k"k\r\n', 'unbalanced quotes in request'],
    ['no count', '*\r\n', 'invalid multibulk length'],
    ['a count that is no number', '*a\r\n', 'invalid multibulk length'],
    ['a plus', '*+1\r\n', 'invalid multibulk length'],
    ['a leading zero', '*01\r\n', 'invalid multibulk length'],
    ['a space', '*1 \r\n', 'invalid multibulk length'],
    ['minus zero', '*-0\r\n', 'invalid multibulk length'],
    ['a count below 64 bits', '*-9223372036854775809\r\n', 'invalid multibulk length'],
    ['another byte than $', '*1\r\n+4\r\nPING\r\n', "expected '$', got '+'"],
    ['another byte than $ later', '*2\r\n$1\r\nk\r\n*1\r\n', "expected '$', got '*'"],
    ['a byte above 127 for $', '*1\r\n\xff\r\n', "expected '$', got '\xff'"],
    ['a CR for $', '*1\r\n\r\n', "expected '$', got '\r'"],
    ['no length', '*1\r\n$\r\n', 'invalid bulk length'],
    ['a length that is no number', '*1\r\n$x\r\n', 'invalid bulk length'],
    ['a length with a leading zero', '*1\r\n$04\r\n', 'invalid bulk length'],
    ['a negative length', '*1\r\n$-1\r\n', 'invalid bulk length'],
  ])('%s, however it is cut', (_name, stream, error) => {
    for (const [cut, chunks] of cuts(resp('GET', 'k') + stream)) {
      const outcome = feed(new RespParser(), chunks);
      expect(outcome.error, cut).toBe(`ERR Protocol error: ${error}`);
      expect(outcome.requests, cut).toEqual([['GET', 'k']]);
    }
  });

  it('nothing before the line is there whole', () => {
    for (const stream of ['*x', '*1\r\nX', '*1\r\n$-1\r', 'GET "k']) {
      expect(feed(new RespParser(), [bytesOf(stream)]).error).toBe('');
    }
  });

  it('a line with a NUL in it only once it is too long, as no end of it is seen', () => {
    const stream = 'GET\0k\r\nPING\r\n';
    expect(feed(new RespParser(), [bytesOf(stream)])).toMatchObject({ requests: [], error: '' });
    const long = bytesOf(stream.padEnd(65_537, 'x'));
    expect(feed(new RespParser(), [long]).error).toMatch('too big inline request');
  });

  it('and starts afresh after reset', () => {
    const parser = new RespParser();
    feed(parser, [bytesOf('*2\r\n$3\r\nGET\r\n$x\r\n')]);
    parser.reset();
    expect(feed(parser, [bytesOf(resp('PING'))]).requests).toEqual([['PING']]);
  });
});

describe('RespParser reads in place', () => {
  it('points at the bytes it was given', () => {
    const parser = new RespParser();
    const bytes = bytesOf(`..${resp('GET', 'key')}..`);
    expect(parser.parse(bytes, 2, bytes.length - 2)).toBe(REQUEST);
    expect(parser.args.bytes).toBe(bytes);
    expect(bytes.subarray(parser.args.starts[1], parser.args.ends[1])).toEqual(bytesOf('key'));
    expect(parser.next).toBe(bytes.length - 2);
  });

  it('has no arguments of the last request when there is no next', () => {
    const parser = new RespParser();
    const bytes = bytesOf(resp('GET', 'k'));
    parser.parse(bytes, 0, bytes.length);
    expect(parser.parse(bytes, parser.next, bytes.length)).toBe(NEED_MORE);
    expect(parser.args.count).toBe(0);
  });

  it('says how much a large value will take, from the first byte of its request', () => {
    const parser = new RespParser();
    const head = bytesOf('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000000\r\n');
    expect(parser.parse(head, 0, head.length)).toBe(NEED_MORE);
    expect(parser.next).toBe(0);
    expect(parser.expected).toBe(head.length + 1_000_000 + 2);
  });

  it('expects nothing while no length is known', () => {
    for (const stream of ['*2\r\n', '*1000000\r\n$', 'PIN', '']) {
      const parser = new RespParser();
      parser.parse(bytesOf(stream), 0, stream.length);
      expect(parser.expected).toBe(0);
    }
  });

  it('takes no memory for a count that is only announced', () => {
    const parser = new RespParser();
    const bytes = bytesOf('*1000000\r\n$1\r\na\r\n');
    parser.parse(bytes, 0, bytes.length);
    expect(parser.args.starts.length).toBe(64);
  });

  it('forgets an unfinished request on reset', () => {
    const parser = new RespParser();
    const bytes = bytesOf('*2\r\n$3\r\nGET\r\n$9\r\n');
    parser.parse(bytes, 0, bytes.length);
    parser.reset();
    expect(parser.args.bytes.length).toBe(0);
    const ping = bytesOf('PING\r\n');
    expect(parser.parse(ping, 0, ping.length)).toBe(REQUEST);
    expect(argumentsOf(parser)).toEqual(['PING']);
  });
});

/**
 * How the tests below show that no byte is read again: it is overwritten once it was understood.
 */
describe('RespParser reads no byte twice', () => {
  const OVERWRITTEN = 0x21;

  it('in a request of 20000 arguments that comes byte by byte', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => `${i % 10}`);
    const bytes = bytesOf(resp(...values));
    const longestElement = '$1\r\n0\r\n'.length;
    const parser = new RespParser();
    let early = 0;
    for (let end = 1; end < bytes.length; end++) {
      if (parser.parse(bytes, 0, end) !== NEED_MORE) early++;
      if (end > longestElement) bytes[end - longestElement - 1] = OVERWRITTEN;
    }
    expect(early).toBe(0);
    expect(parser.parse(bytes, 0, bytes.length)).toBe(REQUEST);
    expect(parser.args.count).toBe(20_000);
    expect(parser.args.ends[19_999]).toBe(bytes.length - 2);
  });

  it.each([
    ['an inline command', 'ECHO ', '\n', REQUEST],
    ['a count', '*', '\r\n', PROTOCOL_ERROR],
    ['a length', '*1\r\n$', '\r\n', PROTOCOL_ERROR],
  ])('in the line of %s that comes byte by byte', (_name, before, after, result) => {
    const original = bytesOf(`${before}${'1'.repeat(60_000)}${after}`);
    const bytes = original.slice();
    const parser = new RespParser();
    let early = 0;
    for (let end = 1; end < bytes.length; end++) {
      if (parser.parse(bytes, 0, end) !== NEED_MORE) early++;
      if (end > before.length) bytes[end - 1] = bytesOf(after)[0];
    }
    bytes.set(original);
    expect(early).toBe(0);
    expect(parser.parse(bytes, 0, bytes.length)).toBe(result);
  });

  it('after the unfinished request has moved', () => {
    const parser = new RespParser();
    const first = bytesOf(`....${resp('GET', 'a')}*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nhel`);
    expect(parser.parse(first, 4, first.length)).toBe(REQUEST);
    expect(parser.parse(first, parser.next, first.length)).toBe(NEED_MORE);
    const length = first.length - parser.next;
    const second = new Uint8Array(100).fill(OVERWRITTEN);
    second.set(bytesOf('lo\r\n'), 10 + length);
    parser.moved(second, 10);
    expect(parser.parse(second, 10, 10 + length + 4)).toBe(REQUEST);
    expect(parser.args.bytes).toBe(second);
    expect(parser.args.starts[2]).toBe(10 + length - 3);
    expect(parser.args.length(2)).toBe(5);
  });
});

describe('RespParser tells where the last argument begins', () => {
  const head = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\n';

  it.each([
    ['before its length is known', head.slice(0, -1), -1],
    ['when its length is known', head, head.length],
    ['within it', `${head}hel`, head.length],
    ['while its end is missing', `${head}hello\r`, head.length],
    ['not of an argument before it', head.slice(0, 12), -1],
    ['not of a request that is whole', `${head}hello\r\n`, -1],
    ['not of a line', 'SET k hel', -1],
  ])('%s', (_name, text, at) => {
    const parser = new RespParser();
    const bytes = bytesOf(`..${text}`);
    parser.parse(bytes, 2, bytes.length);
    expect(parser.lastArgumentAt).toBe(at < 0 ? at : at + 2);
    if (at >= 0) expect(parser.next + parser.expected).toBe(2 + head.length + 7);
  });
});
