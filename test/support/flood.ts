/** Clients that never stop sending, in a process of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { within } from './deadline.ts';
import type { Server } from './server.ts';

const SCRIPT = fileURLToPath(new URL('./flood.mjs', import.meta.url));

export interface Flood {
  /** Bytes of replies that each client has got so far. */
  received(): Promise<number[]>;
}

/** They send until the test ends. */
export function flood(server: Server, clients: number, request: string): Flood {
  const child = spawn(process.execPath, [SCRIPT, server.address, String(clients), request]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout });
  return {
    async received() {
      child.stdin.write('\n');
      const [line] = await within('the flood to tell', once(lines, 'line'));
      return JSON.parse(line);
    },
  };
}
