import { describe, expect, it } from 'vitest';
import { bytesOf, cuts } from '../feed.ts';
import { feedHttp } from './feed.ts';

/** The status that ends the stream; it has to be the same for every cut. */
function statusOf(text: string): number {
  const [whole, byteByByte] = cuts(text);
  const refused = feedHttp(whole[1]);
  expect(feedHttp(byteByByte[1])).toEqual(refused);
  return refused.refused;
}

function withFields(...fields: string[]): string {
  return ['PUT /x HTTP/1.1', 'Host: h', ...fields, '', ''].join('\r\n');
}

function chunked(body: string): string {
  return withFields('Transfer-Encoding: chunked') + body;
}

describe('framing that could be read in two ways is refused', () => {
  it.each([
    ['both lengths', ['Content-Length: 3', 'Transfer-Encoding: chunked']],
    ['both lengths, the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 3']],
    ['both, the coding being another one', ['Transfer-Encoding: gzip', 'Content-Length: 3']],
    ['two lengths', ['Content-Length: 3', 'Content-Length: 4']],
    ['the same length twice', ['Content-Length: 3', 'Content-Length: 3']],
    ['a list of lengths', ['Content-Length: 3, 3']],
    ['an empty length', ['Content-Length:']],
    ['a signed length', ['Content-Length: +3']],
    ['a negative length', ['Content-Length: -3']],
    ['a hexadecimal length', ['Content-Length: 0x3']],
    ['a length in two words', ['Content-Length: 1 1']],
    ['a length above 64 bits', ['Content-Length: 18446744073709551616']],
    ['chunked twice', ['Transfer-Encoding: chunked, chunked']],
    ['chunked in two fields', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    ['chunked before another coding', ['Transfer-Encoding: chunked, gzip']],
    ['an empty coding', ['Transfer-Encoding:']],
    ['a coding behind a vertical tab', ['Transfer-Encoding: \vchunked']],
    ['white space before the colon', ['Content-Length : 3']],
    ['a folded line', ['Content-Length: 1', ' 2']],
    ['a folded coding', ['Transfer-Encoding:', ' chunked']],
    ['white space before the first field', [' X: y']],
    ['a field without a colon', ['X']],
    ['a field without a name', [': x']],
    ['a NUL in a field', ['X: a\0b']],
    ['a CR in a field', ['X: a\rContent-Length: 3']],
    ['a bare LF behind a field', ['X: a\nContent-Length: 3']],
  ])('%s', (_name, fields) => {
    expect(statusOf(withFields(...fields))).toBe(400);
  });

  it.each([
    ['a bare LF behind the request line', 'GET /x HTTP/1.1\nHost: h\r\n\r\n'],
    ['a bare LF at the end of the head', 'GET /x HTTP/1.1\r\nHost: h\r\n\n'],
    ['no version', 'GET /x\r\n\r\n'],
    ['no version, a bare LF and a length', 'GET /x\nHost: h\r\nContent-Length: 3\r\n\r\nabc'],
    ['a coding in HTTP/1.0', 'PUT /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('%s', (_name, text) => {
    expect(statusOf(text)).toBe(400);
  });

  it.each([
    ['a signed size', '+3\r\nabc'],
    ['a negative size', '-3\r\nabc'],
    ['a prefixed size', '0x3\r\nabc'],
    ['white space before a size', ' 3\r\nabc'],
    ['white space behind a size', '3 \r\nabc'],
    ['no size', '\r\nabc'],
    ['a size above 64 bits', '10000000000000000\r\nabc'],
    ['more content than announced', '3\r\nabcd\r\n0\r\n\r\n'],
    ['a bare LF behind a size', '3\nabc\r\n0\r\n\r\n'],
    ['a bare LF behind a chunk', '3\r\nabc\n0\r\n\r\n'],
    ['a bare LF in an extension', '3;a\nabc\r\n0\r\n\r\n'],
    ['a bare CR in an extension', '3;a\rb\r\nabc\r\n0\r\n\r\n'],
    ['a bare LF at the end', '0\r\n\n'],
    ['a length among the trailers', '0\r\nContent-Length: 3\r\n\r\n'],
    ['a coding among the trailers', '0\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ])('in a chunked body: %s', (_name, body) => {
    expect(statusOf(chunked(body))).toBe(400);
  });

  it('and the request that was smuggled behind it is not seen', () => {
    const body = '0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n';
    const text = withFields('Transfer-Encoding: chunked', 'Content-Length: 5') + body;
    expect(feedHttp([bytesOf(text)]).requests).toEqual([]);
  });
});

describe('what is not spoken here is refused', () => {
  it.each([
    [501, 'a coding', withFields('Transfer-Encoding: gzip')],
    [501, 'two codings', withFields('Transfer-Encoding: gzip, chunked')],
    [
      501,
      'two codings in two fields',
      withFields('Transfer-Encoding: gzip', 'Transfer-Encoding: br'),
    ],
    [501, 'a method', 'BREW /x HTTP/1.1\r\nHost: h\r\n\r\n'],
    [501, 'a method in lower case', 'get /x HTTP/1.1\r\nHost: h\r\n\r\n'],
    [501, 'a method that begins as another does', 'GETS /x HTTP/1.1\r\nHost: h\r\n\r\n'],
    [501, 'a method of RTSP', 'DESCRIBE /x HTTP/1.1\r\nHost: h\r\n\r\n'],
    [505, 'HTTP/2.0', 'GET /x HTTP/2.0\r\nHost: h\r\n\r\n'],
    [505, "HTTP/2's preface", 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [417, 'an expectation', withFields('Expect: 200-ok')],
    [400, 'a version that is none', 'GET /x HTTP/11\r\nHost: h\r\n\r\n'],
    [400, 'another protocol', 'GET /x XTTP/1.1\r\nHost: h\r\n\r\n'],
    [400, 'TLS', '\x16\x03\x01\x02\0\x01\0\x01'],
    [400, 'RESP', '*1\r\n$4\r\nPING\r\n'],
    [400, 'a target with a space', 'GET /x y HTTP/1.1\r\nHost: h\r\n\r\n'],
    [400, 'a target that is no ASCII', 'GET /\xe9 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ])('%i: %s', (status, _name, text) => {
    expect(statusOf(text)).toBe(status);
  });
});

describe('Host', () => {
  const statusWith = (version: string, ...hosts: string[]): number =>
    statusOf([`GET / HTTP/${version}`, ...hosts.map((h) => `Host:${h}`), '', ''].join('\r\n'));

  it.each(['h', ' h ', ' 127.0.0.1:1729', ' [::1]:1729', '', ' h:'])('may be %j', (host) => {
    expect(statusWith('1.1', host)).toBe(0);
  });

  it.each(['h h', 'a/b', 'user@h', 'h:x', '[::1', '<b>'])('may not be %j', (host) => {
    expect(statusWith('1.1', host)).toBe(400);
  });

  it('must be there once in HTTP/1.1', () => {
    expect(statusWith('1.1')).toBe(400);
    expect(statusWith('1.1', 'h', 'h')).toBe(400);
    expect(statusWith('1.1', '', '')).toBe(400);
  });

  it('need not be there in HTTP/1.0, but not twice either', () => {
    expect(statusWith('1.0')).toBe(0);
    expect(statusWith('1.0', 'h', 'h')).toBe(400);
  });
});

describe('Expect', () => {
  it('is ignored in HTTP/1.0', () => {
    expect(statusOf('GET / HTTP/1.0\r\nExpect: more\r\n\r\n')).toBe(0);
  });

  it('may be written in any case', () => {
    expect(statusOf(withFields('EXPECT: 100-Continue'))).toBe(0);
  });
});
