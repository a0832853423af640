/** Many clients at once, in a process of their own: so that each side has all its descriptors. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { within } from './deadline.ts';
import type { Server } from './server.ts';

const SCRIPT = fileURLToPath(new URL('./crowd.mjs', import.meta.url));

export interface Crowd {
  /** Has the last `count` clients send this, and waits until each has got that reply. */
  ask(count: number, request: string, reply: string): Promise<void>;
  /** Resets them all. */
  leave(): Promise<void>;
}

/** Resolves once the kernel has connected them all; they have said nothing yet. */
export async function gather(server: Server, clients: number): Promise<Crowd> {
  const child = spawn(process.execPath, [SCRIPT, server.address, String(clients)]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const said = (word: string) =>
    within(
      word,
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!output.includes(`${word}\n`)) return;
          output = '';
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`the crowd has left: ${output}`)));
      }),
      () => output,
    );
  await said('connected');
  return {
    async ask(count, request, reply) {
      child.stdin.write(`${JSON.stringify({ count, request, reply })}\n`);
      await said('answered');
    },
    async leave() {
      child.stdin.end();
      await within('the crowd to leave', new Promise((resolve) => child.once('close', resolve)));
    },
  };
}
