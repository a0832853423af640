/** The limits on a client, the same in every mode: each tested below and above. */
import { describe, expect, test, vi } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { CONCURRENT_MODES, EVENT_LOOPS, MODES, roomFor } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

async function served(server: Server): Promise<Client> {
  const client = await connect(server);
  expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  return client;
}

/** What each protocol says to the client that is one too many. */
const REFUSALS = [
  {
    protocol: 'resp',
    ping: 'PING\r\n',
    pong: '+PONG\r\n',
    text: /^-ERR max number of clients reached\r\n$/,
  },
  {
    protocol: 'line',
    ping: 'PING\n',
    pong: 'PONG\n',
    text: /^ERR max number of clients reached\n$/,
  },
  { protocol: 'echo', ping: 'PING', pong: 'PING', text: /^$/ },
  {
    protocol: 'http',
    ping: 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',
    pong: '\r\n\r\nok\n',
    text: /^HTTP\/1\.1 503 Service Unavailable\r\n[\s\S]*\r\nConnection: close\r\n/,
  },
];

describe.each(CONCURRENT_MODES)('--maxclients 2 in mode %s', (mode) => {
  test.each(REFUSALS)(
    '$protocol: the third client is told so and closed; a place that is left is given away',
    async (refusal) => {
      const { protocol, ping, pong, text } = refusal;
      const server = await startServer(
        ...roomFor(mode, 3),
        '--maxclients',
        '2',
        '--protocol',
        protocol,
      );
      const first = await connect(server);
      const second = await connect(server);
      for (const client of [first, second]) {
        client.send(ping);
        await client.readUntil(pong);
      }
      // Only now: threads that are handed their clients at once may count them in any order.
      const third = await connect(server);
      expect(await third.readToEnd()).toMatch(text);
      first.end();
      expect(await first.readToEnd()).toBe('');
      const fourth = await connect(server);
      fourth.send(ping);
      await fourth.readUntil(pong);
    },
  );
});

describe.each(MODES)('silence in mode %s', (mode) => {
  test('--timeout closes a client that says nothing, and it is logged', async () => {
    const server = await startServer(...roomFor(mode, 1), '--timeout', '1');
    const client = await served(server);
    const sinceMs = performance.now();
    expect(await client.readToEnd()).toBe('');
    expect(performance.now() - sinceMs).toBeGreaterThan(900);
    await eventually(() => / notice: client id=1 fd=\d+ closed: timeout\n/.test(server.log));
  });

  test('--request-timeout closes a client that stops in mid-request', async () => {
    const server = await startServer(...roomFor(mode, 1), '--request-timeout', '1');
    const client = await served(server);
    const sinceMs = performance.now();
    client.send('*2\r\n$4\r\nECHO\r\n$5\r\nhel');
    expect(await client.readToEnd()).toBe('');
    expect(performance.now() - sinceMs).toBeGreaterThan(900);
  });
});

describe.each(CONCURRENT_MODES)('silence beside others in mode %s', (mode) => {
  test('--request-timeout leaves a client alone that is idle between two requests', async () => {
    const server = await startServer(...roomFor(mode, 2), '--request-timeout', '1');
    const idle = await served(server);
    const stopped = await connect(server);
    stopped.send('*2\r\n$4\r\nECHO\r\n$5\r\nhel');
    expect(await stopped.readToEnd()).toBe('');
    expect(await idle.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });
});

describe.each(MODES)('size in mode %s', (mode) => {
  const LIMIT = 200_000;

  /** A request of exactly this many bytes. */
  function request(lengthBytes: number): string {
    const around = '*2\r\n$4\r\nECHO\r\n$100000\r\n\r\n'.length;
    const value = 'v'.repeat(lengthBytes - around);
    return `*2\r\n$4\r\nECHO\r\n$${value.length}\r\n${value}\r\n`;
  }

  test('--client-query-buffer-limit: as long is answered, longer ends the client', async () => {
    const server = await startServer(
      ...roomFor(mode, 1),
      '--client-query-buffer-limit',
      String(LIMIT),
    );
    const fits = await connect(server);
    fits.send(request(LIMIT));
    expect(await fits.readUntil('\r\n')).toMatch(/^\$1999\d\d\r\n$/);
    fits.reset();
    const exceeds = await connect(server);
    exceeds.send(request(LIMIT + 1));
    exceeds.end();
    expect(await exceeds.readToEnd()).toBe('');
  });

  test('--proto-max-bulk-len: one byte more is a protocol error', async () => {
    const server = await startServer(...roomFor(mode, 1), '--proto-max-bulk-len', '1mb');
    const client = await connect(server);
    const largest = 'v'.repeat(1024 ** 2);
    client.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${largest.length}\r\n${largest}\r\n`);
    expect(await client.read(5)).toBe('+OK\r\n');
    client.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${largest.length + 1}\r\n`);
    expect(await client.readToEnd()).toBe('-ERR Protocol error: invalid bulk length\r\n');
  });
});

/** More than the sockets' buffers of both sides take together. */
const LARGE = 40 * 1024 ** 2;

async function storeLarge(server: Server): Promise<void> {
  const client = await connect(server);
  client.send(`*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$${LARGE}\r\n${'v'.repeat(LARGE)}\r\n`);
  expect(await client.read(5)).toBe('+OK\r\n');
  client.end();
  await client.readToEnd();
}

describe.each(EVENT_LOOPS)('unread replies in mode %s', (mode) => {
  test('--client-output-buffer-limit: who leaves more unread is closed and logged', async () => {
    const server = await startServer(...roomFor(mode, 1), '--client-output-buffer-limit', '1mb');
    await storeLarge(server);
    const client = await connect(server);
    // MGET's values are copied into the reply.
    client.send('MGET large\r\n');
    await vi.waitUntil(
      () => / notice: client id=2 fd=\d+ closed: output limit\n/.test(server.log),
      {
        timeout: 5000,
      },
    );
    await served(server);
  });

  test('what the store lends to a reply is not counted', async () => {
    const server = await startServer(...roomFor(mode, 1), '--client-output-buffer-limit', '1mb');
    await storeLarge(server);
    const client = await connect(server);
    client.send('GET large\r\nPING\r\n');
    await served(server);
    const reply = await client.read(`$${LARGE}\r\n`.length + LARGE + 2 + 7);
    expect(reply.endsWith('v\r\n+PONG\r\n')).toBe(true);
  });
});

describe.each(MODES)('a client that never reads, in mode %s', (mode) => {
  test('cannot make the server grow, however much it asks for', async () => {
    const server = await startServer(...roomFor(mode, 1));
    await storeLarge(server);
    const client = await connect(server);
    client.send('GET large\r\n'.repeat(1000));
    await client.read(1000);
    const first = server.residentBytes;
    // As much again as it has had: 40 GB are asked for in all.
    for (let i = 0; i < 5; i++) {
      await client.read(1000);
      expect(server.residentBytes).toBeLessThan(first + 5 * LARGE);
    }
  });
});
