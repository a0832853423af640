/** What `syskv compare` prints: a table that fits, and the time that is left. */
import { describe, expect, test } from 'vitest';
import { estimate } from '../../src/cli/compare/progress.ts';
import { tableOf } from '../../src/cli/compare/table.ts';
import { SCENARIOS } from '../../src/measure/scenarios.ts';
import { cellOf, impossibleCell, roundsOf } from '../measure/cells.ts';

const WIDTH = 100;

function linesOf(...cells: Parameters<typeof tableOf>[1]): string[] {
  return tableOf(SCENARIOS[1], cells).split('\n').slice(1);
}

describe('the table', () => {
  test('has a heading with the load, a row of titles and a row for each server', () => {
    const lines = linesOf(cellOf('50-clients', 'epoll', roundsOf(20_000, 21_000, 19_000)));
    expect(lines.length).toBe(3);
    expect(lines[0]).toMatch(/^50 clients +latency at 7,000 ops\/s$/);
    expect(lines[2]).toMatch(/^epoll +20,000 +5 % +5\.00ms +10\.0ms +20\.0ms +10\.0µs +2\.00µs/);
  });

  test('tells why there are no figures', () => {
    const reason = '8 of 50 clients served: each client keeps one of its 8 threads';
    expect(linesOf(impossibleCell('50-clients', 'thread-pool', reason))[2]).toBe(
      `thread-pool           ${reason}`,
    );
  });

  test.each([
    ['fast rounds', cellOf('s', 'thread-per-connection', roundsOf(9_999_999))],
    ['slow rounds', cellOf('s', 'thread-per-connection', roundsOf(1, 9))],
    ['a long reason', impossibleCell('s', 'thread-per-connection', 'no '.repeat(100))],
  ])('fits into its columns with %s', (_, cell) => {
    for (const line of linesOf(cell)) expect(line.length).toBeLessThanOrEqual(WIDTH);
  });
});

describe('the time left', () => {
  test.each([
    [2, 100, 1000, ''],
    [10, 100, 10_000, '1 min 30 s left'],
    [50, 100, 30_000, '30 s left'],
    [100, 100, 30_000, '0 s left'],
  ])('after %i of %i steps in %i ms is said as it can be', (done, total, elapsedMs, expected) => {
    expect(estimate(done, total, elapsedMs)).toBe(expected);
  });
});
