/** Why a load found less than it asked for: counts in, reason out. */
import { describe, expect, test } from 'vitest';
import { allTargets } from '../../src/cli/compare/targets.ts';
import { type LoadResult, NOBODY, type Opened } from '../../src/measure/load/job.ts';
import type { Limit } from '../../src/measure/targets/target.ts';
import { shortfallOf } from '../../src/measure/unserved.ts';
import { resultOf } from './cells.ts';

function limitOf(mode: string): Limit | null {
  return allTargets().find(({ name }) => name === mode)!.limit;
}

function opened(served: number, wanted: number, changes: Partial<Opened> = {}): Opened {
  return { ...NOBODY, served, wanted, meanwhile: 'rested', ...changes };
}

function told(mode: string, changes: Partial<LoadResult>): string {
  const shortfall = shortfallOf(resultOf(0, { complete: false, ...changes }), limitOf(mode))!;
  return `${shortfall.outcome}: ${shortfall.reason}`;
}

const SELECT = 'its bitmaps end at descriptor 1023';
const IDLE_1000 = { idle: opened(1000, 1000), active: opened(6, 50) };

describe('a limit is the reason where it was reached', () => {
  test.each<[string, Partial<LoadResult>, string]>([
    [
      'blocking',
      { active: opened(1, 50) },
      '1 of 50 clients served: it serves one client at a time',
    ],
    [
      'thread-pool',
      { active: opened(8, 50) },
      '8 of 50 clients served: each client keeps one of its 8 threads',
    ],
    [
      'thread-per-connection',
      { idle: opened(64, 100), active: { ...NOBODY, wanted: 10 } },
      '64 of 110 clients served: each client keeps one of its 64 threads',
    ],
    [
      'prefork',
      { disturbing: opened(1, 1), active: opened(3, 10) },
      '4 of 11 clients served: each of its 4 processes serves one client at a time',
    ],
    ['select', IDLE_1000, `1,006 of 1,050 clients served: ${SELECT}`],
  ])('%s', (mode, changes, reason) => {
    expect(told(mode, changes)).toBe(`impossible: ${reason}`);
  });
});

describe('a limit is not the reason', () => {
  test.each<[string, string, Partial<LoadResult>, string]>([
    [
      'of fewer clients than threads',
      'thread-per-connection',
      { active: opened(43, 50, { meanwhile: 'worked' }) },
      '43 of 50 clients served; it worked, but served no other one in time',
    ],
    [
      'of fewer served clients than threads',
      'thread-pool',
      { active: opened(5, 50) },
      '5 of 50 clients served; the others waited while the server rested',
    ],
    [
      'of few descriptors',
      'select',
      { active: opened(20, 50, { refusal: 'ECONNRESET' }) },
      '20 of 50 clients served (refused: ECONNRESET)',
    ],
    [
      'where there is none',
      'epoll',
      { active: opened(990, 1010, { refusal: 'closed' }) },
      '990 of 1,010 clients served (refused: closed)',
    ],
  ])('%s', (_, mode, changes, reason) => {
    expect(told(mode, changes)).toBe(`failed: ${reason}`);
  });
});

test('a server that answered nobody in the measured time is slow, and not unable', () => {
  const shortfall = shortfallOf(resultOf(0, { elapsedMs: 700 }), limitOf('thread-per-connection'));
  expect(shortfall).toEqual({
    outcome: 'failed',
    reason: 'no client got an answer within 700 ms',
  });
});

test('there is no reason where it went well', () => {
  expect(shortfallOf(resultOf(100), limitOf('thread-pool'))).toBe(null);
});
