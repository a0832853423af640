/** A process that has no descriptor left: it waits for one, and costs next to nothing meanwhile. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { ModeName } from '../../src/server/modes.ts';
import { type Client, connect } from '../support/client.ts';
import { DEADLINE_MS } from '../support/deadline.ts';
import { CREWS, EVENT_LOOPS, MODES, roomFor } from '../support/modes.ts';
import { type Server, startServer, startServerWithin } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';

requireTool('prlimit', 'util-linux');

/** The processes of the server may have this many descriptors from now on. */
function limitDescriptors(server: Server, limitOf: (pid: number) => number): void {
  for (const pid of [server.pid, ...server.children]) {
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${limitOf(pid)}:`]);
  }
}

/** The next number that open(2) would hand out: RLIMIT_NOFILE is a limit on the number. */
function lowestFree(pid: number): number {
  const taken = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let fd = 0;
  while (taken.has(fd)) fd++;
  return fd;
}

/** When each line about the lack of descriptors was written. */
function complaintsOf({ log }: Server): number[] {
  const lines = log.matchAll(/^(\S+) warning: accept4: EMFILE: .*ulimit -n/gm);
  return [...lines].map(([, time]) => Date.parse(time));
}

async function complains(server: Server, times: number): Promise<void> {
  await vi.waitUntil(() => complaintsOf(server).length >= times, {
    timeout: DEADLINE_MS,
    interval: 5,
  });
}

/** Clients come until one is not answered and the server complains. */
async function exhaust(server: Server, answered: (client: Client) => Promise<void>) {
  for (;;) {
    const client = await connect(server);
    client.send('PING\r\n');
    const reply = client.read(7);
    const complained = complains(server, 1).then(() => '');
    if ((await Promise.race([reply, complained])) === '') return { reply };
    await answered(client);
  }
}

/** Event loops have as many clients as there are descriptors: listeners take most of them. */
async function exhaustLoop(mode: ModeName) {
  const listeners = Array(48).fill(['--listen', 'resp://127.0.0.1:0']).flat();
  const server = await startServerWithin(80, '--mode', mode, ...listeners);
  const clients: Client[] = [];
  const waiting = await exhaust(server, async (client) => {
    clients.push(client);
  });
  return { server, clients, ...waiting };
}

/**
 * Blocking threads have a client each: their process' limit is lowered to what it has open. Whoever
 * was blocked in accept4 has a number reserved by then, and takes one more.
 */
async function exhaustThreads(mode: ModeName) {
  const server = await startServer(...roomFor(mode, 1));
  const before = server.sockets;
  await leave(await served(server));
  await vi.waitUntil(() => server.sockets === before);
  limitDescriptors(server, lowestFree);
  const waiting = await exhaust(server, leave);
  return { server, ...waiting };
}

async function served(server: Server): Promise<Client> {
  const client = await connect(server);
  expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  return client;
}

async function leave(client: Client): Promise<void> {
  client.end();
  expect(await client.readToEnd()).toBe('');
}

describe.each(MODES)('without descriptors, in mode %s', (mode) => {
  test('no busy loop, a line a second at most, and service as soon as there are some', async () => {
    const exhausted = EVENT_LOOPS.includes(mode) ? exhaustLoop : exhaustThreads;
    const { server, reply } = await exhausted(mode);
    const before = { cpuMs: server.cpuMs, atMs: performance.now() };
    await complains(server, 3);
    const passedMs = performance.now() - before.atMs;
    expect(server.cpuMs - before.cpuMs).toBeLessThan(passedMs / 10);
    const times = complaintsOf(server);
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(1000);
    expect(times[2] - times[1]).toBeGreaterThanOrEqual(1000);
    limitDescriptors(server, () => 1000);
    expect(await reply).toBe('+PONG\r\n');
  });
});

describe.each(EVENT_LOOPS)('without descriptors, in mode %s', (mode) => {
  test('a client that leaves makes room for the one that waits', async () => {
    const { clients, reply } = await exhaustLoop(mode);
    expect(clients.length).toBeGreaterThan(1);
    await leave(clients[0]);
    expect(await reply).toBe('+PONG\r\n');
  });
});

describe.each(CREWS)('without descriptors, in mode %s', (mode) => {
  test('a client that leaves makes room for the one that waits', async () => {
    const server = await startServer(...roomFor(mode, 4));
    const before = server.sockets;
    // All threads are up once there are as many clients.
    for (const client of [
      await served(server),
      await served(server),
      await served(server),
      await served(server),
    ]) {
      await leave(client);
    }
    await vi.waitUntil(() => server.sockets === before);
    const first = await served(server);
    limitDescriptors(server, lowestFree);
    const { reply } = await exhaust(server, async () => {});
    await leave(first);
    expect(await reply).toBe('+PONG\r\n');
  });
});

test('thread-per-connection without descriptors for a thread lets the client wait', async () => {
  const server = await startServer('--mode', 'thread-per-connection', '--threads', '64');
  const first = await served(server);
  limitDescriptors(server, (pid) => lowestFree(pid) + 4);
  const clients = await Promise.all(Array.from({ length: 12 }, () => connect(server)));
  const replies = clients.map((client) => client.ask('PING\r\n', 7));
  await complains(server, 1);
  limitDescriptors(server, () => 1000);
  for (const reply of replies) expect(await reply).toBe('+PONG\r\n');
  expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
});
