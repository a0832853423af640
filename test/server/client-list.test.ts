/** CLIENT LIST, KILL, PAUSE and REPLY, among clients of several threads and processes. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { startServer } from '../support/server.ts';
import { ACROSS } from './across.ts';

/** The text of a bulk reply. */
async function bulk(client: Client, request: string): Promise<string> {
  client.send(`${request}\r\n`);
  const head = await client.readUntil('\r\n');
  return (await client.read(Number(head.slice(1, -2)) + 2)).slice(0, -2);
}

async function idOf(client: Client): Promise<string> {
  client.send('CLIENT ID\r\n');
  return (await client.readUntil('\r\n')).slice(1, -2);
}

describe.each(ACROSS)('clients, $flags', ({ flags }) => {
  test('each of them lists all', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    await first.ask('CLIENT SETNAME one\r\n', 5);
    const ids = [await idOf(first), await idOf(second)];
    await second.ask('SELECT 3\r\n', 5);
    await second.ask('MULTI\r\n', 5);
    const lines = (await bulk(first, 'CLIENT LIST')).trimEnd().split('\n');
    const [mine, other] = ids.map((id) => lines.find((line) => line.startsWith(`id=${id} `)));
    expect(mine).toMatch(/ addr=127\.0\.0\.1:\d+ laddr=\S+ fd=\d+ name=one .* cmd=client\|list /);
    expect(other).toMatch(
      / addr=127\.0\.0\.1:\d+ .* name= .* flags=x db=3 .* multi=0 .* cmd=multi /,
    );
    expect(other).toContain(`laddr=${server.address} `);
    expect(lines.length).toBe(2);
  });

  test('one ends another one', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    const id = await idOf(second);
    expect(await first.ask(`CLIENT KILL ID ${id}\r\n`, 4)).toBe(':1\r\n');
    expect(await second.readToEnd()).toBe('');
    expect(await first.ask(`CLIENT KILL ID ${id}\r\n`, 4)).toBe(':0\r\n');
  });

  test('who has gone is not listed', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    second.send('QUIT\r\n');
    await second.readToEnd();
    // The server closes before it takes the client off the list.
    let lines = 2;
    while (lines > 1) lines = (await bulk(first, 'CLIENT LIST')).trimEnd().split('\n').length;
    expect(lines).toBe(1);
  });

  test('a pause holds writes back, and lets reads through', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    await first.ask('CLIENT PAUSE 1000000 WRITE\r\n', 5);
    second.send('GET k\r\nSET k v\r\nGET k\r\n');
    expect(await second.read(5)).toBe('$-1\r\n');
    expect(await first.ask('GET k\r\n', 5)).toBe('$-1\r\n');
    expect(await first.ask('CLIENT UNPAUSE\r\n', 5)).toBe('+OK\r\n');
    expect(await second.read(12)).toBe('+OK\r\n$1\r\nv\r\n');
  });

  test('a pause of all ends by itself', async () => {
    const server = await startServer(...flags);
    const [first, second] = [await connect(server), await connect(server)];
    await first.ask('CLIENT PAUSE 100\r\n', 5);
    expect(await second.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });
});
