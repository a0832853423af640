/** How many clients a model serves at one time, and what becomes of the next one. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { EVENT_LOOPS } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

const WORKERS = 8;

async function served(server: Server, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  for (let i = 0; i < count; i++) {
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    clients.push(client);
  }
  return clients;
}

/** A client that asks, and whether it has been answered by now. */
async function asking(server: Server) {
  const client = await connect(server);
  await client.sendAll('PING\r\n');
  const state = { answered: false, reply: client.read(7) };
  state.reply.then(() => {
    state.answered = true;
  });
  return state;
}

async function leave(client: Client): Promise<void> {
  client.end();
  expect(await client.readToEnd()).toBe('');
}

/** Long enough for an answer to come back, if one were under way. */
async function roundTrips(client: Client): Promise<void> {
  for (let i = 0; i < 100; i++) await client.ask('PING\r\n', 7);
}

describe(`thread-pool with ${WORKERS} workers that have an idle client each`, () => {
  test('lets the next client wait until one of them leaves', async () => {
    const server = await startServer('--mode', 'thread-pool', '--threads', String(WORKERS));
    const idle = await served(server, WORKERS);
    const ninth = await asking(server);
    await roundTrips(idle[0]);
    expect(ninth.answered).toBe(false);
    await leave(idle[3]);
    expect(await ninth.reply).toBe('+PONG\r\n');
  });

  test('shows in INFO that all workers are busy and how many clients wait', async () => {
    const server = await startServer('--mode', 'thread-pool', '--threads', String(WORKERS));
    const [first, ...others] = await served(server, WORKERS);
    const waiting = [await asking(server), await asking(server)];
    await eventually(async () => (await infoOf(first, 'clients'))['syskv_queue_depth'] === '2');
    expect((await infoOf(first, 'clients'))['syskv_busy_workers']).toBe(String(WORKERS));
    for (const client of others) await leave(client);
    for (const { reply } of waiting) expect(await reply).toBe('+PONG\r\n');
    await eventually(async () => (await infoOf(first, 'clients'))['syskv_busy_workers'] === '3');
    expect((await infoOf(first, 'clients'))['syskv_queue_depth']).toBe('0');
  });
});

describe.each(EVENT_LOOPS)('%s', (mode) => {
  test('serves the same nine clients at once', async () => {
    const server = await startServer('--mode', mode);
    await served(server, WORKERS + 1);
  });
});

describe(`thread-per-connection bounded at ${WORKERS} threads`, () => {
  test('lets the next client wait until one leaves, and says so once', async () => {
    const server = await startServer('--mode', 'thread-per-connection', '--threads', '8');
    const idle = await served(server, WORKERS);
    const ninth = await asking(server);
    const tenth = await asking(server);
    await roundTrips(idle[0]);
    expect([ninth.answered, tenth.answered]).toEqual([false, false]);
    await leave(idle[1]);
    expect(await ninth.reply).toBe('+PONG\r\n');
    await leave(idle[2]);
    expect(await tenth.reply).toBe('+PONG\r\n');
    const said = server.log.split('\n').filter((line) => line !== '');
    expect(said).toEqual([
      expect.stringMatching(
        / warning: all 8 threads have a client: the next one waits .*--threads/,
      ),
    ]);
  });

  test('a thread whose client has left takes the next one: none is made in vain', async () => {
    const server = await startServer('--mode', 'thread-per-connection', '--threads', '64');
    const [first] = await served(server, 1);
    const before = server.threads;
    for (let i = 0; i < 100; i++) {
      const [client] = await served(server, 1);
      await leave(client);
    }
    await roundTrips(first);
    expect(server.threads - before).toBeLessThan(5);
  });
});

describe('select', () => {
  test('refuses a descriptor beyond its bitmaps, says so, and serves the others', async () => {
    const server = await startServer('--mode', 'select');
    const clients: Client[] = [];
    // Some hundred are connected by the kernel before the server gets to refuse one.
    while (!server.log.includes('\n')) clients.push(await connect(server));
    const refused = clients.at(-1)!;
    expect(await refused.readToEnd()).toBe('');
    const told = / warning: client id=(\d+) fd=1024 closed: .* from 1024 on .*--mode/;
    expect(server.log).toMatch(told);
    // Ids begin with 1; how many descriptors the server has of its own depends on the Node.
    const last = clients[Number(told.exec(server.log)![1]) - 2];
    const [first] = clients;
    expect(await first.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    expect(await last.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    await leave(first);
    expect(await (await connect(server)).ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });
});
