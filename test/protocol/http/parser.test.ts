import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, cutAt, cuts } from '../feed.ts';
import { feedHttp, newParser } from './feed.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: h\r\n\r\n';
const PUT = 'PUT /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na\r\n\0\xff';
const CHUNKED = [
  'PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n',
  '3\r\nabc\r\n0a;x="y"\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n',
].join('');

function requestsOf(text: string): string[] {
  return feedHttp([bytesOf(text)]).requests;
}

describe('requests', () => {
  it.each(cuts(GET + PUT + CHUNKED + GET))('are found in a pipeline, %s', (_name, chunks) => {
    expect(feedHttp(chunks)).toEqual({
      requests: ['GET /a ""', 'PUT /b "a\\r\\n\\u0000ÿ"', 'PUT /c "abc0123456789"', 'GET /a ""'],
      refused: 0,
      message: '',
    });
  });

  it('are the same, wherever the stream is cut', () => {
    const stream = bytesOf(CHUNKED + PUT + GET + CHUNKED);
    const whole = feedHttp([stream]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (positions) => {
        expect(feedHttp(cutAt(stream, positions))).toEqual(whole);
      }),
    );
  });

  it('show their head before their body', () => {
    expect(requestsOf(PUT.slice(0, -1))).toEqual(['PUT /b …']);
  });

  it('may have empty lines before them', () => {
    expect(requestsOf(`\r\n\r\n${GET}\r\n${GET}`)).toEqual(['GET /a ""', 'GET /a ""']);
  });

  it('may be longer than what the parser takes at once', () => {
    const body = 'x'.repeat(300_000);
    const text = `PUT /b HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n${body}`;
    expect(requestsOf(text + GET)).toEqual([`PUT /b "${body}"`, 'GET /a ""']);
  });

  it('may ask for another protocol, and are served in this one', () => {
    const upgrade = 'GET /a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    for (const [, chunks] of cuts(upgrade + GET)) {
      expect(feedHttp(chunks).requests).toEqual(['GET /a ""', 'GET /a ""']);
    }
  });

  it('may be of a later minor version', () => {
    expect(requestsOf('GET /a HTTP/1.9\r\nHost: h\r\n\r\n')).toEqual(['GET /a ""']);
  });

  it('leave nothing behind', () => {
    const parser = newParser();
    feedHttp([bytesOf(`${PUT.replace('h\r', 'h\r\nExpect: 100-continue\r')}`)], {}, parser);
    expect([parser.idle, parser.head.expectsContinue, parser.head.hasLength]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('can be parsed by a parser that was left in the middle of another', () => {
    const parser = newParser();
    feedHttp([bytesOf(PUT.slice(0, -1))], {}, parser);
    expect(parser.idle).toBe(false);
    parser.reset();
    expect(parser.idle).toBe(true);
    expect(feedHttp([bytesOf(GET)], {}, parser).requests).toEqual(['GET /a ""']);
  });
});

describe('a connection stays', () => {
  const keepAlive = (text: string): boolean => {
    const parser = newParser();
    parser.nextEvent(bytesOf(text), 0, text.length);
    return parser.head.keepAlive;
  };

  it.each([
    [true, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'],
    [false, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'],
    [false, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: x, CLOSE\r\n\r\n'],
    [false, 'GET / HTTP/1.0\r\n\r\n'],
    [true, 'GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n'],
  ])('%s: %j', (stays, text) => {
    expect(keepAlive(text)).toBe(stays);
  });
});

describe('the body can be discarded', () => {
  it('and the next request is found behind it', () => {
    const parser = newParser();
    const input = bytesOf(PUT + GET);
    parser.nextEvent(input, 0, input.length);
    parser.discardBody();
    parser.nextEvent(input, parser.next, input.length);
    expect([parser.body.end, parser.next]).toEqual([0, PUT.length]);
  });
});

describe('any bytes', () => {
  it('are taken or refused, never more than there are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const parser = newParser();
        parser.nextEvent(bytes, 0, bytes.length);
        expect(parser.next).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  it('in place of one byte of a request give one answer, wherever they are cut', () => {
    const stream = bytesOf(CHUNKED + GET);
    fc.assert(
      fc.property(fc.nat(stream.length - 1), fc.nat(255), (position, byte) => {
        const changed = stream.slice();
        changed[position] = byte;
        const byteByByte = Array.from(changed, (_, i) => changed.subarray(i, i + 1));
        expect(feedHttp(byteByByte)).toEqual(feedHttp([changed]));
      }),
    );
  });
});
