/** strace beside a running server: what the kernel was asked for, line by line. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, onTestFinished } from 'vitest';
import { within } from './deadline.ts';
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
  result: number;
}

export interface Trace {
  /** Ends the tracing; the server goes on. */
  detach(): Promise<Call[]>;
}

/** The command that the server printed for this, run with `-o`. Resolves once strace is attached. */
export async function attach(server: Server, ...flags: string[]): Promise<Trace> {
  const printed = /^watch it: {2}strace (.+)$/m.exec(server.output)?.[1] ?? '';
  const file = join(temporaryFolder(), 'trace');
  const strace = spawn('strace', [...printed.split(' '), ...flags, '-o', file]);
  onTestFinished(() => {
    strace.kill('SIGKILL');
  });
  let messages = '';
  const attached = new Promise<void>((resolve, reject) => {
    strace.stderr.on('data', (chunk) => {
      messages += chunk;
      if (messages.includes('attached')) resolve();
    });
    strace.on('close', () => reject(new Error(`strace: ${messages}`)));
  });
  const ended = new Promise<void>((resolve) => {
    strace.on('close', () => resolve());
  });
  await within('strace to attach', attached, () => messages);
  return {
    async detach() {
      strace.kill('SIGINT');
      await within('strace to detach', ended);
      return parse(readFileSync(file, 'utf8'));
    },
  };
}

/** Lines of `strace -tt`, with or without the thread's id before the time. */
function parse(text: string): Call[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(?:\d+ +)?[\d:.]+ (\w+)\((.*)\) += (-?\d+)/.exec(line);
    if (match === null) return [];
    const [, name, inside, result] = match;
    return [{ name, text: inside, fd: Number.parseInt(inside, 10), result: Number(result) }];
  });
}
