/** From a server's start until it listens, against the least that Node takes: `node -e 0`. */
import { spawn } from 'node:child_process';
import { serverNode } from '../../measure/targets/server-node.ts';
import type { Target } from '../../measure/targets/target.ts';
import { timeOf } from './clock.ts';
import type { Reading, Trial, TrialBench } from './trial.ts';

const BEYOND = 'epoll: start to listening, beyond node -e 0';

export const startTrial: Trial = {
  name: 'start',
  title: 'Start to the line `listening on`, by turns with node -e 0 to its end',
  peers: ['epoll'],
  goals: [{ figure: BEYOND, unit: 'ms', comparison: '≤', bound: 120 }],
  measure,
};

async function measure({ rounds, signal, peer }: TrialBench): Promise<Reading[]> {
  const listeningMs: number[] = [];
  const nodeMs: number[] = [];
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    nodeMs.push(await timeOf(emptyNode));
    listeningMs.push(await timeToListen(peer('epoll')));
  }
  return startReadings(listeningMs, nodeMs);
}

/** @param nodeMs of the same rounds: what slows the machine down slows both. */
export function startReadings(
  listeningMs: readonly number[],
  nodeMs: readonly number[],
): Reading[] {
  const beyondMs = listeningMs.map((ms, round) => ms - nodeMs[round]);
  return [
    { figure: BEYOND, unit: 'ms', values: beyondMs },
    { figure: 'epoll: start to listening', unit: 'ms', values: listeningMs },
  ];
}

async function timeToListen(peer: Target): Promise<number> {
  let stop = async () => {};
  const passedMs = await timeOf(async () => {
    const running = await peer.start();
    stop = () => running.stop();
  });
  await stop();
  return passedMs;
}

function emptyNode(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(serverNode(), ['-e', '0'], { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
