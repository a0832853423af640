/** Cells and reports with made-up figures. */
import { type Cell, type Round, summarize } from '../../src/measure/cell.ts';
import { CURVE_PERCENTILES } from '../../src/measure/latency.ts';
import { type LoadResult, NOBODY } from '../../src/measure/load/job.ts';
import { type Report, reportOf } from '../../src/measure/report/report.ts';
import { SCENARIOS } from '../../src/measure/scenarios.ts';
import type { Warming } from '../../src/measure/warmth.ts';

/** `perSecond` operations in a second, each of which cost the server 10 µs. */
export function resultOf(perSecond: number, changes: Partial<LoadResult> = {}): LoadResult {
  const p50 = 1e8 / perSecond;
  return {
    idle: NOBODY,
    active: { ...NOBODY, wanted: 10, served: 10 },
    disturbing: NOBODY,
    complete: true,
    operations: perSecond,
    elapsedMs: 1000,
    ...{ errors: 0, lost: 0, starved: 0, least: 1, most: 1, unsent: 0 },
    latency: {
      ...{ samples: perSecond, min: p50 / 2, mean: p50, p50, p90: p50 * 1.5 },
      ...{ p99: p50 * 2, p999: p50 * 4, max: p50 * 8 },
      curve: CURVE_PERCENTILES.map((_, index) => (p50 / 2) * 1.12 ** index),
    },
    cost: {
      ...{ userUs: perSecond * 2, systemUs: perSecond * 8 },
      ...{ voluntarySwitches: perSecond / 10, involuntarySwitches: 0 },
      ...{ threads: 11, residentBytes: 64 * 1024 ** 2, tracer: 0 },
    },
    generatorShare: 0.5,
    foreignShare: 0,
    warming: null,
    ...changes,
  };
}

export function roundsOf(...perSecond: number[]): Round[] {
  return perSecond.map((each) => ({ closed: resultOf(each), open: resultOf(each) }));
}

/** Rounds in which an operation cost so many microseconds, `kernelShare` of them in the kernel. */
export function costingRounds(cpuUs: readonly number[], kernelShare = 0.8): Round[] {
  return cpuUs.map((us) => {
    const closed = resultOf(20_000);
    const spentUs = us * closed.operations;
    const parts = { userUs: spentUs * (1 - kernelShare), systemUs: spentUs * kernelShare };
    return { closed: { ...closed, cost: { ...closed.cost!, ...parts } }, open: null };
  });
}

/** It ran for 600 ms at 10 times its final cost, then for 1.8 s at that. */
export function warmingWith(changes: Partial<Warming> = {}): Warming {
  return {
    ...{ isWarm: true, isFalling: false, coldUs: 100, finalUs: 10, threads: 1, elapsedMs: 2400 },
    ...{ operations: 186_000, fastAfterMs: 600, fastAfterOperations: 6000, blocks: [] },
    ...changes,
  };
}

const FALLING = warmingWith({
  blocks: [100, 50, 20, ...new Array<number>(9).fill(10)].map((us) => ({
    ...{ operations: 200_000 / us, elapsedMs: 200, cpuUs: 200_000 },
  })),
});

export function cellOf(scenario: string, target: string, rounds: readonly Round[]): Cell {
  const syscalls = {
    counts: { total: 200, byName: { recvmsg: 100, sendmsg: 100 } },
    operations: 100,
  };
  return {
    ...{ scenario, target, rounds, syscalls },
    outcome: 'measured',
    reason: '',
    warming: null,
    offeredPerSecond: 7000,
    summary: summarize(rounds, syscalls),
  };
}

export function impossibleCell(scenario: string, target: string, reason: string): Cell {
  return {
    ...{ scenario, target, reason },
    outcome: 'impossible',
    warming: null,
    rounds: [],
    syscalls: null,
    offeredPerSecond: 7000,
    summary: null,
  };
}

export function failedCell(scenario: string, target: string, reason: string): Cell {
  return { ...impossibleCell(scenario, target, reason), outcome: 'failed' };
}

const TARGETS = [
  { name: 'blocking', reference: false },
  { name: 'poll', reference: false },
  { name: 'epoll', reference: false },
  { name: 'node-net', reference: true },
];

/** Four servers, three scenarios: one of which blocking can't do, two of which form a curve. */
export function madeUpReport(): Report {
  const names = ['50-clients', 'idle-10', 'idle-1000'];
  const cells = names.flatMap((name, row) => [
    impossibleCell(name, 'blocking', '1 of 50 clients served: it serves one client'),
    cellOf(name, 'poll', roundsOf(20_000 / (row + 1), 21_000 / (row + 1), 19_000 / (row + 1))),
    { ...cellOf(name, 'epoll', roundsOf(40_000, 41_000, 39_000)), warming: FALLING },
    cellOf(name, 'node-net', roundsOf(25_000, 25_500, 25_100)),
  ]);
  const warnings = ["Noisy machine: <b>others</b> took up to 12 % of the server's CPU meanwhile."];
  return reportWith(cells, TARGETS, { warnings });
}

interface Changes {
  readonly rounds?: number;
  readonly warnings?: readonly string[];
  readonly serverCpus?: readonly number[];
}

/** A report of these cells, whose scenarios are those that they name. */
export function reportWith(
  cells: readonly Cell[],
  servers: readonly { name: string; reference: boolean; isFloor?: boolean }[],
  { rounds = 3, warnings = [], serverCpus = [0] }: Changes = {},
): Report {
  const named = new Set(cells.map(({ scenario }) => scenario));
  const targets = servers.map((server) => ({
    ...{ ...server, description: `${server.name} </script> & "co"`, refusal: '', limit: null },
    start: () => Promise.reject(new Error('made up')),
  }));
  return reportOf(
    {
      ...{ targets, scenarios: SCENARIOS.filter(({ name }) => named.has(name)), rounds },
      ...{ warmUpMs: 100, warmingMs: 5000, durationMs: 1000 },
      ...{ strace: true, loadShare: 0.7, seed: 1 },
      pinning: { serverCpus: [0], clientCpus: [1] },
    },
    cells,
    {
      ...{ date: '2026-01-02T03:04:05.000Z', platform: 'linux x64', kernel: '6.1.0' },
      ...{ cpu: 'A CPU', cpuCount: 2, memoryBytes: 8 * 1024 ** 3, node: 'v20.0.0' },
      ...{ syskv: '0.1.0', commit: 'abc1234', governor: '', serverCpus, clientCpus: [1] },
    },
    warnings,
  );
}
