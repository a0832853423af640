import { describe, expect, it } from 'vitest';
import { parseTarget, parseTtl } from '../../../src/protocol/http/target.ts';
import { bytesOf, textOf } from '../feed.ts';

function read(text: string): string {
  const target = parseTarget(bytesOf(text), text.length);
  if ('status' in target) return String(target.status);
  return [target.resource, textOf(target.key), target.query]
    .filter((part) => part !== '')
    .join(' ');
}

describe('targets', () => {
  it.each([
    ['/', 'index'],
    ['/metrics', 'metrics'],
    ['/healthz?deep', 'health deep'],
    ['http://h:1729/metrics', 'metrics'],
    ['HTTP://h', 'index'],
    ['http://h?q', 'index q'],
    ['/keys/a', 'key a'],
    ['/keys/a/b', 'key a/b'],
    ['/keys/a%2Fb%2f', 'key a/b/'],
    ['/keys/%00%ff', 'key \0\xff'],
    ['/keys/a+b', 'key a+b'],
    ['/keys/a?ttl=1', 'key a ttl=1'],
    ['/keys/a%3Fttl=1', 'key a?ttl=1'],
    ['/keys/../x', 'key ../x'],
    ['/keys', 'none'],
    ['/keys/', 'none'],
    ['/Keys/a', 'none'],
    ['//metrics', 'none'],
    ['*', 'none'],
    ['h:80', 'none'],
    ['ftp://h/keys/a', 'none'],
    ['/keys/%', '400'],
    ['/keys/%4', '400'],
    ['/keys/%4x', '400'],
    ['/keys/% 1', '400'],
    ['/keys/a#b', '400'],
  ])('%s → %j', (text, meaning) => {
    expect(read(text)).toBe(meaning);
  });
});

describe('ttl', () => {
  it.each([
    ['', 0],
    ['ttl=1', 1],
    ['ttl=060', 60],
    ['ttl=999999999999999', 999_999_999_999_999],
  ])('%j is %d s', (query, seconds) => {
    expect(parseTtl(query)).toBe(seconds);
  });

  it.each([
    'ttl=0',
    'ttl=',
    'ttl',
    'ttl=-1',
    'ttl=1.5',
    'ttl=1&ttl=2',
    'TTL=1',
    'x=1',
    'ttl=1000000000000000',
  ])('%j is refused', (query) => {
    expect(parseTtl(query)).toMatchObject({ status: 400 });
  });
});
