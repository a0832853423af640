/** What redis-benchmark can do, and what it says at its end. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { UNPINNED } from '../../src/measure/affinity.ts';
import { Entrant } from '../../src/measure/entrant.ts';
import {
  canRedisBenchmark,
  parseReport,
  redisBenchmark,
} from '../../src/measure/redis-benchmark.ts';
import { SCENARIOS, type Shape } from '../../src/measure/scenarios.ts';
import { floor } from '../../src/measure/targets/floor.ts';
import { posix } from '../../src/posix/native.ts';
import { requireTool } from '../support/tools.ts';

requireTool('cc', 'gcc');
requireTool('redis-benchmark', 'redis-tools');

const TIMING = { warmUpMs: 0, durationMs: 50, warmingMs: 0, pinning: UNPINNED, seed: 1 };

const REPORT = [
  'GET key:__rand_int__: rps=0.0 (overall: 0.0) avg_msec=-nan\r====== GET ======',
  '  160000 requests completed in 0.41 seconds',
  '',
  'Latency by percentile distribution:',
  '0.000% <= 0.328 milliseconds (cumulative count 1)',
  '50.000% <= 1.503 milliseconds (cumulative count 80240)',
  '99.805% <= 19.439 milliseconds (cumulative count 159712)',
  '99.902% <= 24.095 milliseconds (cumulative count 159856)',
  '100.000% <= 27.455 milliseconds (cumulative count 160000)',
  '',
  'Summary:',
  '  throughput summary: 393120.38 requests per second',
  '  latency summary (msec):',
  '          avg       min       p50       p95       p99       max',
  '        1.836     0.328     1.503     3.663    13.255    27.455',
].join('\n');

test('its report in microseconds', () => {
  expect(parseReport(REPORT)).toEqual({
    opsPerSecond: 393120.38,
    ...{ mean: 1836, min: 328, p50: 1503, p99: 13_255, p999: 24_095, max: 27_455 },
  });
});

test('what its clock did not see has no rate, and is done again with more', async () => {
  expect(parseReport(REPORT.replace('393120.38', 'inf')).opsPerSecond).toBe(Infinity);
  const subject = floor();
  const server = await subject.start();
  onTestFinished(() => server.stop());
  const { workload } = SCENARIOS[0].shape;
  const few = { ...SCENARIOS[0].shape, workload: { ...workload, mix: ['PING'] as const } };
  const entrant = new Entrant(subject);
  entrant.running = server;
  const job = { ...entrant.job(few, TIMING), connections: 1, maxOperations: 1 };
  for (let round = 0; round < 10; round++) {
    const { elapsedMs, operations } = await redisBenchmark(posix)(
      job,
      new AbortController().signal,
    );
    expect(elapsedMs).toBeGreaterThan(0);
    expect(operations).toBeGreaterThanOrEqual(1);
  }
});

test('what is no report is an error', () => {
  expect(() => parseReport('Could not connect to Redis')).toThrow('no summary');
});

describe('it can do', () => {
  const plain: Shape = {
    ...SCENARIOS[0].shape,
    workload: { mix: ['GET'], valueBytes: 32, keys: 1000, distribution: 'uniform' },
    connections: 50,
  };
  const workload = (changes: Partial<Shape['workload']>): Shape => ({
    ...plain,
    workload: { ...plain.workload, ...changes },
  });

  test.each([
    ['one operation', plain, true],
    ['MGET', workload({ mix: ['MGET'] }), true],
    ['no two operations', workload({ mix: ['SET', 'GET'] }), false],
    ['no Zipf', workload({ distribution: 'zipf' }), false],
    ['no idle clients', { ...plain, idle: 10 }, false],
    ['no thousand clients', { ...plain, connections: 1000 }, false],
    ['large answers', workload({ valueBytes: 1024 ** 2 }), true],
    ['no large requests', workload({ mix: ['SET'], valueBytes: 1024 ** 2 }), false],
    [
      'no batch of several pages',
      { ...workload({ mix: ['SET'], valueBytes: 1024 }), pipeline: 16 },
      false,
    ],
  ] as const)('%s', (_what, shape, can) => {
    expect(canRedisBenchmark(shape)).toBe(can);
  });
});
