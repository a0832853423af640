/** ioredis: connects (HELLO, CLIENT SETINFO, INFO), works, and says goodbye. */
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

async function connected(server: Server): Promise<{ redis: Redis; errors: Error[] }> {
  const redis = new Redis({ port: server.port, lazyConnect: true, retryStrategy: () => null });
  const errors: Error[] = [];
  redis.on('error', (error) => errors.push(error));
  onTestFinished(() => redis.disconnect());
  await redis.connect();
  return { redis, errors };
}

describe.each(MODES)('ioredis in mode %s', (mode) => {
  test('sets and gets, and neither side sees an error', async () => {
    const server = await startServer('--mode', mode);
    const { redis, errors } = await connected(server);
    expect(await redis.set('k', 'v', 'EX', 100)).toBe('OK');
    expect(await redis.get('k')).toBe('v');
    expect(await redis.ttl('k')).toBeGreaterThan(98);
    expect(await redis.mget('k', 'missing')).toEqual(['v', null]);
    expect(await redis.quit()).toBe('OK');
    expect({ errors, log: server.log }).toEqual({ errors: [], log: '' });
  });

  test('bytes stay bytes', async () => {
    const server = await startServer('--mode', mode);
    const { redis } = await connected(server);
    const value = Buffer.from([0, 255, 13, 10, 128]);
    await redis.set('bytes', value);
    expect(await redis.getBuffer('bytes')).toEqual(value);
  });

  test('a pipeline of 1,000 is answered in order', async () => {
    const server = await startServer('--mode', mode);
    const { redis } = await connected(server);
    const pipeline = redis.pipeline();
    for (let i = 0; i < 1000; i++) pipeline.incr('counter');
    const replies = await pipeline.exec();
    expect(replies?.map(([, value]) => value)).toEqual(Array.from(Array(1000), (_, i) => i + 1));
  });

  test('an error of the server is an error of the call', async () => {
    const server = await startServer('--mode', mode);
    const { redis } = await connected(server);
    await expect(redis.call('NOSUCH', 'a')).rejects.toThrow("ERR unknown command 'NOSUCH'");
  });
});
