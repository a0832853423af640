/**
 * Counting a server's system calls with strace. Tracing makes a server many times slower, so it
 * happens in a run of its own, and nothing that is timed comes from that run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from './load/job.ts';

export interface SyscallCounts {
  readonly total: number;
  /** By name, the most frequent first. */
  readonly byName: Readonly<Record<string, number>>;
}

/** strace waits for every thread to stop once. */
const ATTACH_MS = 10_000;

/**
 * Runs the load with strace attached to the server.
 * @throws where strace is not installed or may not attach; the message says what to do.
 */
export async function countSyscalls(
  pids: readonly number[],
  run: () => Promise<LoadResult>,
): Promise<{ result: LoadResult; counts: SyscallCounts }> {
  const folder = mkdtempSync(join(tmpdir(), 'syskv-strace-'));
  const file = join(folder, 'counts');
  const targets = pids.flatMap((pid) => ['-p', String(pid)]);
  const strace = spawn('strace', ['-f', '-c', '-o', file, ...targets]);
  try {
    await attached(strace, pids.length);
    const result = await run();
    const ended = new Promise((resolve) => strace.once('close', resolve));
    strace.kill('SIGINT');
    await ended;
    return { result, counts: parseCounts(readFileSync(file, 'utf8')) };
  } finally {
    strace.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function attached(strace: ChildProcess, processes: number): Promise<void> {
  let messages = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('strace took too long to attach')), ATTACH_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(why));
    };
    strace.stderr?.on('data', (chunk) => {
      messages += chunk;
      if (messages.split(' attached').length <= processes) return;
      clearTimeout(timer);
      resolve();
    });
    strace.once('error', () => fail('strace is not installed: sudo apt-get install strace'));
    strace.once('close', () => fail(explain(messages)));
  });
}

function explain(messages: string): string {
  const denied = /Operation not permitted/.test(messages);
  const hint = denied ? ': sudo sysctl kernel.yama.ptrace_scope=0, or SYS_PTRACE' : '';
  return `strace may not attach${hint} (${messages.trim().split('\n')[0]})`;
}

/** The table that `strace -c` prints: …, calls, errors (or blank), name. */
export function parseCounts(table: string): SyscallCounts {
  const rows = table.split('\n').flatMap((line) => {
    const match = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?([a-z_]\w*)$/.exec(line);
    return match === null || match[2] === 'total' ? [] : [[match[2], Number(match[1])] as const];
  });
  rows.sort((a, b) => b[1] - a[1]);
  return {
    total: rows.reduce((sum, [, count]) => sum + count, 0),
    byName: Object.fromEntries(rows),
  };
}
