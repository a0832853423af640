/** From a server's start until it listens, against the least that Node takes: `node -e 0`. */
import { spawn } from 'node:child_process';
import type { Target } from '../measure/targets/target.ts';

export interface Startup {
  /** Milliseconds, one a round. */
  readonly listeningMs: readonly number[];
  readonly nodeMs: readonly number[];
}

export async function measureStartup(
  peer: Target,
  rounds: number,
  signal: AbortSignal,
): Promise<Startup> {
  const listeningMs: number[] = [];
  const nodeMs: number[] = [];
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    nodeMs.push(await timeOf(emptyNode));
    listeningMs.push(await timeToListen(peer));
  }
  return { listeningMs, nodeMs };
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
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}
