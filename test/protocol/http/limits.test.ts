import { describe, expect, it } from 'vitest';
import { DEFAULT_HTTP_LIMITS } from '../../../src/protocol/http/limits.ts';
import { bytesOf } from '../feed.ts';
import { feedHttp } from './feed.ts';

const { targetBytes, headBytes, fieldCount, chunkLineBytes } = DEFAULT_HTTP_LIMITS;

/** The refusal's status, which must not depend on how the bytes come. */
function statusOf(text: string, limits = {}): number {
  const bytes = bytesOf(text);
  const { refused } = feedHttp([bytes], limits);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 997) pieces.push(bytes.subarray(at, at + 997));
  expect(feedHttp(pieces, limits).refused).toBe(refused);
  return refused;
}

/** One below, at, and one above. */
function around(limit: number, make: (size: number) => string, limits = {}): number[] {
  return [limit - 1, limit, limit + 1].map((size) => statusOf(make(size), limits));
}

describe('limits', () => {
  it('a target of 8 KiB', () => {
    const make = (size: number) => `GET /${'x'.repeat(size - 1)} HTTP/1.1\r\nHost: h\r\n\r\n`;
    expect(around(targetBytes, make)).toEqual([0, 0, 414]);
  });

  it('a head of 64 KiB', () => {
    const [before, after] = ['GET / HTTP/1.1\r\nHost: h\r\nX: ', '\r\n\r\n'];
    const make = (size: number) => before + 'x'.repeat(size - before.length - after.length) + after;
    expect(around(headBytes, make)).toEqual([0, 0, 431]);
  });

  it('a head that does not end is refused at its limit', () => {
    const endless = (size: number) => `GET / HTTP/1.1\r\nX: ${'x'.repeat(size - 19)}`;
    expect(around(headBytes, endless)).toEqual([0, 431, 431]);
  });

  it('empty lines count too', () => {
    expect(around(headBytes, (size) => '\n'.repeat(size))).toEqual([0, 431, 431]);
  });

  it('a head has its limit to itself, whatever came before it', () => {
    const half = `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(headBytes / 2)}\r\n\r\n`;
    expect(statusOf(half + half + half)).toBe(0);
  });

  it('100 fields', () => {
    const make = (count: number) =>
      `GET / HTTP/1.1\r\nHost: h\r\n${'X: y\r\n'.repeat(count - 1)}\r\n`;
    expect(around(fieldCount, make)).toEqual([0, 0, 431]);
  });

  it('an announced body', () => {
    const make = (size: number) => `PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`;
    expect(around(DEFAULT_HTTP_LIMITS.bodyBytes, make)).toEqual([0, 0, 413]);
  });

  it('a chunked body, as its bytes come', () => {
    const make = (size: number) => {
      const chunk = `a\r\n${'x'.repeat(10)}\r\n1\r\n${'x'.repeat(1)}\r\n`.repeat(9);
      const rest = size - 99;
      return `${HEAD}${chunk}${rest.toString(16)}\r\n${'x'.repeat(rest)}\r\n0\r\n\r\n`;
    };
    expect(around(110, make, { bodyBytes: 110 })).toEqual([0, 0, 413]);
  });

  it('what stands between the bytes of a chunked body', () => {
    const make = (size: number) => `${HEAD}1\r\nx\r\n1;${'e'.repeat(size - 6)}\r\nx\r\n0\r\n\r\n`;
    expect(around(chunkLineBytes, make)).toEqual([0, 0, 400]);
  });

  it('what stands behind a chunked body', () => {
    const make = (size: number) => `${HEAD}1\r\nx\r\n0\r\nT: ${'t'.repeat(size - 12)}\r\n\r\n`;
    expect(around(chunkLineBytes, make)).toEqual([0, 0, 400]);
  });
});

const HEAD = 'PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n';
