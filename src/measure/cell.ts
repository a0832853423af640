/** One target under one scenario: its rounds, and what they come to. */
import { CURVE_PERCENTILES } from './latency.ts';
import type { LoadResult } from './load/job.ts';
import { type Figure, figureOf, medianCurve } from './statistics.ts';
import type { SyscallCounts } from './syscalls.ts';
import type { Warming } from './warmth.ts';

export interface Round {
  /** As fast as it goes: throughput and cost. */
  readonly closed: LoadResult;
  /** At a fixed rate: latency. null where it was not reached. */
  readonly open: LoadResult | null;
}

export interface Cell {
  readonly scenario: string;
  readonly target: string;
  /**
   * `measured`: there are rounds. `impossible`: the model can't do it by what it is, which is a
   * result. `failed`: it was too slow, or something went wrong. `unreached`: the run was stopped
   * before.
   */
  readonly outcome: 'measured' | 'impossible' | 'failed' | 'unreached';
  /** Why it was not measured; ''. */
  readonly reason: string;
  /** Before the first round; null where it was not looked at. */
  readonly warming: Warming | null;
  readonly rounds: readonly Round[];
  /** From a run of its own under strace, which is never timed. */
  readonly syscalls: { readonly counts: SyscallCounts; readonly operations: number } | null;
  /** Operations a second of the open loop; 0 where there was none. */
  readonly offeredPerSecond: number;
  readonly summary: Summary | null;
}

export interface Summary {
  readonly opsPerSecond: Figure;
  /** Server CPU microseconds an operation. null where the platform has no /proc. */
  readonly cpuUs: Figure | null;
  readonly userUs: number;
  readonly systemUs: number;
  readonly syscallsPerOp: number | null;
  readonly switchesPerOp: number;
  readonly threads: number;
  readonly residentBytes: number;
  /** Microseconds, open loop; null where there was none. */
  readonly latency: LatencyFigures | null;
}

export interface LatencyFigures {
  readonly p50: Figure;
  readonly p99: Figure;
  readonly p999: Figure;
  /** Of all rounds. */
  readonly samples: number;
  /** At CURVE_PERCENTILES; those that rest on less than one sample are left out. */
  readonly curve: readonly number[];
}

export function summarize(rounds: readonly Round[], syscalls: Cell['syscalls']): Summary | null {
  if (rounds.length === 0) return null;
  const closed = rounds.map((round) => round.closed);
  const costs = closed.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  const operations = sum(closed.map((result) => result.operations));
  const spentUs = sum(costs.map((cost) => cost.userUs + cost.systemUs));
  const cpuUs = costs.length < rounds.length ? null : figureOf(closed.map(cpuPerOp));
  // Split by all rounds at once: the split comes in ticks, too coarse for one round.
  const userShare = spentUs === 0 ? 0 : sum(costs.map((cost) => cost.userUs)) / spentUs;
  const last = costs.at(-1);
  return {
    opsPerSecond: figureOf(closed.map(opsPerSecond)),
    cpuUs,
    userUs: (cpuUs?.median ?? 0) * userShare,
    systemUs: (cpuUs?.median ?? 0) * (1 - userShare),
    syscallsPerOp: syscalls === null ? null : syscalls.counts.total / syscalls.operations,
    switchesPerOp:
      sum(costs.map((cost) => cost.voluntarySwitches + cost.involuntarySwitches)) / operations,
    threads: last?.threads ?? 0,
    residentBytes: Math.max(0, ...costs.map((cost) => cost.residentBytes)),
    latency: latencyOf(rounds),
  };
}

function latencyOf(rounds: readonly Round[]): LatencyFigures | null {
  return latencyFigures(rounds.flatMap(({ open }) => (open === null ? [] : [open])));
}

/** What the latencies of several rounds come to; null where there is no sample. */
export function latencyFigures(results: readonly LoadResult[]): LatencyFigures | null {
  const whole = results.map(({ latency }) => latency).filter(({ samples }) => samples > 0);
  if (whole.length === 0) return null;
  const fewest = Math.min(...whole.map((latency) => latency.samples));
  const known = CURVE_PERCENTILES.filter((percentile) => fewest * (1 - percentile / 100) >= 1);
  return {
    p50: figureOf(whole.map((latency) => latency.p50)),
    p99: figureOf(whole.map((latency) => latency.p99)),
    p999: figureOf(whole.map((latency) => latency.p999)),
    samples: sum(whole.map((latency) => latency.samples)),
    curve: medianCurve(whole.map((latency) => latency.curve.slice(0, known.length))),
  };
}

export function opsPerSecond({ operations, elapsedMs }: LoadResult): number {
  return elapsedMs === 0 ? 0 : (operations / elapsedMs) * MS_PER_SECOND;
}

function cpuPerOp({ cost, operations }: LoadResult): number {
  return cost === null || operations === 0 ? 0 : (cost.userUs + cost.systemUs) / operations;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

const MS_PER_SECOND = 1000;
