/**
 * Requests that are not there whole: what they take is bounded for all clients together
 * (`maxmemory-clients`), and given back when their clients leave.
 */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { CONCURRENT_MODES, capacityOf, MODES, roomFor } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

const MEBIBYTE = 1024 ** 2;
const HELD_BYTES = 64 * MEBIBYTE;
/** All threads and processes have served somebody before anything is measured. */
const WARM_BYTES = MEBIBYTE;
/** Short enough for its thread to put it together in a buffer that it keeps. */
const WHOLE_BYTES = MEBIBYTE / 4;
/** Heaps of the threads come and go by some megabytes. */
const UNCERTAIN_BYTES = 28 * MEBIBYTE;

/** The beginning of an MSET whose value has so many bytes, of which the last one is missing. */
function half(bytes: number): string {
  return `*3\r\n$4\r\nMSET\r\n$1\r\nk\r\n$${bytes + 1}\r\n${'x'.repeat(bytes)}`;
}
const REST = 'x\r\n';

const KINDS: [what: string, protocol: string, request: (bytes: number) => string][] = [
  ['a long argument', 'resp', half],
  ['many short arguments', 'resp', (bytes) => `*99999999\r\n${'$1\r\nx\r\n'.repeat(bytes / 20)}`],
  [
    'queued requests',
    'resp',
    (bytes) => `MULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${bytes}\r\n${'x'.repeat(bytes)}\r\n`,
  ],
  ['a body', 'http', body],
];

function body(bytes: number): string {
  return (
    'PUT /keys/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n' +
    `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`
  );
}

/**
 * The parser of HTTP is WebAssembly, which V8 compiles again once it is hot; what the compiler took
 * stays with its thread. So as many bytes as will be measured go through it first, in requests that
 * are whole and answered.
 */
async function warmParser(server: Server, count: number, bytes: number): Promise<void> {
  const whole = `${body(WHOLE_BYTES)}0\r\n\r\n`;
  const clients: Client[] = [];
  for (let i = 0; i < count; i++) clients.push(await connect(server));
  for (const client of clients) {
    for (let i = 0; i < bytes / WHOLE_BYTES; i++) {
      client.send(whole);
      await client.readUntil('\r\n\r\n');
    }
  }
  for (const client of clients) client.reset();
}

describe.each(MODES)('in mode %s', (mode) => {
  const most = Math.min(4, capacityOf(mode, 4));
  const together = mode === 'blocking' ? 1 : most;

  test.each(KINDS)(
    '%s: memory comes back when its clients leave',
    async (_what, protocol, said) => {
      const flags = roomFor(mode, together);
      const server = await startServer(...flags, '--protocol', protocol);
      const bytes = HELD_BYTES / together;
      const request = said(bytes);
      if (protocol === 'http') await warmParser(server, together, bytes);
      const warm = await send(server, together, said(WARM_BYTES));
      for (const client of warm) client.reset();
      const before = server.residentBytes;
      const clients = await send(server, together, request);
      await eventually(() => server.residentBytes > before + HELD_BYTES / 2);
      for (const client of clients) client.reset();
      await eventually(() => server.residentBytes < before + UNCERTAIN_BYTES);
    },
  );
});

/** So many clients at one time, each of which is served, and says this. */
async function send(server: Server, count: number, request: string): Promise<Client[]> {
  const clients: Client[] = [];
  for (let i = 0; i < count; i++) clients.push(await connect(server));
  const [ask, answer] = request.startsWith('PUT')
    ? ['GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n', 'ok\n']
    : ['PING\r\n', '+PONG\r\n'];
  for (const client of clients) client.send(ask);
  for (const client of clients) await client.readUntil(answer);
  await Promise.all(clients.map((client) => client.sendAll(request)));
  return clients;
}

describe.each(CONCURRENT_MODES)('--maxmemory-clients in mode %s', (mode) => {
  test('the client that holds most is ended, the others are served', async () => {
    const server = await startServer(...roomFor(mode, 5), '--maxmemory-clients', '32mb');
    const asking = await connect(server);
    const held = async () =>
      Number((await infoOf(asking, 'all'))['syskv_unfinished_requests_bytes']);
    const small = await Promise.all([0, 1, 2].map(() => connect(server)));
    await Promise.all(small.map((client) => client.sendAll(half(5 * MEBIBYTE))));
    await eventually(async () => (await held()) >= 15 * MEBIBYTE);
    const large = await connect(server);
    large.send(half(32 * MEBIBYTE));
    expect(await large.readToEnd().catch(() => '')).toBe('');
    await eventually(async () => (await held()) < 16 * MEBIBYTE);
    for (const client of small) expect(await client.ask(REST, 5)).toBe('+OK\r\n');
    const info = await infoOf(asking, 'all');
    expect(info['evicted_clients']).toBe('1');
    expect(info['syskv_maxmemory_clients']).toBe(String(32 * MEBIBYTE));
    expect(info['syskv_unfinished_requests_bytes']).toBe('0');
    expect(server.log).toMatch(/notice: client id=\d+ evicted: \d+ bytes of unfinished requests\n/);
  });
});

test('a client alone is ended, too', async () => {
  const server = await startServer('--mode', 'blocking', '--maxmemory-clients', '8mb');
  const client = await connect(server);
  client.send(half(16 * MEBIBYTE));
  expect(await client.readToEnd().catch(() => '')).toBe('');
  const next = await connect(server);
  expect(await next.ask('PING\r\n', 7)).toBe('+PONG\r\n');
});

test('over HTTP a body of unknown length counts', async () => {
  const server = await startServer('--protocol', 'http', '--maxmemory-clients', '8mb');
  const client = await connect(server);
  const head = 'PUT /keys/k HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
  client.send(`${head}${(16 * MEBIBYTE).toString(16)}\r\n${'x'.repeat(16 * MEBIBYTE)}\r\n`);
  expect(await client.readToEnd().catch(() => '')).toBe('');
  await eventually(() => /evicted: \d+ bytes/.test(server.log));
});

test('a queue of MULTI counts, and CLIENT NO-EVICT spares its client', async () => {
  const server = await startServer();
  const [spared, other] = [await connect(server), await connect(server)];
  await spared.ask('CONFIG SET maxmemory-clients 4mb\r\nCLIENT NO-EVICT ON\r\nMULTI\r\n', 15);
  const set = `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${3 * MEBIBYTE}\r\n${'x'.repeat(3 * MEBIBYTE)}\r\n`;
  expect(await spared.ask(set, 9)).toBe('+QUEUED\r\n');
  other.send(half(2 * MEBIBYTE));
  expect(await other.readToEnd().catch(() => '')).toBe('');
  expect(await spared.ask('EXEC\r\n', 9)).toBe('*1\r\n+OK\r\n');
});

test.each([
  ['0', '0', 1024 ** 3],
  ['5mb', String(5 * MEBIBYTE), 5 * MEBIBYTE],
  ['25%', '25%', 16 * MEBIBYTE],
])('CONFIG SET maxmemory-clients %s', async (given, told, effective) => {
  const server = await startServer('--maxmemory', '64mb', '--mode', 'prefork', '--threads', '1');
  const client = await connect(server);
  expect(await client.ask(`CONFIG SET maxmemory-clients ${given}\r\n`, 5)).toBe('+OK\r\n');
  const reply = `*2\r\n$17\r\nmaxmemory-clients\r\n$${told.length}\r\n${told}\r\n`;
  expect(await client.ask('CONFIG GET maxmemory-clients\r\n', reply.length)).toBe(reply);
  expect((await infoOf(client, 'all'))['syskv_maxmemory_clients']).toBe(String(effective));
});
