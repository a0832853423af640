/** What is refused is refused with the same words whether more has come with it, or not yet. */
import { describe, expect, it } from 'vitest';
import { RespParser } from '../../src/protocol/resp.ts';
import { REFUSALS, TAILS } from '../differential/raw.ts';
import { bytesOf, feed, resp } from './feed.ts';

describe.each(REFUSALS)('%j', (stream, text) => {
  it.each(TAILS)('with %j behind it', (tail) => {
    const bytes = bytesOf(`${resp('PING')}${stream}${tail}`);
    const expected = { requests: [['PING']], error: `ERR Protocol error: ${text}`, left: 0 };
    expect(feed(new RespParser(), [bytes])).toEqual(expected);
    const oneByOne = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(feed(new RespParser(), oneByOne)).toEqual(expected);
  });
});

describe('a client that is not authenticated', () => {
  it.each([
    ['*11\r\n', 'unauthenticated multibulk length'],
    ['*1\r\n$16385\r\n', 'unauthenticated bulk length'],
    ['*2\r\n$4\r\nAUTH\r\n$16385\r\n', 'unauthenticated bulk length'],
  ])('%j', (stream, text) => {
    for (const tail of [...TAILS, 'x'.repeat(20_000)]) {
      const parser = new RespParser();
      parser.authenticated = false;
      const outcome = feed(parser, [bytesOf(stream + tail)]);
      expect(outcome).toEqual({ requests: [], error: `ERR Protocol error: ${text}`, left: 0 });
    }
  });
});
