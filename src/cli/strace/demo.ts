/**
 * Two scripted clients that overlap: the second one comes while the first one stays connected and
 * silent. What happens to it is the difference between the models.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { entryFile } from '../../paths.ts';
import { Tail } from './source.ts';
import { serversOf } from './tools.ts';

/** What a client's thread is handed. */
export interface DemoClient {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** File that its calls are recorded into. */
  readonly recording: string;
  /** What the script's times count from: milliseconds since 1970. */
  readonly startMs: number;
  /** Not before these times; each waits for its reply. */
  readonly steps: readonly { readonly atMs: number; readonly request: string }[];
  readonly leaveMs: number;
}

const SCRIPTS: readonly Pick<DemoClient, 'name' | 'steps' | 'leaveMs'>[] = [
  {
    name: 'client 1',
    steps: [
      { atMs: 0, request: resp('SET', 'name', 'Alice') },
      { atMs: 1200, request: resp('GET', 'name') },
    ],
    leaveMs: 2200,
  },
  {
    name: 'client 2',
    steps: [
      { atMs: 600, request: resp('GET', 'name') },
      { atMs: 900, request: resp('SET', 'name', 'Bob') },
    ],
    leaveMs: 1100,
  },
];

function resp(...words: string[]): string {
  const bulks = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulks.join('')}`;
}

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

/** Plays the scripts against a server; `take` gets the log of the clients' calls. */
export async function playDemo(address: string, take: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'syskv-'));
  const recording = join(folder, 'clients');
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address)!;
  const startMs = Date.now() + START_AFTER_MS;
  const tail = new Tail(recording, take);
  try {
    const ends = SCRIPTS.map((script) =>
      play({ ...script, host, port: Number(port), recording, startMs }),
    );
    await Promise.all(ends);
  } finally {
    tail.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function play(client: DemoClient): Promise<void> {
  const worker = new Worker(entryFile('demo-client'), { workerData: client });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

/** Both threads have started by then, and the picture begins with a server that waits. */
const START_AFTER_MS = 500;
