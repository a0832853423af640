/**
 * Values of some megabytes, under every mode: received into their place, sent from it, byte by byte
 * the same, whatever others do to their keys meanwhile.
 */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { bulkOf, connectLarge, largeValue, setOf } from '../support/large.ts';
import { CONCURRENT_MODES, EVENT_LOOPS, MODES, roomFor } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

const MEBIBYTE = 1024 ** 2;
/** More than the sockets' buffers take of a reply that nobody reads (tcp_wmem: 4 MiB). */
const VALUE = largeValue(6 * MEBIBYTE + 5);
const OTHER = largeValue(2 * MEBIBYTE + 1, 2);

async function ask(client: Client, request: string): Promise<string> {
  client.send(request);
  return client.readUntil('\r\n');
}

async function usedBytes(client: Client): Promise<number> {
  return Number((await infoOf(client, 'memory'))['used_memory']);
}

/** Nothing of a large value is held any more, and the store is whole. */
async function expectClean(client: Client): Promise<void> {
  await eventually(async () => (await usedBytes(client)) < MEBIBYTE);
  expect(await ask(client, 'DEBUG VERIFY\r\n')).toBe('+OK\r\n');
}

describe.each(MODES)('mode %s', (mode) => {
  const server = sharedServer('--mode', mode);

  test('large and small requests in one write are answered in order', async () => {
    const client = await connectLarge(server());
    client.send(...setOf('a', VALUE), 'SET b small\r\n', ...setOf('c', OTHER));
    client.send('GET a\r\nGET b\r\nGET c\r\nGET a\r\nPING\r\n');
    await client.expect('+OK\r\n+OK\r\n+OK\r\n', ...bulkOf(VALUE), '$5\r\nsmall\r\n');
    await client.expect(...bulkOf(OTHER), ...bulkOf(VALUE), '+PONG\r\n');
  });

  test('a large request in pieces is the same request', async () => {
    const client = await connectLarge(server());
    const stream = Buffer.concat(
      [...setOf('a', OTHER), ...setOf('b', VALUE), 'GET b\r\nGET a\r\n'].map((piece) =>
        Buffer.from(piece as string, 'latin1'),
      ),
    );
    for (let at = 0, length = 1; at < stream.length; length = (length * 7 + 1) % 1_500_007) {
      await client.sendAll(stream.subarray(at, at + length));
      at += length;
    }
    await client.expect('+OK\r\n+OK\r\n', ...bulkOf(VALUE), ...bulkOf(OTHER));
  });
});

/** What becomes of the key while its value is being sent: the request, and its answer. */
const CHANGES: readonly (readonly [what: string, request: string, reply: string])[] = [
  ['replaced', 'SET key new\r\n', '+OK\r\n'],
  ['removed', 'DEL key\r\n', ':1\r\n'],
  ['expired', 'PEXPIREAT key 1\r\n', ':1\r\n'],
  ['renamed', 'RENAME key other\r\n', '+OK\r\n'],
  ['lengthened', 'APPEND key !\r\n', `:${VALUE.length + 1}\r\n`],
  ['changed in place', 'SETRANGE key 4000000 new\r\n', `:${VALUE.length}\r\n`],
  ['flushed', 'FLUSHALL\r\n', '+OK\r\n'],
];

describe.each(CONCURRENT_MODES)('mode %s', (mode) => {
  const server = sharedServer(...roomFor(mode, 3));

  async function stored(): Promise<Awaited<ReturnType<typeof connectLarge>>> {
    const client = await connectLarge(server());
    client.send(...setOf('key', VALUE));
    await client.expect('+OK\r\n');
    return client;
  }

  test.each(CHANGES)('a value that is %s while it is sent is sent as it was', async (...change) => {
    const [, request, reply] = change;
    const reader = await stored();
    const [head, value, tail] = bulkOf(VALUE) as [string, Uint8Array, string];
    reader.send('GET key\r\n');
    await reader.expect(head, value.subarray(0, 1000));
    const other = await connect(server());
    expect(await ask(other, request)).toBe(reply);
    await reader.expect(value.subarray(1000), tail);
    await ask(other, 'FLUSHALL\r\n');
    await expectClean(other);
  });

  test('a client that is gone amid its reply leaves nothing held', async () => {
    const reader = await stored();
    reader.send('GET key\r\n');
    await reader.expect('$');
    const other = await connect(server());
    expect(await ask(other, 'DEL key\r\n')).toBe(':1\r\n');
    expect(await usedBytes(other)).toBeGreaterThan(VALUE.length);
    reader.reset();
    await expectClean(other);
  });

  test('a client that is gone amid its request leaves nothing held', async () => {
    const other = await connect(server());
    const writer = await connectLarge(server());
    const [head, value] = setOf('key', VALUE);
    await writer.sendAll(head, (value as Uint8Array).subarray(0, 5 * MEBIBYTE));
    await eventually(async () => (await usedBytes(other)) > VALUE.length);
    expect(await ask(other, 'EXISTS key\r\n')).toBe(':0\r\n');
    writer.reset();
    await expectClean(other);
  });

  test('CLIENT KILL amid a reply leaves nothing held', async () => {
    const reader = await stored();
    reader.send('GET key\r\n');
    await reader.expect('$');
    const other = await connect(server());
    await ask(other, 'DEL key\r\n');
    expect(await ask(other, 'CLIENT KILL TYPE normal\r\n')).toMatch(/^:[1-9]/);
    await expectClean(other);
  });
});

/** More than the store has places for at one time. */
const CROWD = 20;

describe.each(EVENT_LOOPS)(`mode %s with ${CROWD} clients at once`, (mode) => {
  const server = sharedServer('--mode', mode);

  test('all of them set and get large values of their own', async () => {
    const values = Array.from({ length: CROWD }, (_, i) => largeValue(2 * MEBIBYTE + i, i));
    const clients = await Promise.all(values.map(() => connectLarge(server())));
    for (const [i, client] of clients.entries()) {
      const [head, value] = setOf(`key-${i}`, values[i]) as [string, Uint8Array];
      await client.sendAll(head, value.subarray(0, MEBIBYTE));
    }
    await Promise.all(
      clients.map(async (client, i) => {
        client.send(values[i].subarray(MEBIBYTE), `\r\nGET key-${i}\r\n`);
        await client.expect('+OK\r\n', ...bulkOf(values[i]));
      }),
    );
  });

  test('all of them are sent one value, though none of them reads at first', async () => {
    const writer = await connectLarge(server());
    writer.send(...setOf('key', VALUE));
    await writer.expect('+OK\r\n');
    const clients = await Promise.all(Array.from({ length: CROWD }, () => connectLarge(server())));
    for (const client of clients) client.send('GET key\r\nPING\r\n');
    for (const client of clients) await client.expect('$');
    const other = await connect(server());
    await ask(other, 'FLUSHALL\r\n');
    for (const client of clients) {
      const [head, value, tail] = bulkOf(VALUE) as [string, Uint8Array, string];
      await client.expect(head.slice(1), value, tail, '+PONG\r\n');
    }
    await expectClean(other);
  });
});

describe('the other protocols', () => {
  const line = sharedServer('--protocol', 'line');
  const http = sharedServer('--protocol', 'http');

  test('over line: the bytes and LF', async () => {
    const client = await connectLarge(line());
    const words = Array.from({ length: 300_000 }, (_, i) => `${i + 100_000},`).join('');
    for (let at = 0; at < words.length; at += 50_000) {
      client.send(`APPEND key ${words.slice(at, at + 50_000)}\n`);
      await client.expect(`${Math.min(at + 50_000, words.length)}\n`);
    }
    client.send('GET key\nECHO small\nGET key\n');
    await client.expect(words, '\nsmall\n', words, '\n');
  });

  test('over http: the body', async () => {
    const url = `http://${http().address}/keys/key`;
    expect((await fetch(url, { method: 'PUT', body: VALUE })).status).toBe(201);
    for (let i = 0; i < 3; i++) {
      const body = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect(body.equals(VALUE)).toBe(true);
    }
    const { headers } = await fetch(url, { method: 'HEAD' });
    expect(headers.get('content-length')).toBe(String(VALUE.length));
  });
});
