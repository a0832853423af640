/**
 * What a server leaves to others where a few clients never stop sending: how long the PING of a
 * calm client takes beside three of them, and what the least served of eight gets.
 */
import { Entrant } from '../../measure/entrant.ts';
import { type Flood, openFlood } from '../../measure/load/flood.ts';
import type { Shape } from '../../measure/scenarios.ts';
import type { Reading, Trial, TrialBench, TrialGoal } from './trial.ts';

const STANDARD = 'epoll';
const MODES: readonly string[] = [STANDARD, 'epoll-et', 'io_uring'];
const OTHERS = MODES.filter((mode) => mode !== STANDARD);

export const fairnessTrial: Trial = {
  name: 'fairness',
  title: 'One client pings beside three that pipeline SETs without pause; what eight such get',
  peers: MODES,
  goals: [
    ...OTHERS.map((mode) => ({ ...bounded(ratioFigure(mode), '≤', 5), of: STANDARD })),
    ...MODES.map((mode) => ({ ...bounded(leastFigure(mode), '≥', 1 / 3), of: 'the mean' })),
  ],
  measure,
};

function bounded(
  figure: string,
  comparison: TrialGoal['comparison'],
  bound: number,
): Omit<TrialGoal, 'of'> {
  return { figure, unit: 'times', comparison, bound };
}

function ratioFigure(mode: string): string {
  return `${mode}: p99 of PING beside three floods, over epoll's`;
}

function leastFigure(mode: string): string {
  return `${mode}: least served of eight floods, over their mean`;
}

const PINGER: Shape = {
  workload: { mix: ['PING'], valueBytes: 1, keys: 1, distribution: 'uniform' },
  connections: 1,
  idle: 0,
  pipeline: 1,
  reconnect: false,
  disturbance: 'none',
};

/** One value a round. */
interface Taken {
  readonly mode: string;
  readonly p99Us: number[];
  readonly least: number[];
}

async function measure(bench: TrialBench): Promise<Reading[]> {
  const taken = MODES.map((mode): Taken => ({ mode, p99Us: [], least: [] }));
  for (let round = 0; round < bench.rounds && !bench.signal.aborted; round++) {
    for (const { mode, p99Us, least } of taken) {
      const found = await measureOne(bench, mode);
      p99Us.push(found.p99Us);
      least.push(found.least);
    }
  }
  return readingsOf(taken);
}

export function readingsOf(taken: readonly Taken[]): Reading[] {
  const standard = taken.find(({ mode }) => mode === STANDARD);
  return taken.flatMap(({ mode, p99Us, least }) => [
    { figure: `${mode}: p99 of PING beside three floods`, unit: 'us' as const, values: p99Us },
    ...(mode === STANDARD || standard === undefined
      ? []
      : [
          {
            figure: ratioFigure(mode),
            unit: 'times' as const,
            values: p99Us.map((us, round) => us / standard.p99Us[round]),
          },
        ]),
    { figure: leastFigure(mode), unit: 'times' as const, values: least },
  ]);
}

/** @throws where the server fails, or a client is not served. */
async function measureOne(bench: TrialBench, mode: string) {
  const { posix, timing, signal } = bench;
  const one = new Entrant(bench.peer(mode));
  try {
    await one.start(posix, PINGER, timing.pinning, signal);
    const p99Us = await beside(one, 3, async () => {
      const result = await one.load(one.job(PINGER, timing), signal);
      return result?.latency.p99 ?? Number.NaN;
    });
    const least = await beside(one, 8, (flood) => leastShare(flood, timing.durationMs));
    if (!one.isAble) throw new Error(one.reason);
    return { p99Us, least };
  } finally {
    await one.stop();
  }
}

async function beside(
  one: Entrant,
  clients: number,
  work: (flood: Flood) => Promise<number>,
): Promise<number> {
  const flood = await openFlood(one.running?.port ?? 0, clients);
  flood.begin();
  try {
    return await work(flood);
  } finally {
    flood.end();
  }
}

/** What the least served gets of an equal share, once all of them are at it. */
async function leastShare(flood: Flood, durationMs: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, durationMs / 4));
  const before = flood.answered();
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const shares = flood.answered().map((count, i) => count - before[i]);
  const mean = shares.reduce((a, b) => a + b) / shares.length;
  return Math.min(...shares) / mean;
}
