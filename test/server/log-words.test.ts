import { expect, test } from 'vitest';
import { TABLE } from '../../src/commands/table.ts';
import { Arguments } from '../../src/protocol/arguments.ts';
import { wordsForLog } from '../../src/server/log-words.ts';

function words(command: string, ...texts: string[]): string[] {
  const args = new Arguments();
  args.bytes = Buffer.from(texts.join(''), 'latin1');
  let at = 0;
  for (const text of texts) {
    args.push(at, at + text.length);
    at += text.length;
  }
  return wordsForLog(TABLE.named(command)!, args);
}

test.each([127, 128])('a word of %d bytes is logged whole', (length) => {
  expect(words('get', 'GET', 'k'.repeat(length))).toEqual(['GET', 'k'.repeat(length)]);
});

test('a longer word is cut, and the rest of it counted', () => {
  expect(words('get', 'GET', 'k'.repeat(131))[1]).toBe(`${'k'.repeat(128)}... (3 more bytes)`);
});

test('of half a gigabyte no more is read than is logged', () => {
  const args = new Arguments();
  args.bytes = Buffer.from(`SETk${'v'.repeat(128)}`);
  args.push(0, 3);
  args.push(3, 4);
  args.push(4, 4 + 2 ** 29);
  const value = `${'v'.repeat(128)}... (${2 ** 29 - 128} more bytes)`;
  expect(wordsForLog(TABLE.named('set')!, args)).toEqual(['SET', 'k', value]);
});

test.each([
  [32, 32, 'k'],
  [33, 32, '... (2 more arguments)'],
  [1000, 32, '... (969 more arguments)'],
])('of %d words %d are logged, the last one being %s', (count, logged, last) => {
  const told = words('del', 'DEL', ...Array(count - 1).fill('k'));
  expect([told.length, told.at(-1)]).toEqual([logged, last]);
});

test('passwords are not logged', () => {
  expect(words('auth', 'AUTH', 'user', 'secret')).toEqual(['AUTH', '(redacted)', '(redacted)']);
  expect(words('config|set', 'CONFIG', 'SET', 'requirepass', 'secret').at(-1)).toBe('(redacted)');
  expect(words('hello', 'HELLO', '3', 'AUTH', 'user', 'secret').slice(3)).toEqual([
    '(redacted)',
    '(redacted)',
  ]);
});
