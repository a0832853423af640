/** A kernel that says "not now": the call fails, and nothing of what it was to do has been done. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { capacityOf, EVENT_LOOPS, MODES, roomFor } from '../support/modes.ts';
import { startServer } from '../support/server.ts';
import { inject, requireStrace } from '../support/strace.ts';

requireStrace();

const CLIENTS = 16;
/** Where each has a thread of its own. */
const FEW_CLIENTS = 4;
const ROUNDS = 100;
const WORDS = 8;

/** Clients send words of their own, each at its pace; the replies that were not their own. */
async function strangeReplies(server: { address: string }, count = CLIENTS): Promise<string[]> {
  const clients = await Promise.all(Array.from({ length: count }, () => connect(server)));
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

/** What the calls of an event loop may say without anything being wrong. */
const PASSING = [
  ['recvmsg:error=EINTR:when=2+2', 'sendmsg:error=EINTR:when=2+2', 'accept4:error=EINTR:when=1+2'],
  ['sendmsg:error=EAGAIN:when=2+2', 'accept4:error=ECONNABORTED:when=1+2'],
];
const WAITS: Readonly<Record<string, string>> = {
  select: 'pselect6',
  poll: 'poll',
  epoll: 'epoll_wait',
  'epoll-et': 'epoll_wait',
};

describe.each(EVENT_LOOPS.filter((mode) => mode in WAITS))('%s', (mode) => {
  test.each(PASSING)('answers everybody while one call of two fails: %s, %s', async (...faults) => {
    const server = await startServer('--mode', mode);
    const trace = await inject(server, ...faults, `${WAITS[mode]}:error=EINTR:when=2+2`);
    expect(await strangeReplies(server)).toEqual([]);
    const failed = (await trace.detach()).filter(({ result }) => result === -1);
    expect(new Set(failed.map(({ name }) => name)).size).toBe(faults.length + 1);
  });
});

describe.each(MODES.filter((mode) => !EVENT_LOOPS.includes(mode)))('%s', (mode) => {
  test.for(['recvmsg:error=EINTR:when=2+2', 'sendmsg:error=EINTR:when=2+2'])(
    'answers everybody while one call of two fails: %s',
    async (fault) => {
      const server = await startServer(...roomFor(mode, FEW_CLIENTS));
      const trace = await inject(server, fault);
      const count = Math.min(FEW_CLIENTS, capacityOf(mode, FEW_CLIENTS));
      expect(await strangeReplies(server, mode === 'blocking' ? 1 : count)).toEqual([]);
      const failed = (await trace.detach()).filter(({ result }) => result === -1);
      expect(failed.length).toBeGreaterThan(0);
    },
  );
});
