/**
 * Load by redis-benchmark, for the shapes that it can do. It ends after a number of requests, not
 * after a time, and tells its latencies as text; the server's cost is read before it starts and
 * after it has ended, so that connecting is a part of it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Posix } from '../posix/posix.ts';
import { busyMs, costBetween, snapshot } from './account.ts';
import { pin } from './affinity.ts';
import { CURVE_PERCENTILES, type LatencySummary } from './latency.ts';
import { batchesOf, MGET_KEYS } from './load/batch.ts';
import { type LoadJob, type LoadResult, NOBODY, type Operation } from './load/job.ts';
import type { RunLoad } from './load-process.ts';
import type { Shape } from './scenarios.ts';

/** `redis-benchmark 7.0.15`; '' where it is not installed. */
export function redisBenchmarkVersion(): string {
  const { stdout, status } = spawnSync('redis-benchmark', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/**
 * More clients than this would make their connecting a visible part of the server's cost.
 */
const MOST_CLIENTS = 64;
/**
 * It takes no notice of how much of a batch the socket took: what does not fit at once is sent
 * anew from its beginning.
 */
const MOST_BATCH_BYTES = 16 * 1024;

/** One operation, uniform keys, few clients, no one idle. */
export function canRedisBenchmark(shape: Shape): boolean {
  const { workload, connections, idle, pipeline, reconnect, disturbance } = shape;
  const isPlain = idle === 0 && !reconnect && disturbance === 'none';
  const isKnown = workload.mix.length === 1 && workload.mix[0] in REQUESTS;
  if (!isPlain || !isKnown || connections > MOST_CLIENTS) return false;
  if (workload.distribution !== 'uniform') return false;
  return batchesOf(workload, pipeline)[0].bytes.length <= MOST_BATCH_BYTES;
}

const KEY = 'key:__rand_int__';
/** Written out rather than `-t get`: the tests of that name ask for the same, but for MGET. */
const REQUESTS: Readonly<Partial<Record<Operation, (valueBytes: number) => string[]>>> = {
  PING: () => ['PING'],
  SET: (valueBytes) => ['SET', KEY, 'x'.repeat(valueBytes)],
  GET: () => ['GET', KEY],
  MGET: () => ['MGET', ...new Array<string>(MGET_KEYS).fill(KEY)],
  INCR: () => ['INCR', 'ctr:__rand_int__'],
};

/**
 * Does `job.maxOperations` operations, however long that takes; more of them where they are done
 * within one step of its clock, whose report then names no rate but `inf`.
 */
export function redisBenchmark(posix: Posix): RunLoad {
  return async (job, signal) => {
    for (let requests = requestsOf(job); ; requests *= MORE_REQUESTS) {
      const result = await measured(posix, job, requests, signal);
      if (result.elapsedMs > 0) return result;
    }
  };
}

async function measured(
  posix: Posix,
  job: LoadJob,
  requests: number,
  signal: AbortSignal,
): Promise<LoadResult> {
  signal.throwIfAborted();
  const before = snapshot(job.serverPids);
  const serverBusyMs = busyMs(job.serverCpus);
  const beganMs = performance.now();
  const { output, clientShare } = await run(posix, job, requests, signal);
  const passedMs = performance.now() - beganMs;
  const cost = costBetween(before, snapshot(job.serverPids));
  const spentMs = cost === null ? Infinity : (cost.userUs + cost.systemUs) / US_PER_MS;
  return {
    ...resultOf(parseReport(output), requests, job.connections),
    cost,
    generatorShare: clientShare,
    foreignShare: Math.max(0, busyMs(job.serverCpus) - serverBusyMs - spentMs) / passedMs,
  };
}

/** Whole pipelines: exactly so many are sent then, and none is left unanswered. */
function requestsOf({ maxOperations, pipeline }: LoadJob): number {
  return Math.max(1, Math.round(maxOperations / pipeline)) * pipeline;
}

function argumentsOf(job: LoadJob, requests: number): string[] {
  const { host, port, connections, pipeline, workload } = job;
  const { keys, mix, valueBytes } = workload;
  const numbers = { p: port, c: connections, n: requests, P: pipeline, r: keys };
  const flags = Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const words = REQUESTS[mix[0]]?.(valueBytes) ?? [];
  return ['-h', host, ...flags, ...words];
}

async function run(
  posix: Posix,
  job: LoadJob,
  requests: number,
  signal: AbortSignal,
): Promise<{ output: string; clientShare: number }> {
  const child = spawn('redis-benchmark', argumentsOf(job, requests), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => child.kill('SIGKILL');
  const timer = setTimeout(end, job.durationMs + GRACE_MS);
  signal.addEventListener('abort', end);
  let looking: NodeJS.Timeout | undefined;
  try {
    const ended = outputOf(child);
    const pids = child.pid === undefined ? [] : [child.pid];
    pin(posix, pids, job.cpus);
    const share = shareOf(pids);
    looking = setInterval(share.look, LOOK_EVERY_MS);
    return { output: await ended, clientShare: share.value() };
  } finally {
    clearTimeout(timer);
    clearInterval(looking);
    signal.removeEventListener('abort', end);
    end();
  }
}

/** CPU time of a process over time, for as long as it can be seen: it is gone once it has ended. */
function shareOf(pids: readonly number[]): { look(): void; value(): number } {
  const beganMs = performance.now();
  let share = 0;
  return {
    look() {
      const now = snapshot(pids);
      if (now === null || now.cpuUs === 0) return;
      share = now.cpuUs / US_PER_MS / (performance.now() - beganMs);
    },
    value: () => share,
  };
}

function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) return resolve(output);
      reject(
        new Error(
          `redis-benchmark failed: ${output
            .trim()
            .split(/[\r\n]/)
            .at(-1)}`,
        ),
      );
    });
  });
}

/** What redis-benchmark says at its end. Latencies in microseconds. */
export interface BenchmarkReport {
  /** Infinity where all was done within one step of its clock, a millisecond. */
  readonly opsPerSecond: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  /** The first step of its distribution that is at or beyond 99.9 %: it names 99.902 %. */
  readonly p999: number;
  readonly max: number;
}

/** @throws where it is not the report of redis-benchmark 6.2 or later. */
export function parseReport(output: string): BenchmarkReport {
  const rate = /throughput summary: ([\d.]+|inf) requests per second/.exec(output);
  const line = /avg\s+min\s+p50\s+p95\s+p99\s+max\s+([\d. ]+)/.exec(output);
  if (rate === null || line === null) throw new Error('redis-benchmark: no summary in its output');
  const [mean, min, p50, , p99, max] = line[1].trim().split(/\s+/).map(inUs);
  const steps = [...output.matchAll(/^([\d.]+)% <= ([\d.]+) milliseconds/gm)];
  const far = steps.find(([, percent]) => Number(percent) >= 99.9);
  const p999 = far === undefined ? max : inUs(far[2]);
  return {
    opsPerSecond: rate[1] === 'inf' ? Infinity : Number(rate[1]),
    mean,
    min,
    p50,
    p99,
    p999,
    max,
  };
}

function inUs(milliseconds: string): number {
  return Math.round(Number(milliseconds) * US_PER_MS);
}

function resultOf(report: BenchmarkReport, requests: number, connections: number): LoadResult {
  const { opsPerSecond, ...latencies } = report;
  return {
    idle: NOBODY,
    active: { ...NOBODY, wanted: connections, served: connections },
    disturbing: NOBODY,
    complete: true,
    operations: requests,
    elapsedMs: (requests / opsPerSecond) * MS_PER_SECOND,
    // It ends with an error where a reply is one or a connection is lost.
    ...{ errors: 0, lost: 0, starved: 0, least: 0, most: 0, unsent: 0 },
    latency: latencyOf(latencies, requests),
    cost: null,
    generatorShare: 0,
    foreignShare: 0,
    warming: null,
  };
}

function latencyOf(of: Omit<BenchmarkReport, 'opsPerSecond'>, samples: number): LatencySummary {
  // Its percentiles are others than ours: no curve, and p95 is no p90.
  return { ...of, samples, p90: 0, curve: CURVE_PERCENTILES.map(() => 0) };
}

const US_PER_MS = 1000;
/** From a batch that its clock does not see to one that it does in a few steps. */
const MORE_REQUESTS = 10;
/** Seldom: looking takes a tenth of a millisecond. */
const LOOK_EVERY_MS = 50;
const MS_PER_SECOND = 1000;
/** Beyond the time that its number of requests should take. */
const GRACE_MS = 60_000;
