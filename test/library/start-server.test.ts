/** `startServer` as a test suite uses it. It runs what is built: workers need compiled files. */
import { readdirSync } from 'node:fs';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import type { ModeName } from '../../src/index.ts';

const { startServer } = (await import(
  '../../dist/index.js' as string
)) as typeof import('../../src/index.ts');

const MODES: ModeName[] = [
  'blocking',
  'thread-per-connection',
  'thread-pool',
  'prefork',
  'select',
  'poll',
  'epoll',
  'epoll-et',
];

function clientOf(port: number): Redis {
  return new Redis({ port, lazyConnect: true, enableReadyCheck: true });
}

async function using_<T>(client: Redis, work: (client: Redis) => Promise<T>): Promise<T> {
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

describe('startServer', () => {
  test.each(MODES)('%s: serves ioredis and closes', async (mode) => {
    await using server = await startServer({ port: 0, mode });
    const value = await using_(clientOf(server.port), async (client) => {
      await client.set('name', 'Alice');
      return client.get('name');
    });
    expect(value).toBe('Alice');
  });

  test('two servers in one process keep apart', async () => {
    await using first = await startServer({ port: 0 });
    await using second = await startServer({ port: 0, mode: 'thread-pool', threads: 2 });
    await using_(clientOf(first.port), (client) => client.set('only', 'here'));
    const missing = await using_(clientOf(second.port), (client) => client.get('only'));
    await second.close();
    const still = await using_(clientOf(first.port), (client) => client.get('only'));
    expect([missing, still]).toEqual([null, 'here']);
  });

  test('a taken port rejects with the SyscallError', async () => {
    await using server = await startServer({ port: 0 });
    await expect(startServer({ port: server.port })).rejects.toMatchObject({
      name: 'SyscallError',
      code: 'EADDRINUSE',
      syscall: 'bind',
      address: '127.0.0.1',
      port: server.port,
    });
  });

  test('close may be called twice', async () => {
    const server = await startServer({ port: 0 });
    await Promise.all([server.close(), server.close()]);
    await expect(server.close()).resolves.toBeUndefined();
  });

  test('ten servers leave no descriptor behind', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    await (await startServer({ port: 0 })).close();
    const before = open();
    for (let i = 0; i < 10; i++) await (await startServer({ port: 0, threads: 2 })).close();
    expect(open()).toBeLessThanOrEqual(before);
  });
});
