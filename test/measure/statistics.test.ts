/** Rounds as one figure, latencies as percentiles. */
import { describe, expect, test } from 'vitest';
import { CURVE_PERCENTILES, Latencies } from '../../src/measure/latency.ts';
import { figureOf, medianCurve, pairedRatio } from '../../src/measure/statistics.ts';

describe('a figure', () => {
  test('is the median, with half of the rounds within its spread', () => {
    const figure = figureOf([100, 110, 90, 104, 500]);
    expect(figure).toMatchObject({ median: 104, least: 90, most: 500 });
    expect(figure.spread).toBeCloseTo(6 / 104);
  });

  test('of one round has no spread', () => {
    expect(figureOf([7])).toMatchObject({ median: 7, spread: 0 });
  });

  test('keeps the rounds in their order', () => {
    expect(figureOf([3, 1, 2]).values).toEqual([3, 1, 2]);
  });

  test('of zeros is zero', () => {
    expect(figureOf([0, 0]).spread).toBe(0);
  });
});

test('a ratio is taken round by round: what slows both of a pair leaves it alone', () => {
  expect(pairedRatio([100, 50, 200], [50, 25, 100])).toMatchObject({ median: 2, spread: 0 });
});

test('curves meet in the median of each position', () => {
  expect(
    medianCurve([
      [1, 10],
      [3, 30],
      [2, 90],
    ]),
  ).toEqual([2, 30]);
});

describe('latencies', () => {
  function thousand(): Latencies {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 1000; ms++) latencies.record(ms);
    return latencies;
  }

  test('have percentiles within 0.1 % of the truth', () => {
    const { samples, p50, p99, p999, min } = thousand().summary();
    expect(samples).toBe(1000);
    expect(p50 / 500_000).toBeCloseTo(1, 2);
    expect(p99 / 990_000).toBeCloseTo(1, 2);
    expect(p999 / 999_000).toBeCloseTo(1, 2);
    expect(min / 1000).toBeCloseTo(1, 2);
  });

  test('have a curve that never falls', () => {
    const { curve } = thousand().summary();
    expect(curve.length).toBe(CURVE_PERCENTILES.length);
    expect([...curve].sort((a, b) => a - b)).toEqual(curve);
  });

  test('below a microsecond and beyond a minute are kept at the ends', () => {
    const latencies = new Latencies();
    latencies.record(0);
    latencies.record(3_600_000);
    const { samples, min, max } = latencies.summary();
    expect([samples, min]).toEqual([2, 1]);
    expect(max / 60_000_000).toBeCloseTo(1, 2);
  });

  test('of nothing are zeros', () => {
    const latencies = thousand();
    latencies.reset();
    expect(latencies.summary()).toMatchObject({ samples: 0, p50: 0, p999: 0 });
  });
});
