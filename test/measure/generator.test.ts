/** The generator against a server of ours: what it is asked to do, and what it counts. */
import { describe, expect, test } from 'vitest';
import { fill } from '../../src/measure/load/fill.ts';
import { Generator } from '../../src/measure/load/generator.ts';
import type { LoadJob, LoadResult, Workload } from '../../src/measure/load/job.ts';
import { Talk } from '../../src/measure/load/talk.ts';
import { posix } from '../../src/posix/native.ts';
import { type Server, sharedServer } from '../support/server.ts';

const WORKLOAD: Workload = {
  mix: ['SET', 'GET'],
  valueBytes: 32,
  keys: 100,
  distribution: 'uniform',
};

function jobFor(server: Server, changes: Partial<LoadJob>): LoadJob {
  return {
    ...{ host: '127.0.0.1', port: server.port, serverPids: [server.pid] },
    workload: WORKLOAD,
    ...{ fill: true, connections: 4, idle: 0, pipeline: 1, reconnect: false, disturbance: 'none' },
    ...{
      ratePerSecond: 0,
      warmUpMs: 20,
      warming: null,
      durationMs: 150,
      maxOperations: 1e6,
      seed: 1,
    },
    ...{ serverCpus: [], cpus: [] },
    ...changes,
  };
}

function load(server: Server, changes: Partial<LoadJob> = {}): LoadResult {
  const job = jobFor(server, changes);
  fill(posix, job);
  const generator = new Generator(posix, job);
  try {
    return generator.open() ? generator.run() : generator.incomplete();
  } finally {
    generator.end();
  }
}

describe('against epoll', () => {
  const server = sharedServer('--mode', 'epoll');

  test.each<[string, Partial<LoadJob>]>([
    ['one client', { connections: 1 }],
    ['pipelines', { pipeline: 16 }],
    ['a connection for each request', { reconnect: true }],
    ['a fixed rate', { ratePerSecond: 500 }],
    ['idle connections', { idle: 20 }],
    ['a slow reader', { disturbance: 'slow-reader' }],
    ['half a request', { disturbance: 'half-request' }],
    ['a heavy command', { disturbance: 'heavy-command' }],
    ['MGET and INCR', { workload: { ...WORKLOAD, mix: ['MGET', 'INCR', 'PING'] } }],
    ['large values', { workload: { ...WORKLOAD, valueBytes: 300_000, keys: 10 } }],
    ['Zipf', { workload: { ...WORKLOAD, distribution: 'zipf' } }],
  ])('%s: every answer is counted and none is an error', (_, changes) => {
    const result = load(server(), changes);
    expect(result).toMatchObject({ complete: true, errors: 0, lost: 0 });
    expect(result.operations).toBeGreaterThan(0);
    expect(result.latency.samples).toBeGreaterThan(0);
    expect(result.latency.p999).toBeGreaterThanOrEqual(result.latency.p50);
  });

  test('it ends after so many operations', () => {
    const { operations } = load(server(), { maxOperations: 100, durationMs: 5000, warmUpMs: 0 });
    expect(operations).toBeGreaterThanOrEqual(100);
    expect(operations).toBeLessThan(200);
  });

  test('a fixed rate is not exceeded', () => {
    const { operations, elapsedMs, unsent } = load(server(), { ratePerSecond: 200 });
    expect(operations).toBeLessThanOrEqual((elapsedMs / 1000) * 200 + 10);
    expect(unsent).toBeGreaterThanOrEqual(0);
  });

  test('a server is loaded until it is warm, and its blocks are kept', () => {
    const { warming, operations } = load(server(), {
      warming: { blockMs: 50, mostMs: 20_000, operationsAThread: 100 },
    });
    expect(warming!.blocks.length).toBeGreaterThanOrEqual(6);
    expect(warming!.operations).toBe(operations);
    expect(warming!.coldUs).toBeGreaterThan(0);
  });

  test('a server that does not become warm in time is given up', () => {
    const { warming, elapsedMs } = load(server(), {
      warming: { blockMs: 20, mostMs: 60, operationsAThread: 1e6 },
    });
    expect(warming!.isWarm).toBe(false);
    expect(warming!.elapsedMs).toBeLessThanOrEqual(elapsedMs);
  });

  test.each<[string, Partial<LoadJob>]>([
    ['is measured', {}],
    ['becomes warm', { warming: { blockMs: 20, mostMs: 60, operationsAThread: 1 } }],
  ])('a server that pauses for as long as it %s answers all the same', (_, changes) => {
    const generator = new Generator(posix, jobFor(server(), { ...changes, warmUpMs: 0 }));
    expect(generator.open()).toBe(true);
    const talk = new Talk(posix, '127.0.0.1', server().port);
    expect(talk.ask('CLIENT', 'PAUSE', '400', 'ALL')).toBe('+OK\r\n');
    const { operations } = generator.run();
    generator.end();
    talk.end();
    expect(operations).toBeGreaterThan(0);
  });

  test("the server's cost is read", () => {
    const { cost } = load(server());
    expect(cost!.userUs + cost!.systemUs).toBeGreaterThan(0);
    expect(cost!.threads).toBeGreaterThan(1);
  });
});

describe('against blocking', () => {
  const server = sharedServer('--mode', 'blocking');

  test('one client is served', () => {
    expect(load(server(), { connections: 1 })).toMatchObject({ complete: true, starved: 0 });
  });

  test('of four, one is served: that is the result', () => {
    const result = load(server());
    expect(result.complete).toBe(false);
    expect(result.active).toMatchObject({ wanted: 4, served: 1, refused: 0 });
  });

  test('nobody is served while somebody has sent half a request', () => {
    const result = load(server(), { connections: 1, disturbance: 'half-request' });
    expect(result.active).toMatchObject({ wanted: 1, served: 0 });
  });

  test('connections that carry one request each are served by turns', () => {
    expect(load(server(), { reconnect: true })).toMatchObject({ complete: true, lost: 0 });
  });
});

describe('against a server with few places', () => {
  const server = sharedServer('--mode', 'epoll', '--maxclients', '3');

  test('the refusal is told in its own words', () => {
    const { active } = load(server());
    expect(active).toMatchObject({ wanted: 4, served: 3, refused: 1 });
    expect(active.refusal).toBe('ERR max number of clients reached');
  });
});
