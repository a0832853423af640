import { expect, test } from 'vitest';
import { BiggestKeys, HottestKeys } from '../../src/client/key-survey.ts';
import { LatencySpectrum } from '../../src/client/latency-spectrum.ts';

const key = (text: string) => new TextEncoder().encode(text);

test('the biggest of each type', () => {
  const biggest = new BiggestKeys(false);
  expect(biggest.add('list', key('l'), 3, 0)).toBe(
    `[00.00%] Biggest list   found so far '"l"' with 3 items\n`,
  );
  expect(biggest.add('list', key('m'), 3, 12.345)).toBe('');
  expect(biggest.add('unknown', key('u'), 9, 50)).toBe('');
  expect(biggest.add('zset', key('z"'), 1, 100)).toBe(
    `[100.00%] Biggest zset   found so far '"z\\""' with 1 members\n`,
  );
  const summary = biggest.summary();
  expect(summary).toContain('Sampled 3 keys in the keyspace!\n');
  expect(summary).toContain('Total key length in bytes is 4 (avg len 1.33)\n');
  expect(summary).toContain(`Biggest   list found '"l"' has 3 items\n`);
  expect(summary).toContain('2 lists with 6 items (66.67% of keys, avg size 3.00)\n');
  expect(summary).toContain('0 strings with 0 bytes (00.00% of keys, avg size 0.00)\n');
});

test('the hottest sixteen, the hottest first', () => {
  const hottest = new HottestKeys();
  const lines = Array.from({ length: 20 }, (_, i) => hottest.add(key(`k${i}`), i, 0));
  expect(lines[0]).toBe('');
  expect(lines[1]).toBe(`[00.00%] Hot key '"k1"' found so far with counter 1\n`);
  const found = hottest.summary().split('\n').slice(4, -1);
  expect(found.length).toBe(16);
  expect(found[0]).toBe('hot key found with counter: 19\tkeyname: "k19"');
  expect(found[15]).toBe('hot key found with counter: 4\tkeyname: "k4"');
  expect(hottest.add(key('cold'), 1, 0)).toBe('');
});

test('a spectrum has a colour for each share, and begins anew after its row', () => {
  const spectrum = new LatencySpectrum();
  for (const ms of [0.01, 0.2, 0.2, 70_000]) spectrum.add(ms);
  const row = spectrum.row();
  expect(row.startsWith('\x1b[38;5;0m\x1b[48;5;239m.\x1b[48;5;0m-\x1b[48;5;247m*')).toBe(true);
  expect(row.endsWith('\x1b[48;5;239m?\x1b[0m\n')).toBe(true);
  expect(spectrum.total).toBe(0);
});
