/** Which keys are asked for. */
import { describe, expect, test } from 'vitest';
import type { Workload } from '../../src/measure/load/job.ts';
import { keysOf } from '../../src/measure/load/keys.ts';

const KEYS = 1000;
const DRAWS = 100_000;

function countDraws(distribution: Workload['distribution'], seed = 1): Uint32Array {
  const source = keysOf({ mix: ['GET'], valueBytes: 1, keys: KEYS, distribution }, seed);
  const counts = new Uint32Array(KEYS);
  for (let i = 0; i < DRAWS; i++) counts[source.next()]++;
  return counts;
}

describe.each(['uniform', 'zipf'] as const)('%s keys', (distribution) => {
  test('stay below the number of keys', () => {
    const counts = countDraws(distribution);
    expect(counts.reduce((a, b) => a + b)).toBe(DRAWS);
  });

  test('come in the same order for the same seed, in another one for another', () => {
    expect(countDraws(distribution, 7)).toEqual(countDraws(distribution, 7));
    expect(countDraws(distribution, 7)).not.toEqual(countDraws(distribution, 8));
  });
});

test('uniform keys come about equally often', () => {
  const counts = countDraws('uniform');
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(160);
});

test("the first of Zipf's keys comes as often as its law says, the tenth a tenth as often", () => {
  const counts = [...countDraws('zipf')].sort((a, b) => b - a);
  const harmonic = Array.from({ length: KEYS }, (_, rank) => (rank + 1) ** -0.99);
  const first = DRAWS / harmonic.reduce((a, b) => a + b);
  expect(counts[0] / first).toBeCloseTo(1, 1);
  expect(counts[9] / (first * harmonic[9])).toBeCloseTo(1, 0);
});
