import { describe, expect, it } from 'vitest';
import { Arguments } from '../../src/protocol/arguments.ts';
import { splitLine } from '../../src/protocol/inline.ts';
import { bytesOf } from './feed.ts';

/** The arguments, or null where quotes don't balance. What surrounds the line must not matter. */
function split(line: string): string[] | null {
  const args = new Arguments();
  const bytes = bytesOf(`"${line}"`);
  if (!splitLine(bytes, 1, bytes.length - 1, args)) return null;
  return Array.from({ length: args.count }, (_, i) => args.text(i));
}

describe('splitLine', () => {
  it.each([
    ['SET key value', ['SET', 'key', 'value']],
    ['  SET \t key  ', ['SET', 'key']],
    ['a\rb\nc', ['a', 'b', 'c']],
    ['a\vb \f c', ['a\vb', 'c']],
    ['a\0b \xff', ['a\0b', '\xff']],
    ['back\\slash', ['back\\slash']],
    ['', []],
    [' \t\r\n\v\f', []],
  ])('splits %j at white space', (line, expected) => {
    expect(split(line)).toEqual(expected);
  });

  it.each([
    ['"a b"', ['a b']],
    ['SET k "v" EX 1', ['SET', 'k', 'v', 'EX', '1']],
    ['""', ['']],
    ["''", ['']],
    ['pre"fix ed"', ['prefix ed']],
    ["pre'fix ed'", ['prefix ed']],
    ['"it\'s"', ["it's"]],
    ['\'say "hi"\'', ['say "hi"']],
    ['"a"\vb', ['a', 'b']],
    ['"a\0b"', ['a\0b']],
  ])('unquotes %j', (line, expected) => {
    expect(split(line)).toEqual(expected);
  });

  it.each([
    ['"\\n\\r\\t\\b\\a"', ['\n\r\t\b\x07']],
    ['"\\x00\\xff\\xAb\\x7F"', ['\x00\xff\xab\x7f']],
    ['"\\"\\\\"', ['"\\']],
    ['"\\q\\0"', ['q0']],
    ['"\\x4"', ['x4']],
    ['"\\xg0\\x0g"', ['xg0x0g']],
    ["'\\n \\'\\x41'", ["\\n '\\x41"]],
  ])('understands the escapes of %j', (line, expected) => {
    expect(split(line)).toEqual(expected);
  });

  it.each([
    '"',
    "'",
    '"abc',
    "'abc",
    'a"',
    '"abc\\',
    '"abc\\"',
    "'abc\\'",
    '"a"b',
    "'a'b",
    '"a"\'b\'',
    '"a""b"',
    '"a"\0',
  ])('refuses %j', (line) => {
    expect(split(line)).toBeNull();
  });

  it('leaves arguments without quotes where they are', () => {
    const args = new Arguments();
    const bytes = bytesOf('GET key');
    splitLine(bytes, 0, bytes.length, args);
    expect(args.bytes).toBe(bytes);
    expect([args.starts[1], args.ends[1]]).toEqual([4, 7]);
  });

  it('does not write to the line that it unquotes', () => {
    const bytes = bytesOf('SET "a\\n" b');
    splitLine(bytes, 0, bytes.length, new Arguments());
    expect(bytes).toEqual(bytesOf('SET "a\\n" b'));
  });
});
