/** A client's misfortune is its own: the others are served on, and no descriptor is lost. */
import { describe, expect, test, vi } from 'vitest';
import { connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { CONCURRENT_MODES, MODES } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

/** Proves that the server still serves whoever comes. */
async function ping(server: Server): Promise<string> {
  const client = await connect(server);
  const reply = await client.ask('PING\r\n', 7);
  client.end();
  await client.readToEnd();
  return reply;
}

describe.each(MODES)('in mode %s', (mode) => {
  test('a reset (RST) ends that client alone, and is logged', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    await client.ask('PING\r\n', 7);
    client.reset();
    expect(await ping(server)).toBe('+PONG\r\n');
    await eventually(() => / notice: client id=1 fd=\d+ closed: ECONNRESET\n/.test(server.log));
  });

  test('a reset in the middle of replies (EPIPE, ECONNRESET) kills nobody', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    const value = 'v'.repeat(100_000);
    await client.ask(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n${value}\r\n`, 5);
    await client.sendAll('GET k\r\n'.repeat(1000));
    await client.read(100);
    client.reset();
    expect(await ping(server)).toBe('+PONG\r\n');
    await eventually(() => / closed: (ECONNRESET|EPIPE)\n/.test(server.log));
  });

  test('a client that leaves in the middle of a request takes nothing with it', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    client.send('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\nabc');
    client.end();
    expect(await client.readToEnd()).toBe('');
    expect(await ping(server)).toBe('+PONG\r\n');
    expect(server.log).toBe('');
  });

  test('200 clients that end in every way leave no socket behind', async () => {
    const server = await startServer('--mode', mode);
    await ping(server);
    const before = server.sockets;
    for (let i = 0; i < 200; i++) await leave(server, i % ENDINGS);
    expect(await ping(server)).toBe('+PONG\r\n');
    await vi.waitUntil(() => server.sockets <= before, { timeout: 5000, interval: 5 });
  });
});

const ENDINGS = 5;

async function leave(server: Server, ending: number): Promise<void> {
  const client = await connect(server);
  if (ending === 0) client.reset();
  if (ending === 1) {
    client.send('*1\r\n$x\r\n');
    expect(await client.readToEnd()).toBe('-ERR Protocol error: invalid bulk length\r\n');
  }
  if (ending === 2) {
    client.send('QUIT\r\n');
    expect(await client.readToEnd()).toBe('+OK\r\n');
  }
  if (ending === 3) {
    client.send('*2\r\n$4\r\nECHO\r\n$9\r\nunfin');
    client.reset();
  }
  client.end();
}

describe.each(CONCURRENT_MODES)('in mode %s, beside others', (mode) => {
  test('a client that is reset does not disturb one that stays', async () => {
    const server = await startServer('--mode', mode);
    const stays = await connect(server);
    const leaves = await connect(server);
    await leaves.ask('PING\r\n', 7);
    leaves.reset();
    expect(await stays.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  test('a client that does not read holds up nobody, and the server does not grow', async () => {
    const server = await startServer('--mode', mode);
    const greedy = await connect(server);
    const value = 'v'.repeat(100_000);
    await greedy.ask(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n${value}\r\n`, 5);
    greedy.send('GET k\r\n'.repeat(20_000));
    await greedy.read(100);
    const other = await connect(server);
    expect(await other.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    // All replies together are 2 GB.
    expect(server.residentBytes).toBeLessThan(500 * 1024 ** 2);
  });
});
