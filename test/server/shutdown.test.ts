/**
 * How a server ends: orderly, with every reply it owes, within a second; or at once, if told twice.
 */
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { MODES } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const CASES = MODES.flatMap((mode) => SIGNALS.map((signal) => ({ mode, signal })));

/** Signals the server and returns how it ended and how long that took. */
async function stop(server: Server, signal: NodeJS.Signals) {
  const startedAtMs = performance.now();
  server.signal(signal);
  const exit = await server.exited;
  return { ...exit, tookMs: performance.now() - startedAtMs };
}

const WITHIN_A_SECOND = { status: 0, signal: null, tookMs: expect.toSatisfy((ms) => ms < 1000) };

describe.each(CASES)('$signal in mode $mode', ({ mode, signal }) => {
  test('ends a server without clients', async () => {
    const server = await startServer('--mode', mode);
    expect(await stop(server, signal)).toEqual(WITHIN_A_SECOND);
  });

  test('ends a server whose client is idle, and the client sees FIN', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await client.ask('PING\r\n', 7);
    expect(await stop(server, signal)).toEqual(WITHIN_A_SECOND);
    expect(await client.readToEnd()).toBe('');
  });

  test('answers what was received before it ends', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await pipelineLargeReplies(client);
    const ended = stop(server, signal);
    const rest = await client.readToEnd();
    expect(rest.length).toBe(LARGE_REPLIES * LARGE_REPLY.length - LARGE_REPLY.length);
    expect(rest.endsWith(LARGE_REPLY)).toBe(true);
    expect(await ended).toEqual(WITHIN_A_SECOND);
  });

  test('ends while a client is sending without pause', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    const busy = setInterval(() => client.send('PING\r\n'.repeat(100)), 1);
    await client.read(700);
    const ended = await stop(server, signal);
    clearInterval(busy);
    expect(ended).toEqual(WITHIN_A_SECOND);
  });

  test('ends although a client does not read', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await pipelineLargeReplies(client);
    expect(await stop(server, signal)).toEqual(WITHIN_A_SECOND);
  });

  test('stops accepting: whoever comes next is refused', async () => {
    const server = await startServer('--mode', mode);
    await stop(server, signal);
    await expect(connect(server)).rejects.toThrow('ECONNREFUSED');
  });
});

describe.each(MODES)('a second Ctrl+C in mode %s', (mode) => {
  test('ends the server at once, whatever it still owes', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await pipelineLargeReplies(client);
    server.signal('SIGINT');
    // The first one has been handled once the kernel no longer has a handler for it.
    await eventually(() => !server.catches(constants.signals.SIGINT));
    server.signal('SIGINT');
    expect(await server.exited).toEqual({ status: null, signal: 'SIGINT' });
  });
});

/**
 * More replies than the sockets' buffers take: with the first one read, the server is busy sending.
 */
async function pipelineLargeReplies(client: Client): Promise<void> {
  await client.ask(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${LARGE_REPLY}`, 5);
  await client.sendAll('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n'.repeat(LARGE_REPLIES));
  await client.read(LARGE_REPLY.length);
}

const LARGE_REPLY = `$100000\r\n${'v'.repeat(100_000)}\r\n`;
const LARGE_REPLIES = 100;
