/** A kernel that says "not now": the call fails, and nothing of what it was to do has been done. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { startServer } from '../support/server.ts';
import { inject, requireStrace } from '../support/strace.ts';

requireStrace();

const CLIENTS = 16;
const ROUNDS = 100;
const WORDS = 8;

/** 16 clients send words of their own, each at its pace; the replies that were not their own. */
async function strangeReplies(server: { address: string }): Promise<string[]> {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connect(server)));
  const talks = clients.map((client, i) => talk(client, `client-${i}`));
  return (await Promise.all(talks)).flat();
}

async function talk(client: Client, name: string): Promise<string[]> {
  const strange: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const words = Array.from({ length: WORDS }, (_, i) => `${name}-${round}-${'x'.repeat(i * 37)}`);
    const reply = words.map((word) => `$${word.length}\r\n${word}\r\n`).join('');
    const got = await client.ask(words.map((word) => `ECHO ${word}\r\n`).join(''), reply.length);
    if (got !== reply) strange.push(got);
  }
  return strange;
}

describe.runIf(MODES.includes('io_uring'))('io_uring', () => {
  test.for(['EAGAIN', 'EBUSY', 'EINTR'])(
    'gives no client what is for another while io_uring_enter fails: %s',
    async (error) => {
      const server = await startServer('--mode', 'io_uring');
      const trace = await inject(server, `io_uring_enter:error=${error}:when=3+2`);
      expect(await strangeReplies(server)).toEqual([]);
      const refused = (await trace.detach()).filter(({ result }) => result === -1);
      expect(refused.length).toBeGreaterThan(ROUNDS / 4);
    },
  );
});
