/** What a stop answers, the same in every mode: docs/modes.md has the promise. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { within } from '../support/deadline.ts';
import { MODES, roomFor } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

const REQUESTS = 20_000;
const WAITING = 40;

async function stop(server: Server): Promise<void> {
  server.signal('SIGTERM');
  const exit = await within('the end', server.exited, () => server.log);
  expect(exit).toEqual({ status: 0, signal: null });
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, i) => `:${i + 1}\r\n`).join('');
}

describe.each(MODES)('a stop in mode %s', (mode) => {
  test('answers all of a long pipeline', async () => {
    const server = await startServer(...roomFor(mode, 1));
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    await client.sendAll('INCR n\r\n'.repeat(REQUESTS));
    const ended = stop(server);
    const replies = await client.readToEnd();
    client.end();
    expect(replies.length).toBe(numbers(REQUESTS).length);
    expect(replies === numbers(REQUESTS)).toBe(true);
    await ended;
  });

  test('answers the clients that wait in the backlog', async () => {
    const server = await startServer(...roomFor(mode, 1));
    const first = await connect(server);
    expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    first.send('DEBUG SLEEP 0.3\r\n');
    const clients: Client[] = [];
    for (let i = 0; i < WAITING; i++) {
      const client = await connect(server);
      await client.sendAll('PING\r\n');
      clients.push(client);
    }
    const ended = stop(server);
    for (const client of clients) {
      expect(await client.readToEnd()).toBe('+PONG\r\n');
      client.end();
    }
    expect(await first.readToEnd()).toBe('+OK\r\n');
    first.end();
    await ended;
    expect(server.log).not.toContain('stopped');
  });

  test('says how many had not read their replies', async () => {
    const server = await startServer(...roomFor(mode, 1));
    const client = await connect(server);
    const value = 'v'.repeat(100_000);
    await client.ask(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n${value}\r\n`, 5);
    await client.sendAll('GET k\r\n'.repeat(1000));
    await client.read(100_000);
    await stop(server);
    expect(server.log).toMatch(/warning: stopped: 1 client had not read all replies/);
  });
});
