import { describe, expect, it } from 'vitest';
import { NEED_MORE, PROTOCOL_ERROR, REQUEST } from '../../src/protocol/parser.ts';
import { DEFAULT_RESP_LIMITS, RespParser } from '../../src/protocol/resp.ts';
import { bytesOf, resp } from './feed.ts';

/** The result of parsing the whole stream at once: of its last request, or an error's text. */
function result(stream: string, parser = new RespParser()): string {
  const bytes = bytesOf(stream);
  const status = parser.parse(bytes, 0, bytes.length);
  if (status === PROTOCOL_ERROR) return parser.error.replace('ERR Protocol error: ', '');
  return status === REQUEST ? 'request' : 'more';
}

/** The same with the last byte in a read of its own. */
function resultInTwo(stream: string): string {
  const bytes = bytesOf(stream);
  const parser = new RespParser();
  const status = parser.parse(bytes, 0, bytes.length - 1);
  return status === NEED_MORE ? result(stream, parser) : 'early';
}

function stranger(): RespParser {
  const parser = new RespParser();
  parser.authenticated = false;
  return parser;
}

const KIB_64 = 65_536;

describe('the limit of a line, one below, at and one above', () => {
  it.each([
    [KIB_64 - 1, 'request'],
    [KIB_64, 'request'],
    [KIB_64 + 1, 'too big inline request'],
  ])('an inline command of %i bytes', (length, expected) => {
    expect(result(`${'x'.repeat(length)}\n`)).toBe(expected);
  });

  it.each([
    [KIB_64 - 1, 'more'],
    [KIB_64, 'more'],
    [KIB_64 + 1, 'too big inline request'],
  ])('an inline command of %i bytes that has not ended', (length, expected) => {
    expect(result('x'.repeat(length))).toBe(expected);
    expect(resultInTwo('x'.repeat(length))).toBe(expected);
  });

  it.each([
    [KIB_64 - 1, 'more', 'invalid multibulk length'],
    [KIB_64, 'more', 'invalid multibulk length'],
    [KIB_64 + 1, 'too big mbulk count string', 'too big mbulk count string'],
  ])('a count line of %i bytes', (length, unended, ended) => {
    const line = `*${'1'.repeat(length - 1)}`;
    expect(result(line)).toBe(unended);
    expect(resultInTwo(line)).toBe(unended);
    expect(result(`${line}\r\n`)).toBe(ended);
  });

  it.each([
    [KIB_64 - 1, 'more', 'invalid bulk length'],
    [KIB_64, 'more', 'invalid bulk length'],
    [KIB_64 + 1, 'too big bulk count string', 'too big bulk count string'],
  ])('a length line of %i bytes', (length, unended, ended) => {
    const line = `*1\r\n$${'1'.repeat(length - 1)}`;
    expect(result(line)).toBe(unended);
    expect(resultInTwo(line)).toBe(unended);
    expect(result(`${line}\r\n`)).toBe(ended);
  });

  it('comes before the question what the line begins with', () => {
    expect(result(`*1\r\n${'X'.repeat(KIB_64 + 1)}`)).toBe('too big bulk count string');
  });

  it('counts from the line, not from the request', () => {
    expect(result(`${resp('a'.repeat(KIB_64)).replace('*1', '*2')}$1`)).toBe('more');
  });
});

describe('the limit of the number of arguments, one below, at and one above', () => {
  it.each([
    ['2147483646', 'more'],
    ['2147483647', 'more'],
    ['2147483648', 'invalid multibulk length'],
    ['9223372036854775808', 'invalid multibulk length'],
  ])('*%s', (count, expected) => {
    expect(result(`*${count}\r\n`)).toBe(expected);
  });

  it.each([
    [9, 'request'],
    [10, 'request'],
    [11, 'unauthenticated multibulk length'],
  ])('%i arguments from a client that is not authenticated', (count, expected) => {
    const request = resp(...Array.from({ length: count }, () => 'a'));
    expect(result(request, stranger())).toBe(expected);
    expect(result(request)).toBe('request');
  });

  it('is judged before the narrower one', () => {
    expect(result('*2147483648\r\n', stranger())).toBe('invalid multibulk length');
  });

  it('does not hold for inline commands', () => {
    expect(result('a b c d e f g h i j k l\r\n', stranger())).toBe('request');
  });
});

describe('the limit of an argument, one below, at and one above', () => {
  it.each([
    [536_870_911, 'more'],
    [536_870_912, 'more'],
    [536_870_913, 'invalid bulk length'],
  ])('$%i', (length, expected) => {
    expect(result(`*1\r\n$${length}\r\n`)).toBe(expected);
  });

  it.each([
    [16_383, 'request'],
    [16_384, 'request'],
    [16_385, 'unauthenticated bulk length'],
  ])('%i bytes from a client that is not authenticated', (length, expected) => {
    const request = resp('x'.repeat(length));
    expect(result(request, stranger())).toBe(expected);
    expect(result(request)).toBe('request');
  });

  it('is judged before the narrower one', () => {
    expect(result('*1\r\n$536870913\r\n', stranger())).toBe('invalid bulk length');
  });

  it('follows the server when it changes a limit', () => {
    const limits = { ...DEFAULT_RESP_LIMITS };
    const parser = new RespParser(limits);
    expect(result(resp('12345678901'), parser)).toBe('request');
    limits.bulkBytes = 10;
    expect(result(resp('12345678901'), parser)).toBe('invalid bulk length');
    expect(result(resp('1234567890'), parser)).toBe('request');
  });
});
