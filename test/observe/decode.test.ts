/** Bytes in, a few words out. */
import { describe, expect, test } from 'vitest';
import { describeReply, describeRequest } from '../../src/observe/decode.ts';

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const SET = '*3\r\n$3\r\nSET\r\n$4\r\nname\r\n$5\r\nAlice\r\n';

describe('requests', () => {
  test.each([
    [SET, 'SET name Alice'],
    ['*2\r\n$3\r\nGET\r\n$9\r\ntwo words\r\n', 'GET "two words"'],
    ['*2\r\n$3\r\nGET\r\n$0\r\n\r\n', 'GET ""'],
    ['*2\r\n$3\r\nGET\r\n$2\r\n\x00\xff\r\n', 'GET \\x00ÿ'],
    ['*2\r\n$3\r\nGET\r\n$4\r\nn\xc3\xa9e\r\n', 'GET née'],
    ['PING\r\n', 'PING'],
    ['\r\n', 'an empty line'],
    ['*2\r\n', 'the beginning of a request'],
    ['$3\r\nGET\r\n$4\r\nname\r\n', '… GET name'],
    [SET.repeat(2), 'SET name Alice · SET name Alice'],
    ['PING\r\n'.repeat(10), 'PING · PING · PING · and 7 more'],
    ['GET /keys/name HTTP/1.1\r\nHost: x\r\n\r\n', 'GET /keys/name'],
    ['*x\r\n', '*x'],
  ])('%j', (text, words) => {
    expect(describeRequest(bytes(text), text.length)).toBe(words);
  });

  test('cut short by the log', () => {
    expect(describeRequest(bytes(SET.slice(0, -3)), 900)).toBe('SET name Alic…');
  });

  test('not logged at all', () => {
    expect(describeRequest(bytes(''), 900)).toBe('900 bytes');
  });

  test('a long value is clipped', () => {
    expect(describeRequest(bytes('x'.repeat(500)), 500)).toHaveLength(72);
  });
});

describe('replies', () => {
  test.each([
    ['+OK\r\n', 'OK'],
    ['-ERR unknown command\r\n', 'error: ERR unknown command'],
    [':42\r\n', '42'],
    ['$5\r\nAlice\r\n', 'Alice'],
    ['$-1\r\n', '(nil)'],
    ['_\r\n', '(nil)'],
    ['#t\r\n', 'true'],
    ['*2\r\n:1\r\n$1\r\nx\r\n', '[1, x]'],
    ['%1\r\n+proto\r\n:3\r\n', '{proto, 3}'],
    ['+OK\r\n:1\r\n', 'OK · 1'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nAlice', '200 OK, Alice'],
    ['hello\n', 'hello'],
  ])('%j', (text, words) => {
    expect(describeReply(bytes(text), text.length)).toBe(words);
  });

  test('nested without end', () => {
    const text = '*1\r\n'.repeat(10_000);
    expect(describeReply(bytes(text), text.length)).toMatch(/^\[{9}\]{9} · /);
  });
});
