/** What rounds come to, and what is to be said about the figures. */
import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/measure/cell.ts';
import { warningsOf } from '../../src/measure/warnings.ts';
import { cellOf, resultOf, roundsOf, warmingWith } from './cells.ts';

describe('a summary', () => {
  const summary = summarize(roundsOf(10_000, 30_000, 20_000), null)!;

  test('has the median of the rounds', () => {
    expect(summary.opsPerSecond.median).toBe(20_000);
    expect(summary.latency!.p50.median).toBe(5000);
  });

  test('has the CPU time of an operation, and its parts', () => {
    expect(summary.cpuUs!.median).toBeCloseTo(10);
    expect([summary.userUs, summary.systemUs].map(Math.round)).toEqual([2, 8]);
  });

  test('leaves out the percentiles that rest on no sample', () => {
    expect(summary.latency!.curve.length).toBe(24);
    expect(summarize(roundsOf(100), null)!.latency!.curve.length).toBe(16);
  });

  test('has no CPU time where the platform tells none', () => {
    const round = { closed: resultOf(100, { cost: null }), open: null };
    expect(summarize([round], null)).toMatchObject({ cpuUs: null, latency: null });
  });

  test('of no round is none', () => {
    expect(summarize([], null)).toBe(null);
  });
});

describe('warnings', () => {
  const calm = { rounds: 3, unpinned: '', straceFailure: '', interrupted: false };
  const warn = (...cells: ReturnType<typeof cellOf>[]) => warningsOf({ ...calm, cells });
  const changed = (changes: Parameters<typeof resultOf>[1]) =>
    cellOf('s', 'epoll', [{ closed: resultOf(20_000, changes), open: resultOf(20_000) }]);

  test('are none for calm rounds', () => {
    expect(warn(cellOf('s', 'epoll', roundsOf(20_000, 20_100, 19_900)))).toEqual([]);
  });

  test.each([
    [
      'rounds far apart',
      cellOf('s', 'epoll', roundsOf(20_000, 30_000, 40_000)),
      /^Noisy: .* epoll \(s\)/,
    ],
    ['a busy CPU', changed({ foreignShare: 0.3 }), /^Noisy machine: .* 30 %/],
    ['few latencies', cellOf('s', 'epoll', roundsOf(1000)), /^Too few samples for p99\.9/],
    ['a full generator', changed({ generatorShare: 0.99 }), /^The load's own CPU was full/],
    ['errors', changed({ errors: 3 }), /^Error replies/],
    ['a tracer', changed({ cost: { ...resultOf(1).cost!, tracer: 17 } }), /^A tracer is attached/],
  ])('tell of %s', (_, cell, expected) => {
    const warnings = warn(cell);
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(expected);
  });

  test('tell of a server that was not warm, and why', () => {
    const cell = cellOf('s', 'epoll', roundsOf(20_000, 20_100, 19_900));
    const cold = warmingWith({ isWarm: false, elapsedMs: 60_000 });
    expect(warn({ ...cell, warming: cold })).toEqual([
      'Not warm: epoll (s) after 60.0 s of load (100 µs an operation at first, 10.0 µs at the ' +
        'end). Longer: --warm-up.',
    ]);
    expect(warn({ ...cell, warming: { ...cold, isFalling: true } })).toEqual([
      'Not warm: epoll (s) became cheaper with each round.',
    ]);
  });

  test('tell of what concerns all of it', () => {
    const about = {
      cells: [],
      rounds: 1,
      unpinned: '--no-pin',
      straceFailure: 'refused',
      interrupted: true,
    };
    expect(warningsOf(about).map((warning) => warning.split(':')[0])).toEqual([
      'Stopped early',
      'Too few rounds',
      'Server and load shared all CPUs',
      'No system calls were counted',
    ]);
  });

  test('name a few of many', () => {
    const cells = Array.from({ length: 9 }, (_, index) =>
      cellOf(`s${index}`, 'epoll', roundsOf(1000)),
    );
    expect(warn(...cells)[0]).toMatch(/epoll \(s0\), epoll \(s1\), epoll \(s2\) and 6 more/);
  });
});
