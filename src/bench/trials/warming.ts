/**
 * How soon threads become fast. Each compiles the server's code for itself, so what an operation
 * costs after so many of them is held against what it costs in the end.
 */
import { Entrant } from '../../measure/entrant.ts';
import type { Shape } from '../../measure/scenarios.ts';
import { costAfter, type Warming } from '../../measure/warmth.ts';
import { mustBeAble, type Reading, type Trial, type TrialBench } from './trial.ts';

const MODE = 'thread-per-connection';
const OPERATIONS = 300_000;
const CONNECTIONS = 50;
const COST = `${MODE}: CPU per operation after ${OPERATIONS.toLocaleString('en-US')}`;
const FINAL = `${MODE}: CPU per operation in the end`;

export const warmingTrial: Trial = {
  name: 'warming',
  title: `${CONNECTIONS} clients of ${MODE}, from its start until it is warm`,
  peers: [MODE],
  goals: [{ figure: COST, unit: 'times', comparison: '≤', bound: 1.5, of: 'its final cost' }],
  measure,
};

const SHAPE: Shape = {
  workload: { mix: ['SET', 'GET'], valueBytes: 32, keys: 10_000, distribution: 'uniform' },
  connections: CONNECTIONS,
  idle: 0,
  pipeline: 1,
  reconnect: false,
  disturbance: 'none',
};

async function measure(bench: TrialBench): Promise<Reading[]> {
  const found: Warming[] = [];
  for (let round = 0; round < bench.rounds && !bench.signal.aborted; round++) {
    const warming = await warm(bench);
    if (warming !== null) found.push(warming);
  }
  return warmingReadings(found);
}

async function warm({ posix, timing, signal, peer }: TrialBench): Promise<Warming | null> {
  const entrant = new Entrant(peer(MODE));
  try {
    await entrant.start(posix, SHAPE, timing.pinning, signal);
    const warming = await entrant.warm(entrant.job(SHAPE, timing), MOST_MS, signal);
    if (!signal.aborted) mustBeAble(entrant);
    return warming;
  } finally {
    await entrant.stop();
  }
}

/**
 * A server that is warm before so many operations has its final cost after them. One that did not
 * get so far, and was not warm, tells nothing.
 */
export function warmingReadings(all: readonly Warming[]): Reading[] {
  const found = all.filter(
    ({ isWarm, blocks }) => isWarm || costAfter(blocks, OPERATIONS) !== null,
  );
  const ratios = found.map(
    ({ blocks, finalUs }) => (costAfter(blocks, OPERATIONS) ?? finalUs) / finalUs,
  );
  return [
    { figure: COST, unit: 'times', values: ratios },
    { figure: FINAL, unit: 'us', values: found.map(({ finalUs }) => finalUs) },
  ];
}

/** Some 4 million operations: threads that are not warm by then are slow. */
const MOST_MS = 60_000;
