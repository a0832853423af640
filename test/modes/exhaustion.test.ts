/** A process that has no descriptor left: it waits for one, and costs next to nothing meanwhile. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { ModeName } from '../../src/server/modes.ts';
import { type Client, connect } from '../support/client.ts';
import { DEADLINE_MS } from '../support/deadline.ts';
import { eventually } from '../support/eventually.ts';
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

function openIn(pid: number): Set<number> {
  return new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
}

/** The next number that open(2) would hand out: RLIMIT_NOFILE is a limit on the number. */
function lowestFree(pid: number): number {
  const taken = openIn(pid);
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

interface Waiting {
  readonly client: Client;
  readonly reply: Promise<string>;
}

function ask(client: Client): Waiting {
  client.send('PING\r\n');
  return { client, reply: client.read(7) };
}

/**
 * Clients come until the server complains. It may have answered the last one and then have failed
 * to accept nobody, so another one comes: that one waits.
 */
async function exhaust(server: Server, answered: (client: Client) => Promise<void>) {
  for (;;) {
    const asking = ask(await connect(server));
    const complained = complains(server, 1).then(
      () => '',
      () => 'no complaint',
    );
    if ((await Promise.race([asking.reply, complained])) === '') {
      return [asking, ask(await connect(server))];
    }
    await answered(asking.client);
  }
}

/** Event loops have as many clients as there are descriptors: listeners take most of them. */
async function exhaustLoop(mode: ModeName) {
  const listeners = Array(48).fill(['--listen', 'resp://127.0.0.1:0']).flat();
  const server = await startServerWithin(80, '--mode', mode, ...listeners);
  const clients: Client[] = [];
  const waiting = await exhaust(server, async (client) => void clients.push(client));
  return { server, waiting, recover: () => Promise.all(clients.map(leave)) };
}

/** Blocking threads have a client each: their process' limit is lowered to what it has open. */
async function exhaustThreads(mode: ModeName) {
  const server = await startServer(...roomFor(mode, 1));
  await comeAndGo(server, 1);
  limitDescriptors(server, lowestFree);
  const waiting = await exhaust(server, leave);
  return { server, waiting, recover: async () => limitDescriptors(server, () => 1000) };
}

/**
 * A client with the lowest number there is: it will be free for another one. A blocked accept4 has
 * one reserved from the time when it was called, and that may be higher than what is free by now.
 */
async function servedLow(server: Server): Promise<Client> {
  const before = openIn(server.pid);
  for (;;) {
    const client = await served(server);
    const fd = [...openIn(server.pid)].find((open) => !before.has(open));
    if (fd !== undefined && fd < lowestFree(server.pid)) return client;
    await leave(client);
    await vi.waitUntil(() => openIn(server.pid).size === before.size);
  }
}

/** So many clients at once, each of them served; none is left. */
async function comeAndGo(server: Server, count: number): Promise<void> {
  const before = server.sockets;
  const clients = await Promise.all(Array.from({ length: count }, () => served(server)));
  await Promise.all(clients.map(leave));
  await eventually(() => server.sockets === before);
}

/** Each is answered, and makes room for the next. */
async function oneAfterTheOther(waiting: readonly Waiting[]): Promise<void> {
  for (const { client, reply } of waiting) {
    expect(await reply).toBe('+PONG\r\n');
    await leave(client);
  }
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
  test('no busy loop, a line a second at most, and service again once there are some', async () => {
    const exhausted = EVENT_LOOPS.includes(mode) ? exhaustLoop : exhaustThreads;
    const { server, waiting, recover } = await exhausted(mode);
    const before = { cpuMs: server.cpuMs, atMs: performance.now() };
    await complains(server, 3);
    const passedMs = performance.now() - before.atMs;
    expect(server.cpuMs - before.cpuMs).toBeLessThan(passedMs / 10);
    const times = complaintsOf(server);
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(1000);
    expect(times[2] - times[1]).toBeGreaterThanOrEqual(1000);
    await recover();
    await oneAfterTheOther(waiting);
  });
});

describe.each(CREWS)('without descriptors, in mode %s', (mode) => {
  test('clients that leave make room for those that wait', async () => {
    const server = await startServer(...roomFor(mode, 4));
    // All threads are up once there are as many clients.
    await comeAndGo(server, 4);
    const clients = [await servedLow(server)];
    limitDescriptors(server, lowestFree);
    const waiting = await exhaust(server, async (client) => void clients.push(client));
    await Promise.all(clients.map(leave));
    await oneAfterTheOther(waiting);
  });
});

test('thread-per-connection starts no thread that lacks descriptors, and goes on', async () => {
  const server = await startServer('--mode', 'thread-per-connection', '--threads', '64');
  const threads = await Promise.all([1, 2, 3, 4].map(() => served(server)));
  limitDescriptors(server, (pid) => lowestFree(pid) + 20);
  const waiting = [ask(await connect(server)), ask(await connect(server))];
  await vi.waitUntil(() => / warning: too few descriptors for more than/.test(server.log), {
    timeout: DEADLINE_MS,
  });
  await leave(threads[0]);
  expect(await waiting[0].reply).toBe('+PONG\r\n');
  limitDescriptors(server, () => 1000);
  expect(await waiting[1].reply).toBe('+PONG\r\n');
});
