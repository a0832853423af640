/** requirepass: what a client may do before it has given the password, and what it has to say. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { sharedServer, startServer } from '../support/server.ts';
import { ACROSS } from './across.ts';

const NO_AUTH = '-NOAUTH Authentication required.\r\n';
const WRONG = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';

describe('a server with a password', () => {
  const server = sharedServer('--requirepass', 'secret');

  test.each([
    ['PING', NO_AUTH],
    ['NOSUCH', "-ERR unknown command 'NOSUCH', with args beginning with: \r\n"],
    ['GET', "-ERR wrong number of arguments for 'get' command\r\n"],
    ['AUTH wrong', WRONG],
    ['AUTH default wrong', WRONG],
    ['AUTH somebody secret', WRONG],
    ['AUTH secret', '+OK\r\n'],
    ['AUTH default secret', '+OK\r\n'],
    ['QUIT', '+OK\r\n'],
    ['RESET', '+RESET\r\n'],
  ])('%s', async (request, reply) => {
    const client = await connect(server());
    expect(await client.ask(`${request}\r\n`, reply.length)).toBe(reply);
  });

  test('AUTH opens the door, RESET closes it', async () => {
    const client = await connect(server());
    client.send('AUTH secret\r\nPING\r\nRESET\r\nPING\r\n');
    const expected = `+OK\r\n+PONG\r\n+RESET\r\n${NO_AUTH}`;
    expect(await client.read(expected.length)).toBe(expected);
  });

  test('HELLO brings the password along', async () => {
    const client = await connect(server());
    client.send('HELLO 3 AUTH default secret\r\n');
    expect(await client.readUntil('$7\r\nmodules\r\n*0\r\n')).toMatch(/^%7\r\n/);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  test.each([
    [10, `-ERR unknown command 'x', with args beginning with: ${"'x' ".repeat(9)}\r\n`],
    [11, '-ERR Protocol error: unauthenticated multibulk length\r\n'],
  ])('a stranger may send %i arguments', async (count, reply) => {
    const client = await connect(server());
    expect(await client.ask(`*${count}\r\n${'$1\r\nx\r\n'.repeat(count)}`, reply.length)).toBe(
      reply,
    );
  });

  test.each([
    [16_384, NO_AUTH],
    [16_385, '-ERR Protocol error: unauthenticated bulk length\r\n'],
  ])('a stranger may send %i bytes at a time', async (length, reply) => {
    const client = await connect(server());
    const request = `*2\r\n$4\r\nECHO\r\n$${length}\r\n${'x'.repeat(length)}\r\n`;
    expect(await client.ask(request, reply.length)).toBe(reply);
  });

  test('what follows AUTH in one write is no stranger’s any more', async () => {
    const client = await connect(server());
    const keys = Array.from(Array(20), (_, i) => `key${i} v`).join(' ');
    expect(await client.ask(`AUTH secret\r\nMSET ${keys}\r\n`, 10)).toBe('+OK\r\n+OK\r\n');
  });
});

test.each(ACROSS)('a password that is set holds for all threads, $flags', async ({ flags }) => {
  const server = await startServer(...flags);
  const [first, second] = [await connect(server), await connect(server)];
  expect(await second.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  expect(await first.ask('CONFIG SET requirepass secret\r\n', 5)).toBe('+OK\r\n');
  expect(await second.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  second.send('QUIT\r\n');
  await second.readToEnd();
  const third = await connect(server);
  expect(await third.ask('PING\r\n', NO_AUTH.length)).toBe(NO_AUTH);
});
