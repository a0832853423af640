/** strace beside a running server: what the kernel was asked for, line by line. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, onTestFinished } from 'vitest';
import { type Client, connect } from './client.ts';
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

/**
 * The command that the server printed for this, run with `-o`. Resolves once the server is traced;
 * what came before is left out. `through` is a client that it serves already: in the models where
 * one keeps a thread busy, another one would wait.
 */
export async function attach(server: Server, through?: Client): Promise<Trace> {
  const printed = /^watch it: {2}strace (.+)$/m.exec(server.output)?.[1] ?? '';
  const file = join(temporaryFolder(), 'trace');
  const strace = spawn('strace', [...printed.split(' '), '-o', file]);
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
  await mark(server, through);
  return {
    async detach() {
      strace.kill('SIGINT');
      await within('strace to detach', ended);
      return parse(readFileSync(file, 'utf8'));
    },
  };
}

/**
 * strace says that it is attached when it has asked the kernel to stop the process, which may still
 * finish the call that it is in: only the next one is sure to be seen.
 */
async function mark(server: Server, through?: Client): Promise<void> {
  const client = through ?? (await connect(server));
  client.send(`ECHO ${MARK}\r\n`);
  await client.readUntil(`${MARK}\r\n`);
  client.send(`ECHO ${MARK}\r\n`);
  await client.readUntil(`${MARK}\r\n`);
  if (through !== undefined) return;
  client.end();
  await client.readToEnd();
}

/** Shorter than what strace shows of a string. */
const MARK = 'traced-from-here';

/** Lines of `strace -tt`, with or without the thread's id before the time. */
function parse(text: string): Call[] {
  const lines = text.split('\n');
  const marked = lines.findLastIndex((line) => line.includes(MARK));
  return lines.slice(marked + 1).flatMap((line) => {
    const match = /^(?:\d+ +)?[\d:.]+ (\w+)\((.*)\) += (-?\d+)/.exec(line);
    if (match === null) return [];
    const [, name, inside, result] = match;
    return [{ name, text: inside, fd: Number.parseInt(inside, 10), result: Number(result) }];
  });
}
