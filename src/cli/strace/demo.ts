/** Plays a story's clients against a server, each on a thread of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { entryFile } from '../../paths.ts';
import { type DemoClient, ENDED } from './demo-progress.ts';
import { Tail } from './source.ts';
import type { DemoScript } from './stories.ts';
import { serversOf } from './tools.ts';

/**
 * Resolves once the server has nothing to do but wait: under strace its threads take seconds to
 * come up, and a client that comes before them would prove nothing. Gives up after SETTLE_MS.
 */
export async function settled(pid: number): Promise<void> {
  let quiet = 0;
  let before = ticksOf(pid);
  for (let looks = SETTLE_MS / LOOK_EVERY_MS; looks > 0 && quiet < QUIET_LOOKS; looks--) {
    await sleep(LOOK_EVERY_MS);
    const now = ticksOf(pid);
    quiet = now - before <= 1 ? quiet + 1 : 0;
    before = now;
  }
}

const SETTLE_MS = 8000;
const LOOK_EVERY_MS = 100;
const QUIET_LOOKS = 4;

/** Processor time of the server and its children, in the kernel's hundredths (proc(5), stat). */
function ticksOf(pid: number): number {
  return serversOf(pid).reduce((sum, one) => sum + ticksOfOne(one), 0);
}

function ticksOfOne(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may have spaces in it: fields count from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return Number(fields[USER_TIME]) + Number(fields[USER_TIME + 1]);
  } catch {
    return 0;
  }
}

/** utime is the fourteenth field of all. */
const USER_TIME = 11;

/** Whether a thread of the log is one of these clients. */
export function isDemoClient(_tid: number, threadName: string): boolean {
  return /^client \d+$/.test(threadName);
}

export interface Demo {
  /** All clients have left. */
  readonly ended: Promise<void>;
  /** Has the clients leave: the server has gone. */
  end(): void;
}

/** Plays the scripts against a server; `take` gets the log of the clients' calls. */
export function playDemo(
  address: string,
  scripts: readonly DemoScript[],
  take: (line: string) => void,
): Demo {
  const folder = mkdtempSync(join(tmpdir(), 'syskv-'));
  const recording = join(folder, 'clients');
  const tcp = /^\[?([^/]+?)\]?:(\d+)$/.exec(address);
  const [host, port] = tcp === null ? [address, 0] : [tcp[1], Number(tcp[2])];
  const progress = new SharedArrayBuffer((scripts.length + 1) * Int32Array.BYTES_PER_ELEMENT);
  const tail = new Tail(recording, take);
  const ends = scripts.map((script, number) =>
    play({ number, host, port, recording, script, progress }),
  );
  const ended = Promise.all(ends).then(() => {});
  const cleanUp = () => {
    tail.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    ended: ended.finally(cleanUp),
    end() {
      const words = new Int32Array(progress);
      Atomics.store(words, 0, ENDED);
      for (let i = 0; i < words.length; i++) Atomics.notify(words, i);
    },
  };
}

function play(client: DemoClient): Promise<void> {
  const worker = new Worker(entryFile('demo-client'), { workerData: client });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

/**
 * Lowers how many descriptors a server may have, so that it has so many left (prlimit(1)).
 */
export async function leaveDescriptors(pid: number, left: number): Promise<void> {
  const used = new Set(await openDescriptors(pid));
  let limit = 0;
  for (let free = 0; free < left; limit++) if (!used.has(limit)) free++;
  const { error, status } = spawnSync('prlimit', [`--pid=${pid}`, `--nofile=${limit}:`]);
  if (error !== undefined) throw new Error(NO_PRLIMIT);
  if (status !== 0) throw new Error(`prlimit --pid=${pid} --nofile=${limit}: was refused`);
}

const NO_PRLIMIT = 'prlimit is not installed: sudo apt-get install util-linux';

/** Those that stay: a thread that comes up opens its files for a moment. */
async function openDescriptors(pid: number): Promise<number[]> {
  let before = '';
  for (let looks = SETTLE_MS / LOOK_EVERY_MS, same = 0; looks > 0; looks--) {
    const now = readdirSync(`/proc/${pid}/fd`);
    same = now.join() === before ? same + 1 : 0;
    if (same === QUIET_LOOKS) return now.map(Number);
    before = now.join();
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`process ${pid} opens and closes descriptors without pause`);
}
