/** What `syskv compare` prints: a table that fits, and the time that is left. */
import { describe, expect, test } from 'vitest';
import { estimate } from '../../src/cli/compare/progress.ts';
import { tableOf } from '../../src/cli/compare/table.ts';
import { COLUMNS } from '../../src/measure/report/columns.ts';
import { SCENARIOS } from '../../src/measure/scenarios.ts';
import { cellOf, impossibleCell, roundsOf, warmingWith } from '../measure/cells.ts';

const WIDTHS = [60, 80, 100, 132, 200];
const REASON = '8 of 50 clients served: each client keeps one of its 8 threads';

function linesOf(width: number, ...cells: Parameters<typeof tableOf>[1]): string[] {
  return tableOf(SCENARIOS[1], cells, width).split('\n').slice(1);
}

const EPOLL = cellOf('50-clients', 'epoll', roundsOf(20_000, 21_000, 19_000));

describe('the table', () => {
  test('has a heading with the load, a row of titles and a row for each server', () => {
    const lines = linesOf(200, EPOLL);
    expect(lines.length).toBe(3);
    expect(lines[0]).toMatch(/^50 clients +latency at 7,000 ops\/s$/);
    expect(lines[2]).toMatch(/^epoll +20,000 +5 % +5\.00ms +10\.0ms +20\.0ms +10\.0µs +2\.00µs/);
  });

  test('says how dear an operation was at first, and when it no longer was', () => {
    const [, titles, warm, cold] = linesOf(
      200,
      { ...EPOLL, warming: warmingWith() },
      { ...EPOLL, warming: warmingWith({ isWarm: false }) },
    );
    const at = titles.indexOf('   cold');
    expect([titles, warm, cold].map((line) => line.slice(at, at + 13))).toEqual([
      '   cold  warm',
      '  100µs  0.6s',
      '  100µs    no',
    ]);
  });

  test('tells why there are no figures', () => {
    const lines = linesOf(100, EPOLL, impossibleCell('50-clients', 'thread-pool', REASON));
    expect(lines.at(-1)).toBe(`thread-pool ${REASON}`);
  });

  test('has every column at any width', () => {
    const titlesOf = (width: number) =>
      linesOf(width, EPOLL)
        .filter((line) => line.startsWith('server'))
        .flatMap((line) => line.split(/ +/).slice(1));
    for (const width of WIDTHS) expect(titlesOf(width)).toEqual(COLUMNS.map(({ title }) => title));
  });

  test('has every word of a reason at any width', () => {
    const reason = `failed: ${'the rest of it '.repeat(20)}`.trim();
    for (const width of WIDTHS) {
      const text = linesOf(width, impossibleCell('s', 'thread-per-connection', reason)).join(' ');
      expect(text.replaceAll(/ +/g, ' ')).toContain(reason);
    }
  });

  test.each([
    ['fast rounds', cellOf('s', 'thread-per-connection', roundsOf(9_999_999))],
    ['slow rounds', cellOf('s', 'thread-per-connection', roundsOf(1, 9))],
    ['a long reason', impossibleCell('s', 'thread-per-connection', 'no '.repeat(100))],
    ['a long word', impossibleCell('s', 'thread-per-connection', 'no'.repeat(100))],
  ])('fits into any width with %s', (_, cell) => {
    for (const width of WIDTHS) {
      for (const line of linesOf(width, cell)) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test('names no load where nothing was loaded', () => {
    expect(linesOf(100, impossibleCell('50-clients', 'epoll', 'no'))[0]).toBe('50 clients');
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
