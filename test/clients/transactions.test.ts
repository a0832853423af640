/** Transactions as the clients offer them: queued commands, and a watch that another one breaks. */
import { Redis } from 'ioredis';
import { createClient, WatchError } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Server, startServer } from '../support/server.ts';

function ioredis(server: Server): Redis {
  const redis = new Redis({ port: server.port, retryStrategy: () => null });
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function nodeRedis(server: Server) {
  const socket = { host: '127.0.0.1', port: server.port, reconnectStrategy: false as const };
  const client = createClient({ socket });
  client.on('error', () => {});
  onTestFinished(() => client.destroy());
  await client.connect();
  return client;
}

describe.each(['epoll', 'thread-pool'])('in mode %s', (mode) => {
  test('ioredis: multi, exec', async () => {
    const server = await startServer('--mode', mode);
    const redis = ioredis(server);
    const replies = await redis.multi().set('a', '1').incr('a').get('a').exec();
    expect(replies).toEqual([
      [null, 'OK'],
      [null, 2],
      [null, '2'],
    ]);
    expect(server.log).toBe('');
  });

  test('ioredis: a broken watch is null', async () => {
    const server = await startServer('--mode', mode);
    const [redis, other] = [ioredis(server), ioredis(server)];
    await redis.watch('a');
    await other.set('a', '1');
    expect(await redis.multi().set('a', '2').exec()).toBe(null);
    expect(await redis.get('a')).toBe('1');
  });

  test('node-redis: multi, exec', async () => {
    const client = await nodeRedis(await startServer('--mode', mode));
    expect(await client.multi().set('a', '1').incr('a').get('a').exec()).toEqual(['OK', 2, '2']);
  });

  test('node-redis: a broken watch is an error', async () => {
    const server = await startServer('--mode', mode);
    const [client, other] = [await nodeRedis(server), await nodeRedis(server)];
    await client.watch('a');
    await other.set('a', '1');
    await expect(client.multi().set('a', '2').exec()).rejects.toThrow(WatchError);
  });
});
