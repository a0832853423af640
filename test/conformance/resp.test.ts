/** RESP over a socket: the same bytes in give the same bytes out, under every mode. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

/** What it shows, bytes in, bytes out. The client ends each with FIN, after its last request. */
const CONVERSATIONS: [what: string, request: string, reply: string][] = [
  ['nothing asked, nothing answered', '', ''],
  ['a request', '*1\r\n$4\r\nPING\r\n', '+PONG\r\n'],
  ['an inline request', 'PING\r\n', '+PONG\r\n'],
  ['an inline request that ends as nc ends it', 'PING\n', '+PONG\r\n'],
  ['empty lines and empty requests', '\r\n\r\n*0\r\n*-1\r\nPING\r\n', '+PONG\r\n'],
  ['commands in any case', 'pInG\r\n', '+PONG\r\n'],
  ['a value set and got', 'SET a 1\r\nGET a\r\n', '+OK\r\n$1\r\n1\r\n'],
  ['a missing key, in RESP2', 'GET missing\r\n', '$-1\r\n'],
  [
    'bytes that are no text',
    '*3\r\n$3\r\nSET\r\n$4\r\n\0\xff\r\n\r\n$5\r\n\r\n\0\xff\xfe\r\n*2\r\n$3\r\nGET\r\n$4\r\n\0\xff\r\n\r\n',
    '+OK\r\n$5\r\n\r\n\0\xff\xfe\r\n',
  ],
  ['an empty value', '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', '$0\r\n\r\n'],
  ['an unknown command', 'NOSUCH a\r\nPING\r\n', `${unknown('NOSUCH', "'a' ")}+PONG\r\n`],
  [
    'too few arguments',
    'GET\r\nPING\r\n',
    "-ERR wrong number of arguments for 'get' command\r\n+PONG\r\n",
  ],
  ['QUIT', 'QUIT\r\n', '+OK\r\n'],
  ['a request cut off by FIN', 'PING\r\n*2\r\n$4\r\nECHO\r\n$5\r\nhel', '+PONG\r\n'],
];

/** The server closes before it has read everything: what comes later meets a closed socket. */
const ENDED_BY_SERVER: typeof CONVERSATIONS = [
  [
    'a protocol error, which ends it',
    '*1\r\n:4\r\nPING\r\n',
    protocolError("expected '$', got ':'"),
  ],
  ['a length that is none', '*1\r\n$-1\r\n', protocolError('invalid bulk length')],
  ['a count that is none', '*x\r\nPING\r\n', protocolError('invalid multibulk length')],
  ['unbalanced quotes', 'SET a "b\r\n', protocolError('unbalanced quotes in request')],
  [
    'what comes before a protocol error',
    'PING\r\n*x\r\n',
    `+PONG\r\n${protocolError('invalid multibulk length')}`,
  ],
  ['QUIT, after which nothing is answered', 'QUIT\r\nPING\r\n', '+OK\r\n'],
  ['EXIT', 'EXIT\r\nPING\r\n', '+OK\r\n'],
];

function unknown(name: string, rest: string): string {
  return `-ERR unknown command '${name}', with args beginning with: ${rest}\r\n`;
}

function protocolError(what: string): string {
  return `-ERR Protocol error: ${what}\r\n`;
}

describe.each(MODES)('RESP in mode %s', (mode) => {
  const server = sharedServer('--mode', mode);

  test.each([...CONVERSATIONS, ...ENDED_BY_SERVER])('%s', async (_what, request, reply) => {
    const client = await connect(server());
    client.send(request);
    client.end();
    expect(await client.readToEnd()).toBe(reply);
  });

  test.each(CONVERSATIONS)('%s, byte by byte', async (_what, request, reply) => {
    const client = await connect(server());
    for (const byte of request) await client.sendAll(byte);
    client.end();
    expect(await client.readToEnd()).toBe(reply);
  });

  test('HELLO 3 answers a map, and RESP3 from then on', async () => {
    const client = await connect(server());
    client.send('HELLO 3\r\nGET missing\r\n');
    expect(await client.readUntil('\r\n')).toBe('%7\r\n');
    expect(await client.readUntil('$7\r\nmodules\r\n*0\r\n')).toContain('$5\r\nproto\r\n:3\r\n');
    expect(await client.read(3)).toBe('_\r\n');
  });

  test.each([65_535, 65_536, 65_537, 1024 ** 2, 10 * 1024 ** 2])(
    'a value of %i bytes comes back whole',
    async (length) => {
      const client = await connect(server());
      const value = 'v'.repeat(length);
      const bulk = `$${length}\r\n${value}\r\n`;
      client.send(`*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n${bulk}GET large\r\nDEL large\r\n`);
      const reply = await client.read(bulk.length + 9);
      expect(reply === `+OK\r\n${bulk}:1\r\n`).toBe(true);
    },
  );

  test('10,000 requests in one write are answered in order', async () => {
    const client = await connect(server());
    const numbers = Array.from({ length: 10_000 }, (_, i) => String(10_000 + i));
    client.send(numbers.map((number) => `*2\r\n$4\r\nECHO\r\n$5\r\n${number}\r\n`).join(''));
    const expected = numbers.map((number) => `$5\r\n${number}\r\n`).join('');
    expect(await client.read(expected.length)).toBe(expected);
  });

  test('a client that reads only after it has sent everything gets everything', async () => {
    const client = await connect(server());
    const value = 'v'.repeat(100_000);
    const bulk = `$100000\r\n${value}\r\n`;
    client.send(`*3\r\n$3\r\nSET\r\n$4\r\nslow\r\n${bulk}`);
    expect(await client.read(5)).toBe('+OK\r\n');
    await client.sendAll('GET slow\r\n'.repeat(200));
    client.end();
    const replies = await client.readToEnd();
    expect(replies === bulk.repeat(200)).toBe(true);
  });

  test('clients one after the other see what the earlier ones left', async () => {
    const first = await connect(server());
    first.send('SET left behind\r\nQUIT\r\n');
    expect(await first.readToEnd()).toBe('+OK\r\n+OK\r\n');
    const second = await connect(server());
    expect(await second.ask('GET left\r\n', 12)).toBe('$6\r\nbehind\r\n');
  });
});
