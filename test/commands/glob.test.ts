import { describe, expect, it } from 'vitest';
import { matchesGlob, matchesText } from '../../src/commands/glob.ts';

function matches(pattern: string, text: string): boolean {
  const bytes = new TextEncoder().encode(pattern);
  const target = new TextEncoder().encode(text);
  const glob = { bytes, start: 0, end: bytes.length, ignoreCase: false };
  return matchesGlob(glob, target, 0, target.length);
}

describe('a glob', () => {
  it.each([
    ['*', 'anything'],
    ['h?llo', 'hello'],
    ['h*llo', 'heeeello'],
    ['h[ae]llo', 'hallo'],
    ['h[^e]llo', 'hallo'],
    ['h[a-c]llo', 'hbllo'],
    ['h[c-a]llo', 'hbllo'],
    ['a**', 'a'],
    ['*a*b*', 'xxaxxbxx'],
    ['a\\*b', 'a*b'],
    ['[\\]]', ']'],
    ['[a', 'a'],
    ['a\\', 'a\\'],
    ['[a-', '-'],
    ['', ''],
  ])('%s matches %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe(true);
  });

  it.each([
    ['h?llo', 'hllo'],
    ['h[^e]llo', 'hello'],
    ['a\\*b', 'axb'],
    ['[]', ']'],
    ['a', 'A'],
    ['a*', 'ba'],
    ['*a', 'ab'],
    ['abc', 'ab'],
    ['?', ''],
    // Redis' rule: only the empty pattern matches the empty text.
    ['*', ''],
  ])('%s does not match %s', (pattern, text) => {
    expect(matches(pattern, text)).toBe(false);
  });

  it('may ignore the case of letters', () => {
    expect(matchesText('MAX[A-M]EM*', 'maxmemory')).toBe(true);
  });

  it('with many stars takes no exponential time', () => {
    const start = performance.now();
    expect(matches('*a'.repeat(30), `${'a'.repeat(2000)}b`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
