/** System calls of a running process that fail, as strace has them fail. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';

/**
 * Has calls of these threads fail from now on, until what is returned is killed; with `-f`, of all
 * threads of their process and of its children to come. `fault`: strace's `inject=…`.
 */
export async function injectInto(
  threads: readonly number[],
  fault: string,
  ...flags: string[]
): Promise<ChildProcess> {
  const targets = threads.flatMap((thread) => ['-p', String(thread)]);
  const strace = spawn('strace', ['-q', ...flags, ...targets, '-e', fault, '-o', '/dev/null']);
  onTestFinished(() => {
    strace.kill();
  });
  await eventually(() => threads.every((thread) => tracerOf(thread) !== 0));
  return strace;
}

/** The process that traces this thread (proc(5), TracerPid); 0: none does. -1: it has died. */
export function tracerOf(thread: number): number {
  try {
    const status = readFileSync(`/proc/${thread}/status`, 'utf8');
    return Number(/^TracerPid:\t(\d+)$/m.exec(status)?.[1]);
  } catch {
    return -1;
  }
}
