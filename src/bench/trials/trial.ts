/**
 * A trial measures what no cell has the shape for: how fairly a load is shared, how soon a server
 * is ready, what an operation costs as time goes on. Each is one object in a file of its own and a
 * line in all.ts: it runs by itself, gives figures with one value a round, and may set bounds to
 * some of them.
 */
import { type Entrant, messageOf, type Timing } from '../../measure/entrant.ts';
import { threeDigits, time } from '../../measure/report/format.ts';
import { figureOf } from '../../measure/statistics.ts';
import type { Target } from '../../measure/targets/target.ts';
import type { Posix } from '../../posix/posix.ts';
import { peerOf } from '../peers.ts';

export interface Trial {
  /** To be asked for with --cells, as a cell is. */
  readonly name: string;
  readonly title: string;
  /** The peers that it starts (peers.ts). Where one of them can't run, the trial is not made. */
  readonly peers: readonly string[];
  readonly goals: readonly TrialGoal[];
  /**
   * Measures. What it throws is the reason why there are no figures; the other trials go on.
   * @returns figures whose names no other trial has.
   */
  measure(bench: TrialBench): Promise<readonly Reading[]>;
}

/** What a trial is given. */
export interface TrialBench {
  readonly posix: Posix;
  readonly rounds: number;
  /** For `Entrant.job`: durations, pinning and seed. */
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** The peer of that name, with `Entrant` (measure/entrant.ts) or `Target.start` to start it. */
  peer(name: string): Target;
}

export interface Reading {
  /** What it is of: `thread-pool:64: start to listening`. */
  readonly figure: string;
  readonly unit: Unit;
  /** One a round. The figure is their median. */
  readonly values: readonly number[];
}

export interface TrialGoal {
  /** Of a reading. */
  readonly figure: string;
  readonly unit: Unit;
  readonly comparison: '≤' | '<' | '≥' | '=';
  readonly bound: number;
  /** What a ratio is a multiple of: `epoll`, `the mean`. */
  readonly of?: string;
}

const UNITS = {
  times: (value: number) => `${value.toFixed(2)} ×`,
  ms: (value: number) => `${Math.round(value).toLocaleString('en-US')} ms`,
  us: time,
  MiB: (value: number) => `${threeDigits(value)} MiB`,
  number: (value: number) => value.toLocaleString('en-US'),
} as const;

export type Unit = keyof typeof UNITS;

export interface TrialResult {
  readonly name: string;
  readonly title: string;
  /** Why there are no readings; ''. */
  readonly reason: string;
  readonly readings: readonly Reading[];
}

export function inUnit(value: number, unit: Unit): string {
  return UNITS[unit](value);
}

/** Makes the trials one after the other, as long as `signal` lets it. */
export async function runTrials(
  trials: readonly Trial[],
  bench: Omit<TrialBench, 'peer'>,
  onTrial: (result: TrialResult) => void,
): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  for (const trial of trials) {
    if (bench.signal.aborted) break;
    const result = await runTrial(trial, bench);
    if (bench.signal.aborted) break;
    results.push(result);
    onTrial(result);
  }
  return results;
}

async function runTrial(trial: Trial, bench: Omit<TrialBench, 'peer'>): Promise<TrialResult> {
  const { name, title } = trial;
  const refused = trial.peers.map(peerFor).find(({ refusal }) => refusal !== '');
  if (refused !== undefined) return { name, title, reason: refused.refusal, readings: [] };
  try {
    const readings = await trial.measure({ ...bench, peer: peerFor });
    return { name, title, reason: '', readings };
  } catch (error) {
    return { name, title, reason: messageOf(error), readings: [] };
  }
}

/** Without lines for each garbage collection: nobody reads them. */
function peerFor(name: string): Target {
  const peer = peerOf(name, false);
  if (peer === undefined) throw new Error(`no peer '${name}'`);
  return peer;
}

/** @throws where something has stood in an entrant's way: a trial without it is none. */
export function mustBeAble({ target, outcome, reason }: Entrant): void {
  if (outcome !== 'measured') throw new Error(`${target.name}: ${reason}`);
}

/** Lines for the terminal and the page: what was found, and how far the rounds lie apart. */
export function readingLines({ reason, readings }: TrialResult): string[][] {
  if (reason !== '') return [[`not measured: ${reason}`, '', '', '']];
  return readings.map(({ figure, unit, values }) => {
    if (values.length === 0) return [figure, '–', '–', '–'];
    const { median, least, most } = figureOf(values);
    return [figure, ...[median, least, most].map((value) => inUnit(value, unit))];
  });
}
