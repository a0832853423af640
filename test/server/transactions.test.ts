/** Transactions among clients of several threads and processes. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { sharedServer } from '../support/server.ts';
import { ACROSS } from './across.ts';

const OK = '+OK\r\n';
const QUEUED = '+QUEUED\r\n';

describe.each(ACROSS)('transactions, $flags', ({ flags }) => {
  const server = sharedServer(...flags);
  const say = async (client: Client, request: string, reply: string) =>
    expect(await client.ask(`${request}\r\n`, reply.length)).toBe(reply);

  test.each([
    ['a write', 'SET {k} new', OK],
    ['a write of the same value', 'SET {k} v', OK],
    ['a removal', 'DEL {k}', ':1\r\n'],
    ['an expiry', 'EXPIRE {k} 100', ':1\r\n'],
    ['another name', 'RENAME {k} {k}2', OK],
    ['the end of all', 'FLUSHALL', OK],
    ['another database in its place', 'SWAPDB 0 5', OK],
  ])('%s by another client ends what it watched', async (what, request, reply) => {
    const key = what.replaceAll(' ', '-');
    const [watcher, other] = [await connect(server()), await connect(server())];
    await say(watcher, `SET ${key} v`, OK);
    await say(watcher, `WATCH ${key}`, OK);
    await say(other, request.replaceAll('{k}', key), reply);
    await say(watcher, 'MULTI', OK);
    await say(watcher, 'PING', QUEUED);
    await say(watcher, 'EXEC', '*-1\r\n');
  });

  test('what other keys go through is of no concern', async () => {
    const [watcher, other] = [await connect(server()), await connect(server())];
    await say(watcher, 'WATCH mine missing', OK);
    await say(other, 'SET theirs v', OK);
    await say(watcher, 'MULTI', OK);
    await say(watcher, 'SET mine v', QUEUED);
    await say(watcher, 'EXEC', '*1\r\n+OK\r\n');
  });

  test.each(['UNWATCH', 'DISCARD', 'RESET'])('%s ends the watch', async (end) => {
    const [watcher, other] = [await connect(server()), await connect(server())];
    await say(watcher, 'WATCH ended', OK);
    if (end === 'DISCARD') await say(watcher, 'MULTI', OK);
    await say(watcher, end, end === 'RESET' ? '+RESET\r\n' : OK);
    await say(other, 'SET ended v', OK);
    await say(watcher, 'MULTI', OK);
    await say(watcher, 'PING', QUEUED);
    await say(watcher, 'EXEC', '*1\r\n+PONG\r\n');
  });

  test('nobody sees half of it', async () => {
    const [writer, reader] = [await connect(server()), await connect(server())];
    const rounds = 2000;
    writer.send('MULTI\r\nINCR left\r\nINCR right\r\nEXEC\r\n'.repeat(rounds));
    reader.send('MGET left right\r\n'.repeat(rounds));
    writer.send('SET written yes\r\nGET written\r\n');
    reader.send('ECHO end\r\n');
    const seen = await reader.readUntil('$3\r\nend\r\n');
    await writer.readUntil('$3\r\nyes\r\n');
    const pairs = [...seen.matchAll(/\*2\r\n\$\d+\r\n(\d+)\r\n\$\d+\r\n(\d+)\r\n/g)];
    expect(pairs.filter(([, left, right]) => left !== right)).toEqual([]);
    await say(writer, 'MGET left right', `*2\r\n$4\r\n${rounds}\r\n$4\r\n${rounds}\r\n`);
  });
});
