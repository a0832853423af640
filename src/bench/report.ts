/** A run as data: what `--json` writes (bench/result.schema.json), and what the tables are of. */
import { whyUnpinned } from '../measure/affinity.ts';
import type { Cell } from '../measure/cell.ts';
import type { Environment } from '../measure/environment.ts';
import { CURVE_PERCENTILES } from '../measure/latency.ts';
import type { ReportedTarget } from '../measure/report/report.ts';
import type { Shape } from '../measure/scenarios.ts';
import { warningsOf } from '../measure/warnings.ts';
import { type BenchCell, MAIN_SHARE } from './cells.ts';
import { judgeGoals, type Verdict } from './goals.ts';
import { checkOf, type LoadCheck, type PeerResult } from './result.ts';
import type { BenchPlan } from './rounds.ts';
import type { TrialResult } from './trials/trial.ts';

/** Raised when a field changes its meaning or goes; new fields leave it as it is. */
export const SCHEMA_VERSION = 2;

export interface BenchReport {
  readonly schema: 'syskv-bench';
  readonly schemaVersion: number;
  readonly environment: Environment;
  readonly settings: {
    readonly rounds: number;
    readonly warmUpMs: number;
    readonly durationMs: number;
    readonly seed: number;
    /** Ratios are to this peer; '' where it was not among them. */
    readonly standard: string;
    /** Its version; '' where it is not installed. */
    readonly redisBenchmark: string;
  };
  readonly peers: readonly ReportedPeer[];
  readonly cells: readonly ReportedCell[];
  /** Positions of every `curve`, in percent. */
  readonly curvePercentiles: readonly number[];
  readonly results: readonly PeerResult[];
  readonly loadChecks: readonly LoadCheck[];
  readonly trials: readonly TrialResult[];
  readonly goals: readonly Verdict[];
  readonly warnings: readonly string[];
}

export interface ReportedPeer extends ReportedTarget {
  /** Why it is not measured; ''. */
  readonly refusal: string;
}

export interface ReportedCell {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  readonly load: 'redis-benchmark' | 'generator';
}

export interface Found {
  readonly results: readonly PeerResult[];
  readonly straceFailure: string;
  readonly interrupted: boolean;
  readonly trials: readonly TrialResult[];
}

/** @param redisBenchmark its version; ''. */
export function reportOf(
  plan: BenchPlan,
  peers: readonly ReportedPeer[],
  redisBenchmark: string,
  environment: Environment,
  found: Found,
): BenchReport {
  const { rounds, warmUpMs, durationMs, seed, standard } = plan;
  const { results, trials, straceFailure, interrupted } = found;
  const cells = plan.cells.map(({ cell }) => cell);
  return {
    schema: 'syskv-bench',
    schemaVersion: SCHEMA_VERSION,
    environment,
    settings: { rounds, warmUpMs, durationMs, seed, standard, redisBenchmark },
    peers: peers.map(({ name, reference, description, refusal }) => ({
      ...{ name, reference, description, refusal },
    })),
    cells: cells.map((cell) => reportedCell(cell, redisBenchmark !== '')),
    curvePercentiles: CURVE_PERCENTILES,
    results,
    loadChecks: checkOf(results),
    trials,
    goals: judgeGoals({ results, trials }),
    warnings: warningsOf({
      cells: results.map(asCell),
      rounds,
      unpinned: whyUnpinned(plan.pinning, plan.isPinWanted),
      straceFailure,
      interrupted,
    }),
  };
}

function reportedCell(cell: BenchCell, hasRedisBenchmark: boolean): ReportedCell {
  const { name, title, shape, byRedisBenchmark } = cell;
  const load = byRedisBenchmark && hasRedisBenchmark ? 'redis-benchmark' : 'generator';
  return { name, title, shape, load };
}

/** As a comparison would have it: the warnings look at the same things. */
function asCell(result: PeerResult): Cell {
  const { cell, peer, outcome, reason, closed, open, syscalls, summary, warming } = result;
  const main = open.find(({ share }) => share === MAIN_SHARE);
  return {
    ...{ scenario: cell, target: peer, outcome, reason, syscalls, summary, warming },
    rounds: closed.map((each, round) => ({ closed: each, open: main?.rounds[round] ?? null })),
    offeredPerSecond: main?.ratePerSecond ?? 0,
  };
}

export function resultsOf(report: BenchReport, cell: string): PeerResult[] {
  return report.results.filter((result) => result.cell === cell);
}
