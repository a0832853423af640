/**
 * A pool of many threads: how soon it listens, and what a thread of it takes. Not all of them are
 * started at once: the memory is what each thread of the bound costs once the pool listens.
 */
import { snapshot } from '../../measure/account.ts';
import type { Target } from '../../measure/targets/target.ts';
import { modeOf } from '../../server/modes.ts';
import { timeOf } from './clock.ts';
import type { Reading, Trial, TrialBench } from './trial.ts';

const THREADS = 64;
const POOL = `thread-pool:${THREADS}`;
/** The same server with the least that a pool can have. */
const LEAST = 'thread-pool:1';
const LISTENING = `${POOL}: start to listening`;
const MEMORY = `${POOL}: resident memory a thread`;
const STARTED = `${POOL}: resident memory a started thread`;

export const poolTrial: Trial = {
  name: 'pool',
  title: `A pool of ${THREADS} threads, as it is when it listens`,
  peers: [POOL, LEAST],
  goals: [
    { figure: LISTENING, unit: 'ms', comparison: '≤', bound: 1000 },
    { figure: MEMORY, unit: 'MiB', comparison: '≤', bound: 5 },
  ],
  measure,
};

interface Started {
  readonly listeningMs: number;
  readonly residentBytes: number;
}

async function measure({ rounds, signal, peer }: TrialBench): Promise<Reading[]> {
  const pools: Started[] = [];
  const least: Started[] = [];
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    least.push(await startOf(peer(LEAST)));
    pools.push(await startOf(peer(POOL)));
  }
  return poolReadings(pools, least);
}

/** @param least of the same rounds: one thread more or less is not counted. */
export function poolReadings(pools: readonly Started[], least: readonly Started[]): Reading[] {
  const beyondBytes = pools.map((pool, round) => pool.residentBytes - least[round].residentBytes);
  const shared = (threads: number) => beyondBytes.map((bytes) => bytes / (threads - 1) / 2 ** 20);
  return [
    { figure: LISTENING, unit: 'ms', values: pools.map(({ listeningMs }) => listeningMs) },
    { figure: MEMORY, unit: 'MiB', values: shared(THREADS) },
    { figure: STARTED, unit: 'MiB', values: shared(modeOf('thread-pool').startedAhead) },
  ];
}

async function startOf(peer: Target): Promise<Started> {
  let residentBytes = 0;
  let stop = async () => {};
  const listeningMs = await timeOf(async () => {
    const running = await peer.start();
    stop = () => running.stop();
    residentBytes = snapshot(running.pids())?.residentBytes ?? Number.NaN;
  });
  await stop();
  return { listeningMs, residentBytes };
}
