/** Every setting that Redis 7.0 has, set to what it may be and to what it may not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireTool } from '../support/tools.ts';
import { type Peer, type Request, redis, syskv } from './peer.ts';

requireTool('redis-server', 'redis-server');

/** Settings that one of the two can't have, or has for itself. */
const OWN = new Set([
  // Where it listens, and where it was started.
  ...['bind', 'port', 'unixsocket', 'dir'],
  // The limit that ordinary clients have here and not in Redis, which reads 2^64 - 1 as 1 %.
  ...['client-output-buffer-limit', 'maxmemory-clients'],
  // It locks the client out, and a Redis that is not compiled for them refuses these.
  ...['requirepass', 'appendonly'],
  // The Redis of these tests is started with another value.
  'rdbcompression',
]);

const VALUES = [
  ...['99999999999999999999zz', '-9223372036854775808', '9223372036854775807', ''],
  ...['18446744073709551615', '0', '1', '7', '100', '1mb', 'yes', 'NO', 'default', 'ip'],
];

let peers: Peer[] = [];
beforeAll(() => {
  peers = [redis(), syskv()];
});
afterAll(() => Promise.all(peers.map((peer) => peer.end())));

test('maxmemory 0 is no limit that was asked for; the one that holds has a name', async () => {
  const connection = await peers[1].connect();
  const [initial, bound] = await connection.ask([
    ['CONFIG', 'GET', 'maxmemory'],
    ['CONFIG', 'GET', 'syskv-maxmemory'],
  ]);
  expect(initial).toBe('*2\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n');
  expect(Number(bound.split('\r\n')[4])).toBeGreaterThan(2 ** 20);
  const [, set, , again, info] = await connection.ask([
    ['CONFIG', 'SET', 'maxmemory', '100mb'],
    ['CONFIG', 'GET', 'syskv-maxmemory'],
    ['CONFIG', 'SET', 'maxmemory', '0'],
    ['CONFIG', 'GET', 'syskv-maxmemory'],
    ['INFO', 'memory'],
  ]);
  expect(set).toContain('\r\n104857600\r\n');
  expect(again).toBe(bound);
  expect(info).toContain('\r\nmaxmemory:0\r\nmaxmemory_human:0B\r\n');
  connection.close();
});

test('the same names, defaults, bounds and texts', async () => {
  const [theirs, ours] = await Promise.all(peers.map((peer) => peer.converse()));
  const names = await settingsOf(peers[0]);
  expect(names.length).toBeGreaterThan(150);
  const requests = names.flatMap((name) => [
    ['CONFIG', 'GET', name],
    ...VALUES.flatMap((value): Request[] => [
      ['CONFIG', 'SET', name, value],
      ['CONFIG', 'GET', name],
    ]),
  ]);
  expect(await ours.tell(requests)).toEqual(await theirs.tell(requests));
  for (const conversation of [theirs, ours]) conversation.close();
});

async function settingsOf(peer: Peer): Promise<string[]> {
  const connection = await peer.connect();
  const [reply] = await connection.ask([['CONFIG', 'GET', '*']]);
  connection.close();
  const lines = reply.split('\r\n');
  const words = lines.filter((_, i) => i % 2 === 0).slice(1);
  return words.filter((word, i) => i % 2 === 0 && word !== '' && !OWN.has(word));
}
