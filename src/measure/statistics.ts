/** Several rounds of one measurement as one figure, and how far they lie apart. */
import { median, medianAbsoluteDeviation } from 'simple-statistics';

export interface Figure {
  readonly median: number;
  /**
   * Median absolute deviation as a share of the median: half of the rounds lie within it. It stays
   * calm where one round was disturbed, which a standard deviation does not.
   */
  readonly spread: number;
  readonly least: number;
  readonly most: number;
  /** One value a round, in their order. */
  readonly values: readonly number[];
}

/** @param values one a round; at least one. */
export function figureOf(values: readonly number[]): Figure {
  const all = [...values];
  const middle = median(all);
  return {
    median: middle,
    spread: middle === 0 ? 0 : Math.abs(medianAbsoluteDeviation(all) / middle),
    least: Math.min(...all),
    most: Math.max(...all),
    values: all,
  };
}

/** The median of each position: curves of several rounds as one. */
export function medianCurve(curves: readonly (readonly number[])[]): number[] {
  return (curves[0] ?? []).map((_, index) => median(curves.map((curve) => curve[index])));
}

/**
 * How often A is B, from rounds that were taken in turn: the median of the rounds' own ratios, so
 * that what disturbed both of a pair cancels out.
 */
export function pairedRatio(a: readonly number[], b: readonly number[]): Figure {
  const pairs = Math.min(a.length, b.length);
  return figureOf(Array.from({ length: pairs }, (_, round) => a[round] / b[round]));
}
