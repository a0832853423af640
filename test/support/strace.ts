/** strace beside a running server: what the kernel was asked for, line by line. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, onTestFinished, vi } from 'vitest';
import { DEADLINE_MS, within } from './deadline.ts';
import { temporaryFolder } from './folder.ts';
import type { Server } from './server.ts';
import { requireTool, skip } from './tools.ts';

/** The tests of this file need strace, and the permission to trace a process that is no child. */
export function requireStrace(): void {
  requireTool('strace', 'strace');
  beforeEach((context) => {
    if (!mayAttach()) {
      skip(context, 'needs to attach to a process: sudo sysctl kernel.yama.ptrace_scope=0');
    }
  });
}

/** Yama's restriction (ptrace(2)): with 1, only root may trace what it did not start itself. */
function mayAttach(): boolean {
  try {
    const scope = Number(readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8'));
    return scope === 0 || (scope < 3 && process.geteuid?.() === 0);
  } catch {
    return true;
  }
}

export interface Call {
  name: string;
  /** What stands between the parentheses. */
  text: string;
  /** The first argument: for these calls, the descriptor. */
  fd: number;
  /** What it returned: -1 for an error. NaN: it had not returned when strace left. */
  result: number;
  /** Its thread's id, where strace says so (`-f`, several PIDs); 0 elsewhere. */
  thread: number;
}

export interface Trace {
  /** Ends the tracing; the server goes on. */
  detach(): Promise<Call[]>;
}

/** Has calls of the running server fail: `io_uring_enter:error=EAGAIN:when=3+2`, see strace(1). */
export function inject(server: Server, ...injections: readonly string[]): Promise<Trace> {
  const calls = injections.map((injection) => injection.slice(0, injection.indexOf(':')));
  return attach(server, calls, injections);
}

/**
 * Traces these calls (by default those that the server prints) of the processes or threads that the
 * printed command names. Resolves once every call will be seen.
 */
export async function attach(
  server: Server,
  calls?: readonly string[],
  injections: readonly string[] = [],
): Promise<Trace> {
  const printed = /^watch it: {2}strace (.+) -e trace=(\S+) -tt$/m.exec(server.output);
  const [, targets, printedCalls] = printed ?? ['', '', ''];
  const wanted = calls ?? printedCalls.split(',');
  const isWanted = ({ name }: Call) => wanted.includes(name) || wanted.includes('all');
  const file = join(temporaryFolder(), 'trace');
  const flags = ['-e', `trace=${[...wanted, ...SLEEPS].join(',')}`, '-tt', '-s', '16', '-o', file];
  const faults = injections.flatMap((injection) => ['-e', `inject=${injection}`]);
  const strace = spawn('strace', [...targets.split(' '), ...flags, ...faults]);
  onTestFinished(() => {
    strace.kill('SIGKILL');
  });
  let messages = '';
  strace.stderr.on('data', (chunk) => {
    messages += chunk;
  });
  const ended = new Promise<void>((resolve) => {
    strace.on('close', () => resolve());
  });
  const threads = threadsOf(targets);
  await vi.waitUntil(() => seenIn(file, threads), { timeout: DEADLINE_MS, interval: 2 });
  return {
    async detach() {
      strace.kill('SIGINT');
      await within('strace to detach', ended, () => messages);
      return parse(readFileSync(file, 'utf8')).filter(isWanted);
    },
  };
}

/** What a thread of the server, or one of Node's, can be asleep in. */
const SLEEPS = [
  ...['epoll_wait', 'epoll_pwait', 'poll', 'ppoll', 'pselect6', 'io_uring_enter', 'accept4'],
  ...['recvmsg', 'futex', 'read', 'restart_syscall'],
];

/** The ids of the threads that strace attaches to; none: it has one, and does not write its id. */
function threadsOf(targets: string): string[] {
  const pids = targets.replace(/.*-p /, '').split(',');
  if (!targets.startsWith('-f')) return pids.length === 1 ? [] : pids;
  return pids.flatMap((pid) => readdirSync(`/proc/${pid}/task`));
}

/**
 * A thread that sleeps in a call when strace attaches is stopped and enters the call again: that
 * line is the sign that strace sees it. What strace says by itself ("attached") comes before.
 */
function seenIn(file: string, threads: readonly string[]): boolean {
  if (!existsSync(file)) return false;
  const text = `\n${readFileSync(file, 'utf8')}`;
  return text.length > 1 && threads.every((thread) => text.includes(`\n${thread} `));
}

/**
 * Lines of `strace -tt`, with or without the thread's id before the time. A call that another
 * thread interrupts is two lines: it stands where it ended.
 */
function parse(text: string): Call[] {
  const begun = new Map<number, string>();
  const calls = text.split('\n').flatMap((line) => {
    const match = /^(?:(\d+) +)?[\d:.]+ (.*)$/.exec(line);
    if (match === null) return [];
    const thread = Number(match[1] ?? 0);
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(match[2]);
    const whole = resumed === null ? match[2] : `${begun.get(thread)}${resumed[1]}`;
    begun.delete(thread);
    if (!whole.endsWith(UNFINISHED)) return callOf(thread, whole);
    begun.set(thread, whole.slice(0, -UNFINISHED.length));
    return [];
  });
  const unfinished = [...begun].flatMap(([thread, line]) => callOf(thread, `${line}${DETACHED}`));
  return [...calls, ...unfinished];
}

function callOf(thread: number, line: string): Call[] {
  const match = /^(\w+)\((.*?)(?: <detached \.\.\.>|\) += (-?\d+)?.*)$/.exec(line);
  if (match === null) return [];
  const [, name, text, result] = match;
  return [{ name, text, fd: Number.parseInt(text, 10), result: Number(result), thread }];
}

const DETACHED = ' <detached ...>';
const UNFINISHED = ' <unfinished ...>';
