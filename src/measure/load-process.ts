/**
 * A load as its starter sees it: a child process that connects, waits, measures, waits, and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { entryFile } from '../paths.ts';
import type { LoadJob, LoadResult } from './load/job.ts';

/** Beyond the job's own time: connecting 10,000 clients, filling, and a machine that is busy. */
const GRACE_MS = 60_000;

/** What may be done while every client is connected and none has been measured. */
export type Around = (run: () => Promise<LoadResult>) => Promise<LoadResult>;

/** Runs a job, by whatever makes the load. */
export type RunLoad = (job: LoadJob, signal: AbortSignal) => Promise<LoadResult>;

/**
 * Runs one job.
 * @param around is given the measured part to run; by default it runs it at once.
 * @throws where the load process fails or takes too long, or `signal` is aborted.
 */
export async function runLoad(
  job: LoadJob,
  signal: AbortSignal,
  around: Around = (run) => run(),
): Promise<LoadResult> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [entryFile('load')], { stdio: ['pipe', 'pipe', 'pipe'] });
  const end = () => child.kill('SIGKILL');
  const timer = setTimeout(end, lengthMs(job) + GRACE_MS);
  signal.addEventListener('abort', end);
  try {
    const ask = conversation(child);
    const { ready } = (await ask(JSON.stringify(job))) as { ready: boolean };
    const run = async () => (await ask('run')) as LoadResult;
    const result = await (ready ? around(run) : run());
    child.stdin?.end('\n');
    await ended(child);
    return result;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    end();
  }
}

function lengthMs({ warmUpMs, durationMs, warming }: LoadJob): number {
  return warming === null ? warmUpMs + durationMs : warming.mostMs;
}

/** Writes a line, waits for a line of JSON. */
function conversation(child: ChildProcess): (line: string) => Promise<unknown> {
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  // A child that has died takes no more lines; that it died is told by its end.
  child.stdin?.on('error', () => {});
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return async (line) => {
    child.stdin?.write(`${line}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the load process ended early: ${firstError(complaints)}`);
    return JSON.parse(value);
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
  });
}

/** Of a stack trace: the line that says what went wrong. */
function firstError(text: string): string {
  return /^\w*Error.*$/m.exec(text)?.[0] ?? (text.trim().split('\n')[0] || 'without a word');
}
