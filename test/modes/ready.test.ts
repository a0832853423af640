/** What a server says is so: when it says that it listens, those who are to answer can. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { infoOf } from '../support/info.ts';
import { CONCURRENT_MODES } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

const THREADS = 4;

async function served(server: Server): Promise<Client> {
  const client = await connect(server);
  expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  return client;
}

test.each(CONCURRENT_MODES)('mode %s listens once its threads are up', async (mode) => {
  const server = await startServer('--mode', mode, '--threads', String(THREADS));
  const info = await infoOf(await connect(server), 'server');
  // The thread that starts them is not counted by all modes.
  expect(Number(info['syskv_threads_running'])).toBeGreaterThanOrEqual(THREADS - 1);
});

describe('a pool of more threads than are started ahead', () => {
  const AHEAD = 8;
  const BOUND = 10;

  test('grows with its clients up to the bound; the next one waits', async () => {
    const server = await startServer('--mode', 'thread-pool', '--threads', String(BOUND));
    const running = async (client: Client) =>
      Number((await infoOf(client, 'server'))['syskv_threads_running']);
    const first = await served(server);
    expect(await running(first)).toBe(AHEAD);
    const others: Client[] = [];
    while (others.length < BOUND - 1) others.push(await served(server));
    expect(await running(first)).toBe(BOUND);
    const next = await connect(server);
    next.send('PING\r\n');
    others[3].end();
    expect(await next.read(7)).toBe('+PONG\r\n');
    expect(await running(first)).toBe(BOUND);
  });
});
