/** node-redis: connects (HELLO 3, CLIENT SETINFO in one segment), works, and says goodbye. */
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

async function connected(server: Server, RESP: 2 | 3) {
  const socket = { host: '127.0.0.1', port: server.port, reconnectStrategy: false as const };
  const client = createClient({ socket, RESP });
  const errors: Error[] = [];
  client.on('error', (error) => errors.push(error));
  onTestFinished(() => {
    if (client.isOpen) client.destroy();
  });
  await client.connect();
  return { client, errors };
}

const CASES = MODES.flatMap((mode) => [2 as const, 3 as const].map((resp) => ({ mode, resp })));

describe.each(CASES)('node-redis in mode $mode, RESP$resp', ({ mode, resp }) => {
  test('sets and gets, and neither side sees an error', async () => {
    const server = await startServer('--mode', mode);
    const { client, errors } = await connected(server, resp);
    expect(await client.set('k', 'v', { expiration: { type: 'EX', value: 100 } })).toBe('OK');
    expect(await client.get('k')).toBe('v');
    expect(await client.mGet(['k', 'missing'])).toEqual(['v', null]);
    expect(await client.incr('counter')).toBe(1);
    await client.close();
    expect({ errors, log: server.log }).toEqual({ errors: [], log: '' });
  });

  test('commands of one turn go out together and are answered in order', async () => {
    const server = await startServer('--mode', mode);
    const { client } = await connected(server, resp);
    const replies = await Promise.all(Array.from(Array(1000), () => client.incr('counter')));
    expect(replies).toEqual(Array.from(Array(1000), (_, i) => i + 1));
  });

  test('SCAN visits every key', async () => {
    const server = await startServer('--mode', mode);
    const { client } = await connected(server, resp);
    const pairs = Array.from(Array(500), (_, i): [string, string] => [`key:${i}`, `${i}`]);
    await client.mSet(pairs);
    const seen = new Set<string>();
    for await (const keys of client.scanIterator()) for (const key of keys) seen.add(key);
    expect(seen).toEqual(new Set(pairs.map(([key]) => key)));
  });
});
