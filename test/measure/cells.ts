/** Cells and reports with made-up figures. */
import { type Cell, type Round, summarize } from '../../src/measure/cell.ts';
import { CURVE_PERCENTILES } from '../../src/measure/latency.ts';
import type { LoadResult } from '../../src/measure/load/job.ts';
import { type Report, reportOf } from '../../src/measure/report/report.ts';
import { SCENARIOS } from '../../src/measure/scenarios.ts';

const NOBODY = { wanted: 0, served: 0, refused: 0, refusal: '' };

/** `perSecond` operations in a second, each of which cost the server 10 µs. */
export function resultOf(perSecond: number, changes: Partial<LoadResult> = {}): LoadResult {
  const p50 = 1e8 / perSecond;
  return {
    idle: NOBODY,
    active: { ...NOBODY, wanted: 10, served: 10 },
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
    ...changes,
  };
}

export function roundsOf(...perSecond: number[]): Round[] {
  return perSecond.map((each) => ({ closed: resultOf(each), open: resultOf(each) }));
}

export function cellOf(scenario: string, target: string, rounds: readonly Round[]): Cell {
  const syscalls = {
    counts: { total: 200, byName: { recvmsg: 100, sendmsg: 100 } },
    operations: 100,
  };
  return {
    ...{ scenario, target, rounds, syscalls },
    outcome: 'measured',
    reason: '',
    offeredPerSecond: 7000,
    summary: summarize(rounds, syscalls),
  };
}

export function impossibleCell(scenario: string, target: string, reason: string): Cell {
  return {
    ...{ scenario, target, reason },
    outcome: 'impossible',
    rounds: [],
    syscalls: null,
    offeredPerSecond: 7000,
    summary: null,
  };
}

const TARGETS = [
  { name: 'blocking', reference: false },
  { name: 'poll', reference: false },
  { name: 'epoll', reference: false },
  { name: 'node-net', reference: true },
];

/** Four servers, three scenarios: one of which blocking can't do, two of which form a curve. */
export function madeUpReport(): Report {
  const scenarios = SCENARIOS.filter(({ name }) =>
    ['50-clients', 'idle-10', 'idle-1000'].includes(name),
  );
  const targets = TARGETS.map((target) => ({
    ...{ ...target, description: `${target.name} </script> & "co"`, refusal: '', limit: '' },
    start: () => Promise.reject(new Error('made up')),
  }));
  const cells = scenarios.flatMap(({ name }, row) => [
    impossibleCell(name, 'blocking', '1 of 50 clients served: it serves one client'),
    cellOf(name, 'poll', roundsOf(20_000 / (row + 1), 21_000 / (row + 1), 19_000 / (row + 1))),
    cellOf(name, 'epoll', roundsOf(40_000, 41_000, 39_000)),
    cellOf(name, 'node-net', roundsOf(25_000, 25_500, 25_100)),
  ]);
  return reportOf(
    {
      ...{ targets, scenarios, rounds: 3, warmUpMs: 100, durationMs: 1000 },
      ...{ strace: true, loadShare: 0.7, seed: 1 },
      pinning: { serverCpus: [0], clientCpus: [1] },
    },
    cells,
    {
      ...{ date: '2026-01-02T03:04:05.000Z', platform: 'linux x64', kernel: '6.1.0' },
      ...{ cpu: 'A CPU', cpuCount: 2, memoryBytes: 8 * 1024 ** 3, node: 'v20.0.0' },
      ...{ syskv: '0.1.0', commit: 'abc1234', governor: '', serverCpus: [0], clientCpus: [1] },
    },
    ["Noisy machine: <b>others</b> took up to 12 % of the server's CPU meanwhile."],
  );
}
