/** What a run of the benchmark finds: the rounds as they were, and what they come to. */
import {
  type Cell,
  type LatencyFigures,
  latencyFigures,
  opsPerSecond,
  type Summary,
  summarize,
} from '../measure/cell.ts';
import type { LoadResult } from '../measure/load/job.ts';
import type { Pauses } from '../measure/pauses.ts';
import { type Figure, pairedRatio } from '../measure/statistics.ts';
import type { Warming } from '../measure/warmth.ts';
import { MAIN_SHARE } from './cells.ts';

/** An open loop: at a fixed rate, a latency counts from when the request was due. */
export interface OpenLoad {
  /** Of the standard's peak. */
  readonly share: number;
  readonly ratePerSecond: number;
  readonly rounds: readonly LoadResult[];
  readonly latency: LatencyFigures | null;
}

/** The rounds of one peer in one cell. */
export interface Taken {
  readonly closed: readonly LoadResult[];
  /** The busy clients without the idle ones, on the same server, where the cell has idle ones. */
  readonly alone: readonly LoadResult[];
  /** The same load as `closed` by the generator, in the one cell that both loads do. */
  readonly common: readonly LoadResult[];
  readonly open: readonly Omit<OpenLoad, 'latency'>[];
  readonly syscalls: Cell['syscalls'];
  readonly bytesPerKey: number | null;
  readonly bytesPerIdle: number | null;
  readonly pauses: Pauses | null;
  /** Before the first round. */
  readonly warming: Warming | null;
}

export interface PeerResult extends Taken {
  readonly cell: string;
  readonly peer: string;
  readonly outcome: Cell['outcome'];
  /** Why it was not measured; ''. */
  readonly reason: string;
  readonly open: readonly OpenLoad[];
  /** null where it was not measured. */
  readonly summary: BenchSummary | null;
}

export interface BenchSummary extends Summary {
  /** Of the closed loop: how long a request waits while everybody asks as much as they can. */
  readonly closedLatency: LatencyFigures | null;
  /** Throughput with idle connections over that without them, round by round. */
  readonly keptShare: Figure | null;
}

/** Adds up a peer's rounds. `latency` of the summary is that of the open loop at MAIN_SHARE. */
export function resultOf(
  who: Pick<PeerResult, 'cell' | 'peer' | 'outcome' | 'reason'>,
  taken: Taken,
): PeerResult {
  const open = taken.open.map((load) => ({ ...load, latency: latencyFigures(load.rounds) }));
  const isMeasured = who.outcome === 'measured';
  const isReached = !isMeasured || taken.closed.length > 0;
  return {
    ...who,
    ...taken,
    outcome: isReached ? who.outcome : 'unreached',
    open,
    summary: isMeasured ? summaryOf(taken) : null,
  };
}

function summaryOf({ closed, alone, open, syscalls }: Taken): BenchSummary | null {
  const rounds = closed.map((each) => ({ closed: each, open: null }));
  const summary = summarize(rounds, syscalls);
  if (summary === null) return null;
  const main = open.find(({ share }) => share === MAIN_SHARE);
  return {
    ...summary,
    latency: latencyFigures(main?.rounds ?? []),
    closedLatency: latencyFigures(closed),
    keptShare: alone.length === 0 ? null : ratesOf(closed, alone),
  };
}

function ratesOf(closed: readonly LoadResult[], alone: readonly LoadResult[]): Figure {
  return pairedRatio(closed.map(opsPerSecond), alone.map(opsPerSecond));
}

/** How far the two loads lie apart on what both of them can do. */
export interface LoadCheck {
  readonly cell: string;
  readonly peer: string;
  /** The generator's figure over redis-benchmark's. */
  readonly opsRatio: number;
  readonly cpuRatio: number;
}

export function checkOf(results: readonly PeerResult[]): LoadCheck[] {
  return results.flatMap(({ cell, peer, closed, common }) => {
    if (closed.length === 0 || common.length === 0) return [];
    const ratio = (of: (result: LoadResult) => number) =>
      pairedRatio(common.map(of), closed.map(of)).median;
    return [{ cell, peer, opsRatio: ratio(opsPerSecond), cpuRatio: ratio(cpuUsOf) }];
  });
}

function cpuUsOf({ cost, operations }: LoadResult): number {
  return cost === null ? Number.NaN : (cost.userUs + cost.systemUs) / operations;
}
