/**
 * What the server is to reach, as a check: a goal, the figure that was found, reached or not. A
 * ratio is the median of the rounds' own ratios, so that what disturbed both of a pair cancels out.
 */
import { threeDigits, time } from '../measure/report/format.ts';
import { figureOf, pairedRatio } from '../measure/statistics.ts';
import type { PeerResult } from './result.ts';
import { TRIALS } from './trials/all.ts';
import { inUnit, type TrialGoal, type TrialResult } from './trials/trial.ts';

/** Everything that goals are judged by. */
export interface Findings {
  readonly results: readonly PeerResult[];
  readonly trials: readonly TrialResult[];
}

export interface Verdict {
  readonly goal: string;
  /** `≤ 0.5 × redis-server` */
  readonly bound: string;
  /** `0.43 ×`; '' where it was not measured. */
  readonly figure: string;
  readonly value: number | null;
  /** null: not measured. */
  readonly reached: boolean | null;
}

interface Goal {
  readonly goal: string;
  readonly comparison: '≤' | '<' | '≥' | '=';
  readonly bound: number;
  /** What the figure is a multiple of; '': the figure stands for itself. */
  readonly of: string;
  readonly unit: (value: number) => string;
  /** null where it was not measured. */
  readonly find: (findings: Findings) => number | null;
}

/** Of one peer in one cell: one value a round, or null. */
type Metric = (result: PeerResult) => readonly number[] | null;

const REDIS = 'redis-server';
const NODE = 'node-net';
const BOTH: readonly string[] = ['set', 'get'];
const MODES: readonly string[] = ['epoll', 'io_uring'];

export const GOALS: readonly Goal[] = [
  ...pipelined(64, 0.5),
  ...pipelined(16, 0.65),
  ...BOTH.flatMap(single),
  ...MODES.flatMap(crowd),
  threads(),
  ...BOTH.flatMap((operation) =>
    MODES.map((mode) => cpuGoal(`${operation}-32b-p64-5m`, mode, REDIS, 0.6)),
  ),
  ...TRIALS.flatMap(({ goals }) => goals.map(ofTrial)),
];

/** One verdict a goal, in their order. */
export function judgeGoals(findings: Findings): Verdict[] {
  return GOALS.map((goal) => {
    const value = goal.find(findings);
    const known = value !== null && Number.isFinite(value);
    return {
      goal: goal.goal,
      bound: `${goal.comparison} ${goal.unit(goal.bound)}${goal.of === '' ? '' : ` ${goal.of}`}`,
      figure: known ? goal.unit(value) : '',
      value: known ? value : null,
      reached: known ? holds(value, goal) : null,
    };
  });
}

function holds(value: number, { comparison, bound }: Goal): boolean {
  switch (comparison) {
    case '≤':
      return value <= bound;
    case '<':
      return value < bound;
    case '≥':
      return value >= bound;
    default:
      return value === bound;
  }
}

function pipelined(pipeline: number, mostCpu: number): Goal[] {
  return BOTH.flatMap((operation) => {
    const cell = `${operation}-32b-p${pipeline}`;
    return MODES.flatMap((mode) => [
      cpuGoal(cell, mode, REDIS, mostCpu),
      opsGoal(cell, mode, REDIS, 1.5),
      opsGoal(cell, mode, NODE, 2.5),
    ]);
  });
}

function single(operation: string): Goal[] {
  const cell = `${operation}-32b-p1`;
  return [
    cpuGoal(cell, 'epoll', REDIS, 0.9),
    plain(cell, 'epoll', 'user CPU per operation', '≤', 0.8, time, userOf),
    cpuGoal(cell, 'io_uring', REDIS, 0.85),
    plain(cell, 'io_uring', 'system calls per operation', '<', 0.1, threeDigits, callsOf),
    ...MODES.map((mode) => ratio(cell, mode, REDIS, 'p99.9 of the open loop', '≤', 1, p999Of)),
    ...MODES.map((mode) => plain(cell, mode, 'pauses over 5 ms', '=', 0, String, pausesOf)),
  ];
}

function crowd(mode: string): Goal[] {
  const cell = 'mixed-32b-p1-idle9990';
  return [
    {
      ...plain(cell, mode, 'throughput with idle clients', '≥', 0.95, times, keptOf),
      of: 'without them',
    },
    plain(cell, mode, 'resident bytes per idle client', '≤', 1024, bytes, idleBytesOf),
  ];
}

function threads(): Goal {
  const cell = 'mixed-32b-p16';
  return ratio(cell, 'epoll:2', 'epoll', 'CPU per operation, two threads', '≤', 1.15, cpuOf);
}

/** Its figure is the median of its rounds, as a trial gives them. */
function ofTrial({ figure, unit, comparison, bound, of = '' }: TrialGoal): Goal {
  return {
    goal: figure,
    ...{ comparison, bound, of, unit: (value) => inUnit(value, unit) },
    find: ({ trials }) => {
      const readings = trials.flatMap((trial) => trial.readings);
      const values = readings.find((reading) => reading.figure === figure)?.values ?? [];
      return values.length === 0 ? null : figureOf(values).median;
    },
  };
}

function cpuGoal(cell: string, peer: string, of: string, most: number): Goal {
  return ratio(cell, peer, of, 'CPU per operation', '≤', most, cpuOf);
}

function opsGoal(cell: string, peer: string, of: string, least: number): Goal {
  return ratio(cell, peer, of, 'throughput', '≥', least, opsOf);
}

function ratio(
  cell: string,
  peer: string,
  of: string,
  what: string,
  comparison: Goal['comparison'],
  bound: number,
  metric: Metric,
): Goal {
  return {
    goal: `${cell}, ${peer}: ${what}`,
    ...{ comparison, bound, of, unit: times },
    find: (findings) => {
      const mine = valuesOf(findings, cell, peer, metric);
      const theirs = valuesOf(findings, cell, of, metric);
      if (mine.length === 0 || theirs.length === 0) return null;
      return pairedRatio(mine, theirs).median;
    },
  };
}

function plain(
  cell: string,
  peer: string,
  what: string,
  comparison: Goal['comparison'],
  bound: number,
  unit: Goal['unit'],
  metric: Metric,
): Goal {
  return {
    goal: `${cell}, ${peer}: ${what}`,
    ...{ comparison, bound, of: '', unit },
    find: (findings) => {
      const values = valuesOf(findings, cell, peer, metric);
      return values.length === 0 ? null : figureOf(values).median;
    },
  };
}

function valuesOf(
  { results }: Findings,
  cell: string,
  peer: string,
  metric: Metric,
): readonly number[] {
  const result = results.find((one) => one.cell === cell && one.peer === peer);
  return result === undefined ? [] : (metric(result) ?? []);
}

function cpuOf({ summary }: PeerResult): readonly number[] | null {
  return summary?.cpuUs?.values ?? null;
}

function opsOf({ summary }: PeerResult): readonly number[] | null {
  return summary?.opsPerSecond.values ?? null;
}

function p999Of({ summary }: PeerResult): readonly number[] | null {
  return summary?.latency?.p999.values ?? null;
}

function keptOf({ summary }: PeerResult): readonly number[] | null {
  return summary?.keptShare?.values ?? null;
}

/** Of all rounds at once: the split comes in ticks, too coarse for one. */
function userOf({ summary }: PeerResult): readonly number[] | null {
  return summary === null || summary.cpuUs === null ? null : [summary.userUs];
}

function callsOf({ summary }: PeerResult): readonly number[] | null {
  return summary === null || summary.syscallsPerOp === null ? null : [summary.syscallsPerOp];
}

function pausesOf({ pauses }: PeerResult): readonly number[] | null {
  return pauses === null ? null : [pauses.long];
}

function idleBytesOf({ bytesPerIdle }: PeerResult): readonly number[] | null {
  return bytesPerIdle === null ? null : [bytesPerIdle];
}

function times(value: number): string {
  return `${value.toFixed(2)} ×`;
}

function bytes(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')} B`;
}
