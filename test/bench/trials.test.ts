/** What is made of a trial, whatever it measures. */
import { describe, expect, test } from 'vitest';
import { trialTableOf } from '../../src/bench/table.ts';
import {
  inUnit,
  readingLines,
  runTrials,
  type Trial,
  type TrialResult,
} from '../../src/bench/trials/trial.ts';
import { UNPINNED } from '../../src/measure/affinity.ts';
import { posix } from '../../src/posix/native.ts';

const RATIO: Trial = {
  name: 'ratio',
  title: 'One over another',
  peers: ['epoll'],
  goals: [],
  measure: async ({ rounds }) => [
    { figure: 'a ratio', unit: 'times', values: new Array<number>(rounds).fill(2) },
  ],
};

function bench(signal = new AbortController().signal) {
  const timing = { warmUpMs: 1, warmingMs: 0, durationMs: 1, pinning: UNPINNED, seed: 1 };
  return { posix, rounds: 3, timing, signal };
}

describe('a trial', () => {
  test('gives one value a round', async () => {
    const told: TrialResult[] = [];
    const [result] = await runTrials([RATIO], bench(), (one) => told.push(one));
    expect(result.readings).toEqual([{ figure: 'a ratio', unit: 'times', values: [2, 2, 2] }]);
    expect(told).toEqual([result]);
  });

  test('that throws says why, and the next one is made', async () => {
    const failing = { ...RATIO, measure: () => Promise.reject(new Error('no descriptor left')) };
    const results = await runTrials([failing, RATIO], bench(), () => {});
    expect(results.map(({ reason }) => reason)).toEqual(['no descriptor left', '']);
    expect(readingLines(results[0])[0][0]).toBe('not measured: no descriptor left');
  });

  test('that was stopped is not told', async () => {
    const stop = new AbortController();
    const stopped: Trial = {
      ...RATIO,
      measure: async (given) => {
        stop.abort();
        return RATIO.measure(given);
      },
    };
    expect(await runTrials([stopped, RATIO], bench(stop.signal), () => {})).toEqual([]);
  });
});

test('its table has the median, and how far the rounds lie apart', () => {
  const readings = [{ figure: 'epoll: start', unit: 'ms' as const, values: [100, 1200, 110] }];
  const lines = trialTableOf({ name: 'start', title: 'Start', reason: '', readings }).split('\n');
  expect(lines.map((line) => line.replaceAll(/ {2,}/g, '  '))).toEqual([
    '',
    'Start [start]',
    '  median  least  most',
    'epoll: start  110 ms  100 ms  1,200 ms',
  ]);
});

test('a figure that no round gave is a dash', () => {
  const readings = [{ figure: 'a ratio', unit: 'times' as const, values: [] }];
  const result = { name: 'ratio', title: '', reason: '', readings };
  expect(readingLines(result)).toEqual([['a ratio', '–', '–', '–']]);
});

test.each([
  [1.234, 'times', '1.23 ×'],
  [1234, 'ms', '1,234 ms'],
  [1234, 'us', '1.23 ms'],
  [4.56, 'MiB', '4.56 MiB'],
  [1234, 'number', '1,234'],
] as const)('%d %s reads %s', (value, unit, text) => {
  expect(inUnit(value, unit)).toBe(text);
});
