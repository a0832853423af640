/** redis-benchmark runs to its end: not for its figures, but for what it asks and expects. */
import { expect, test } from 'vitest';
import { CONCURRENT_MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { type Server, startServer } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';

requireTool('redis-benchmark', 'redis-tools');

const TESTS = ['PING_INLINE', 'PING_MBULK', 'SET', 'GET', 'INCR', 'MSET (10 keys)'];

async function benchmark(server: Server, ...flags: string[]): Promise<void> {
  const port = String(server.port);
  const common = ['-p', port, '-n', '1000', '-t', 'ping,set,get,incr,mset', '--csv'];
  const { status, stdout, stderr } = await run('redis-benchmark', [...common, ...flags]);
  const names = stdout.split('\n').map((line) => /^"([^"]+)"/.exec(line)?.[1]);
  expect(names.slice(1, -1)).toEqual(TESTS);
  expect({ status, stderr, log: server.log }).toEqual({ status: 0, stderr: '', log: '' });
}

/** No more clients than prefork has processes: each keeps one to itself until it leaves. */
const CLIENTS = 4;

test.each(CONCURRENT_MODES)('four clients, in mode %s', async (mode) => {
  await benchmark(await startServer('--mode', mode), '-c', String(CLIENTS));
});

test.each(CONCURRENT_MODES)('sixteen requests a batch, in mode %s', async (mode) => {
  await benchmark(await startServer('--mode', mode), '-c', String(CLIENTS), '-P', '16');
});

test('one client, in mode blocking', async () => {
  await benchmark(await startServer('--mode', 'blocking'), '-c', '1');
});
