/** What sets each I/O model apart, by the kernel's account. */
import { readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { gather } from '../support/crowd.ts';
import { CREWS, EVENT_LOOPS, MODES } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';
import { attach, type Call, requireStrace } from '../support/strace.ts';

requireStrace();

async function joined(server: Server, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  for (let i = 0; i < count; i++) {
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    clients.push(client);
  }
  return clients;
}

function threadsThat(calls: readonly Call[], name: string): Set<number> {
  return new Set(calls.filter((call) => call.name === name).map(({ thread }) => thread));
}

const WAITS = new Set(['epoll_wait', 'poll', 'pselect6']);

/** What an event loop did until its last wait that reported something, without failed waits. */
function withoutLastTurn(calls: readonly Call[]): Call[] {
  const last = calls.findLastIndex(({ name, result }) => WAITS.has(name) && result > 0);
  return calls.slice(0, last).filter(({ name, result }) => !WAITS.has(name) || result > 0);
}

describe.each(CREWS)('%s', (mode) => {
  test('the thread that calls accept4 never calls recvmsg', async () => {
    const server = await startServer('--mode', mode, '--threads', '3');
    const trace = await attach(server);
    await joined(server, 3);
    const calls = await trace.detach();
    expect([...threadsThat(calls, 'accept4')]).toEqual([server.pid]);
    expect(threadsThat(calls, 'recvmsg').has(server.pid)).toBe(false);
  });

  test('each client that is there has a thread to itself', async () => {
    const server = await startServer('--mode', mode, '--threads', '3');
    const trace = await attach(server);
    await joined(server, 3);
    const received = (await trace.detach()).filter(({ name }) => name === 'recvmsg');
    const pairs = new Set(received.map(({ fd, thread }) => `${fd} by ${thread}`));
    expect(pairs.size).toBe(3);
    expect(new Set(received.map(({ thread }) => thread)).size).toBe(3);
  });
});

describe('prefork', () => {
  test('all its processes are blocked in accept4 on one and the same listener', async () => {
    const server = await startServer('--mode', 'prefork', '--threads', '3');
    // Each has started once it serves a client; then they all wait again.
    for (const client of await joined(server, 3)) {
      client.end();
      expect(await client.readToEnd()).toBe('');
    }
    const trace = await attach(server);
    const waiting = (await trace.detach()).filter(({ result }) => Number.isNaN(result));
    expect(waiting.map(({ name }) => name)).toEqual(['accept4', 'accept4', 'accept4']);
    const sockets = waiting.map(({ thread, fd }) => readlinkSync(`/proc/${thread}/fd/${fd}`));
    expect(new Set(sockets).size).toBe(1);
    expect(new Set(waiting.map(({ thread }) => thread)).size).toBe(3);
  });
});

/** io_uring accepts without a call of its own. */
const POLLERS = EVENT_LOOPS.filter((mode) => mode !== 'io_uring');

describe.each(POLLERS)('%s with --threads 2', (mode) => {
  test('both threads accept on listeners of their own, and keep what they accept', async () => {
    const server = await startServer('--mode', mode, '--threads', '2');
    const trace = await attach(server);
    await joined(server, 20);
    const accepted = (await trace.detach()).filter(
      ({ name, result }) => name === 'accept4' && result >= 0,
    );
    expect(accepted).toHaveLength(20);
    expect(threadsThat(accepted, 'accept4').size).toBe(2);
    expect(new Set(accepted.map(({ fd, thread }) => `${fd} by ${thread}`)).size).toBe(2);
  });
});

describe('with 1,000 idle clients and one that asks', () => {
  const IDLE = 1000;
  const TRACED = ['accept4', 'recvmsg', 'sendmsg', 'epoll_wait', 'epoll_ctl', 'poll', 'close'];

  /** A server that looked at its clients every now and then would do so within this. */
  const OBSERVED_MS = 1000;

  /** The calls of ten requests of one client, from the wait that reports the first. */
  async function tenRequests(server: Server): Promise<Call[]> {
    const crowd = await gather(server, IDLE);
    await crowd.ask(IDLE, 'PING\r\n', '+PONG\r\n');
    const [client] = await joined(server, 1);
    const trace = await attach(server, TRACED);
    // An eleventh one, so that strace has seen the tenth to its end.
    for (let i = 0; i < 11; i++) await client.ask('PING\r\n', 7);
    return withoutLastTurn(await trace.detach());
  }

  test('epoll sleeps in one call for as long as nobody asks', async () => {
    const server = await startServer('--mode', 'epoll');
    const crowd = await gather(server, IDLE);
    await crowd.ask(IDLE, 'PING\r\n', '+PONG\r\n');
    const trace = await attach(server, TRACED);
    await new Promise((resolve) => setTimeout(resolve, OBSERVED_MS));
    const calls = await trace.detach();
    expect(calls.filter(({ result }) => !(result < 0))).toEqual([
      expect.objectContaining({ name: 'epoll_wait', result: Number.NaN }),
    ]);
  });

  test('epoll says nothing of the idle ones: three calls a request', async () => {
    const calls = await tenRequests(await startServer('--mode', 'epoll'));
    const names = calls.map(({ name }) => name);
    expect(names).toEqual(Array(10).fill(['epoll_wait', 'recvmsg', 'sendmsg']).flat());
    const waits = calls.filter(({ name }) => name === 'epoll_wait');
    expect(waits.map(({ result }) => result)).toEqual(Array(10).fill(1));
  });

  test('poll passes all of them with every call', async () => {
    const calls = await tenRequests(await startServer('--mode', 'poll'));
    const lengths = calls.filter(({ name }) => name === 'poll').map(nfdsOf);
    // The listener, the stop's eventfd and the one that asks come on top.
    expect(new Set(lengths)).toEqual(new Set([IDLE + 3]));
  });

  function nfdsOf({ text }: Call): number {
    return Number(/\], (\d+), -?\d+/.exec(text)?.[1] ?? /, (\d+), -?\d+$/.exec(text)?.[1]);
  }
});

test.each([10, 100])('select passes the highest of %i descriptors plus one', async (clients) => {
  const server = await startServer('--mode', 'select');
  await joined(server, clients - 1);
  const [last] = await joined(server, 1);
  const trace = await attach(server, ['pselect6', 'recvmsg']);
  await last.ask('PING\r\n', 7);
  const calls = await trace.detach();
  const { fd } = calls.find(({ name }) => name === 'recvmsg')!;
  const bounds = calls.filter(({ name }) => name === 'pselect6').map((call) => call.fd);
  expect(new Set(bounds)).toEqual(new Set([fd + 1]));
});

describe('a request of an idle client', () => {
  async function callsOfOneRequest(mode: string): Promise<string[]> {
    const server = await startServer('--mode', mode);
    const [client, other] = await joined(server, 2);
    const trace = await attach(server, ['epoll_wait', 'epoll_ctl', 'recvmsg', 'sendmsg']);
    await client.ask('PING\r\n', 7);
    // The other one's reply comes after all that belongs to the first request.
    await other.ask('PING\r\n', 7);
    const calls = withoutLastTurn(await trace.detach());
    return calls.map(({ name, result }) => `${name} = ${result}`);
  }

  test('epoll reads once: if there were more, the next wait would say so', async () => {
    expect(await callsOfOneRequest('epoll')).toEqual([
      'epoll_wait = 1',
      'recvmsg = 6',
      'sendmsg = 7',
    ]);
  });

  test('epoll-et reads until EAGAIN: nobody will say so again', async () => {
    expect(await callsOfOneRequest('epoll-et')).toEqual([
      'epoll_wait = 1',
      'recvmsg = 6',
      'sendmsg = 7',
      'recvmsg = -1',
    ]);
  });
});

describe.each(MODES.filter((mode) => mode === 'io_uring'))('%s', (mode) => {
  const CLIENTS = 50;
  const PIPELINED = 5;
  const ROUNDS = 4;

  test('serves 1,000 requests of 50 clients with fewer than 100 calls of any kind', async () => {
    const server = await startServer('--mode', mode);
    const crowd = await gather(server, CLIENTS);
    const pings = 'PING\r\n'.repeat(PIPELINED);
    const pongs = '+PONG\r\n'.repeat(PIPELINED);
    await crowd.ask(CLIENTS, pings, pongs);
    const trace = await attach(server, ['all']);
    for (let i = 0; i < ROUNDS; i++) await crowd.ask(CLIENTS, pings, pongs);
    const calls = await trace.detach();
    expect(calls.map(({ name }) => name)).toContain('io_uring_enter');
    expect(calls.length).toBeLessThan(100);
  });

  test('calls neither accept4, recvmsg nor sendmsg', async () => {
    const server = await startServer('--mode', mode);
    const trace = await attach(server, ['accept4', 'recvmsg', 'sendmsg']);
    for (const client of await joined(server, 3)) client.end();
    expect(await trace.detach()).toEqual([]);
  });
});
