/**
 * Latencies as an HDR histogram: Node's own, which is HdrHistogram's C code. A record costs some 35
 * ns and no memory, a fifth of what the JavaScript port takes, so that it can't stall the
 * generator.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Microseconds all. */
export interface LatencySummary {
  readonly samples: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** The whole distribution at CURVE_PERCENTILES. */
  readonly curve: readonly number[];
}

/** Where the curve is sampled: half as far from 100 % with each few steps, as HDR plots do. */
export const CURVE_PERCENTILES: readonly number[] = [
  0, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 99, 99.3, 99.5, 99.7, 99.8, 99.9,
  99.95, 99.97, 99.99, 99.995, 99.999,
];

const US_PER_MS = 1000;
/** Nothing that is measured here waits for longer than a minute; what does is counted as one. */
const LONGEST_US = 60_000_000;
/** Three digits: a value is off by at most 0.1 %. */
const SIGNIFICANT_DIGITS = 3;

export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: LONGEST_US,
    figures: SIGNIFICANT_DIGITS,
  });

  /** A time in milliseconds, as performance.now() measures it. Below 1 µs counts as 1 µs. */
  record(elapsedMs: number): void {
    const us = Math.round(elapsedMs * US_PER_MS);
    this.#histogram.record(us < 1 ? 1 : Math.min(us, LONGEST_US));
  }

  reset(): void {
    this.#histogram.reset();
  }

  summary(): LatencySummary {
    const histogram = this.#histogram;
    if (histogram.count === 0) return NONE;
    const at = (percentile: number) =>
      percentile === 0 ? histogram.min : histogram.percentile(percentile);
    return {
      samples: histogram.count,
      min: histogram.min,
      mean: histogram.mean,
      p50: at(50),
      p90: at(90),
      p99: at(99),
      p999: at(99.9),
      max: histogram.max,
      curve: CURVE_PERCENTILES.map(at),
    };
  }
}

const NONE: LatencySummary = {
  ...{ samples: 0, min: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 },
  curve: CURVE_PERCENTILES.map(() => 0),
};
