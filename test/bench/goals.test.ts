/** The goals' arithmetic, on made-up rounds. */
import { describe, expect, test } from 'vitest';
import { type Findings, judgeGoals, type Verdict } from '../../src/bench/goals.ts';
import { type PeerResult, resultOf } from '../../src/bench/result.ts';
import { readingsOf } from '../../src/bench/trials/fairness.ts';
import { poolReadings } from '../../src/bench/trials/pool.ts';
import { startReadings } from '../../src/bench/trials/start.ts';
import { warmingReadings } from '../../src/bench/trials/warming.ts';
import { warmingOf } from '../../src/measure/warmth.ts';
import { resultOf as loadOf } from '../measure/cells.ts';

/** `cpuUs` a round and operation, half of it in the kernel. */
function peerOf(cell: string, peer: string, cpuUs: readonly number[], changes = {}): PeerResult {
  const closed = cpuUs.map((us) => {
    const load = loadOf(1000);
    return { ...load, cost: { ...load.cost!, userUs: us * 500, systemUs: us * 500 } };
  });
  const who = { cell, peer, outcome: 'measured' as const, reason: '' };
  const none = { alone: [], common: [], open: [], syscalls: null, pauses: null, warming: null };
  return resultOf(who, { ...none, closed, bytesPerKey: null, bytesPerIdle: null, ...changes });
}

function verdictOn(goal: string, findings: Partial<Findings>): Verdict {
  const all = judgeGoals({ results: [], trials: [], ...findings });
  const found = all.find((verdict) => verdict.goal === goal);
  expect(found, `a goal named ${goal}`).toBeDefined();
  return found!;
}

const CPU = 'get-32b-p64, epoll: CPU per operation';

describe('a ratio', () => {
  test("is the median of the rounds' own ratios", () => {
    const ours = peerOf('get-32b-p64', 'epoll', [1, 4, 1]);
    const theirs = peerOf('get-32b-p64', 'redis-server', [2, 10, 5]);
    expect(verdictOn(CPU, { results: [ours, theirs] })).toMatchObject({
      ...{ bound: '≤ 0.50 × redis-server', figure: '0.40 ×', reached: true },
    });
  });

  test.each([
    [1, true],
    [1.01, false],
  ])('of %d against 2 is within a bound of 0.5: %s', (us, reached) => {
    const ours = peerOf('get-32b-p64', 'epoll', [us]);
    const theirs = peerOf('get-32b-p64', 'redis-server', [2]);
    expect(verdictOn(CPU, { results: [ours, theirs] }).reached).toBe(reached);
  });

  test('without the other one is not measured', () => {
    const results = [peerOf('get-32b-p64', 'epoll', [1])];
    expect(verdictOn(CPU, { results })).toMatchObject({ figure: '', value: null, reached: null });
  });
});

test('the user part stands for itself', () => {
  const results = [peerOf('set-32b-p1', 'epoll', [2, 2, 2])];
  const goal = 'set-32b-p1, epoll: user CPU per operation';
  expect(verdictOn(goal, { results })).toMatchObject({ figure: '1.00 µs', reached: false });
});

test('idle clients cost the busy ones a share, round by round', () => {
  const alone = [loadOf(1000), loadOf(2000), loadOf(1000)];
  const cell = 'mixed-32b-p1-idle9990';
  const result = peerOf(cell, 'epoll', [1, 1, 1], { alone, bytesPerIdle: 900 });
  const kept = verdictOn(`${cell}, epoll: throughput with idle clients`, { results: [result] });
  expect(kept).toMatchObject({ figure: '1.00 ×', reached: true });
  const memory = verdictOn(`${cell}, epoll: resident bytes per idle client`, {
    results: [result],
  });
  expect(memory).toMatchObject({ figure: '900 B', bound: '≤ 1,024 B', reached: true });
});

test('the start counts beyond that of Node itself', () => {
  const readings = startReadings([150, 400, 160], [40, 45, 50]);
  const trials = [{ name: 'start', title: '', reason: '', readings }];
  const verdict = verdictOn('epoll: start to listening, beyond node -e 0', { trials });
  expect(verdict).toMatchObject({ bound: '≤ 120 ms', figure: '110 ms', reached: true });
});

test.each([
  [0, true],
  [1, false],
])('%d lost operations are what was to be reached: %s', (lost, reached) => {
  const reading = { figure: 'two threads: operations lost', unit: 'number' as const };
  const readings = [{ ...reading, values: [lost] }];
  const trials = [{ name: 'counting', title: '', reason: '', readings }];
  expect(verdictOn(reading.figure, { trials }).reached).toBe(reached);
});

test('what a calm client waits beside floods is compared round by round', () => {
  const readings = readingsOf([
    { mode: 'epoll', p99Us: [1000, 9000, 2000], least: [0.9, 0.9, 0.9] },
    { mode: 'io_uring', p99Us: [3000, 18_000, 14_000], least: [0.5, 0.2, 0.3] },
  ]);
  const trials = [{ name: 'fairness', title: '', reason: '', readings }];
  const waits = "io_uring: p99 of PING beside three floods, over epoll's";
  expect(verdictOn(waits, { trials })).toMatchObject({ figure: '3.00 ×', reached: true });
  const least = 'io_uring: least served of eight floods, over their mean';
  expect(verdictOn(least, { trials })).toMatchObject({ figure: '0.30 ×', reached: false });
});

test('a trial that could not be made has reached nothing and missed nothing', () => {
  const trials = [{ name: 'counting', title: '', reason: 'no such peer', readings: [] }];
  const verdict = verdictOn('two threads: operations lost', { trials });
  expect(verdict).toMatchObject({ figure: '', reached: null });
});

test('every goal has a name of its own or a bound that tells it apart', () => {
  const all = judgeGoals({ results: [], trials: [] });
  expect(new Set(all.map(({ goal, bound }) => `${goal} ${bound}`)).size).toBe(all.length);
});

test('a pool counts what its further threads take, by those asked for and those started', () => {
  const MIB = 2 ** 20;
  const pools = [{ listeningMs: 500, residentBytes: 163 * MIB }];
  const least = [{ listeningMs: 300, residentBytes: 100 * MIB }];
  expect(poolReadings(pools, least).map(({ values }) => values)).toEqual([[500], [1], [9]]);
});

test('how warm a server is after 300,000 operations is told by its final cost', () => {
  const blocks = [90, 30, 30, 30, 10, 10, 10].map((us) => {
    return { operations: 100_000, elapsedMs: 200, cpuUs: us * 100_000 };
  });
  const warming = warmingOf(blocks, 50, 0)!;
  const early = { ...warming, isWarm: true, blocks: blocks.slice(0, 2) };
  const slow = { ...early, isWarm: false };
  const [ratios, final] = warmingReadings([warming, early, slow]);
  expect([ratios.values, final.values]).toEqual([
    [3, 1],
    [10, 10],
  ]);
});
