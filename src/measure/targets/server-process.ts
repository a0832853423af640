/** A server as a child process: started once it says that it listens, ended with the run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { familyOf } from '../account.ts';
import type { RunningTarget } from './target.ts';

/** On a busy machine a start takes a second; what takes longer does not come. */
const START_MS = 20_000;
/** After SIGTERM; then SIGKILL. */
const STOP_MS = 3000;

export interface Launch {
  readonly command: string;
  readonly arguments: readonly string[];
  /** In its output: it listens. The first group is the port, where it is not known before. */
  readonly listening: RegExp;
  /** 0: the output tells. */
  readonly port: number;
  /** Keep what it writes on stdout once it listens. */
  readonly keepOutput?: boolean;
}

/** Servers that run, to be ended with this process whatever ends it. */
const running = new Set<ChildProcess>();
let watching = false;

export async function launch(what: Launch): Promise<RunningTarget> {
  const child = spawn(what.command, what.arguments, { stdio: ['ignore', 'pipe', 'pipe'] });
  watch(child);
  const match = await listening(child, what);
  let output = '';
  if (what.keepOutput) {
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
  }
  return {
    port: what.port || Number(match[1]),
    pids: () => (hasEnded(child) ? [] : familyOf(child.pid!)),
    fate: () => (hasEnded(child) ? (child.signalCode ?? `status ${child.exitCode}`) : ''),
    stop: () => stop(child),
    output: () => output,
  };
}

function watch(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const one of running) one.kill('SIGKILL');
  });
}

function listening(child: ChildProcess, { command, listening: pattern }: Launch) {
  let output = '';
  return new Promise<RegExpExecArray>((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`${command} ${why}: ${output.trim().split('\n').at(-1) ?? ''}`));
    };
    const timer = setTimeout(() => fail('did not listen in time'), START_MS);
    const look = (chunk: Buffer) => {
      output += chunk;
      const match = pattern.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      // What it writes from now on is read and dropped: a full pipe would stop it.
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', look).resume();
      resolve(match);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended before it listened');
    });
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
