/**
 * How a server ends: orderly, with every reply it owes, within a second; or at once, if told twice.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { within } from '../support/deadline.ts';
import { eventually } from '../support/eventually.ts';
import { MODES, roomFor } from '../support/modes.ts';
import { type Exit, type Server, startServer } from '../support/server.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const CASES = MODES.flatMap((mode) => SIGNALS.map((signal) => ({ mode, signal })));

/**
 * Signals the server and returns how it ended. It promises a second of its own time; a machine that
 * is busy with other tests may give it that second late, so the bound here is ten.
 */
function stop(server: Server, signal: NodeJS.Signals): Promise<Exit> {
  server.signal(signal);
  return within('the end', server.exited, () => server.log);
}

const ORDERLY: Exit = { status: 0, signal: null };

describe.each(CASES)('$signal in mode $mode', ({ mode, signal }) => {
  test('ends a server without clients', async () => {
    const server = await startServer('--mode', mode);
    expect(await stop(server, signal)).toEqual(ORDERLY);
  });

  test('ends a server whose client is idle, and the client sees FIN', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await client.ask('PING\r\n', 7);
    expect(await stop(server, signal)).toEqual(ORDERLY);
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
    expect(await ended).toEqual(ORDERLY);
  });

  test('ends while a client is sending without pause', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    const busy = setInterval(() => client.send('PING\r\n'.repeat(100)), 1);
    await client.read(700);
    const ended = await stop(server, signal);
    clearInterval(busy);
    expect(ended).toEqual(ORDERLY);
  });

  test('ends although a client does not read', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await pipelineLargeReplies(client);
    expect(await stop(server, signal)).toEqual(ORDERLY);
  });

  test('stops accepting: whoever comes next is refused', async () => {
    const server = await startServer('--mode', mode);
    await stop(server, signal);
    await expect(connect(server)).rejects.toThrow('ECONNREFUSED');
  });
});

describe.each(MODES)('SIGHUP in mode %s', (mode) => {
  test('is ignored, by the server and by its child processes', async () => {
    const server = await startServer(...roomFor(mode, 2));
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    const pids = [server.pid, ...server.children];
    await eventually(() => pids.every(ignoresHangUp));
    for (const pid of pids) process.kill(pid, 'SIGHUP');
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    expect(await stop(server, 'SIGTERM')).toEqual(ORDERLY);
    expect(await client.readToEnd()).toBe('');
    expect(server.log).toBe('');
  });
});

/** By the kernel's account (proc(5), SigIgn). */
function ignoresHangUp(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const ignored = BigInt(`0x${/^SigIgn:\s*(\w+)$/m.exec(status)?.[1]}`);
  return (ignored & (1n << BigInt(constants.signals.SIGHUP - 1))) !== 0n;
}

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
