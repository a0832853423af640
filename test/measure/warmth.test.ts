/** When a server counts as warm, and how long it took: costs in, judgement out. */
import { describe, expect, test } from 'vitest';
import { warmingShape } from '../../src/measure/rounds.ts';
import { SCENARIOS } from '../../src/measure/scenarios.ts';
import {
  type Block,
  costAfter,
  judgedBy,
  OPERATIONS_A_THREAD,
  servingThreads,
  standsStill,
  warmingOf,
} from '../../src/measure/warmth.ts';

/** Blocks of 200 ms in which an operation cost so many microseconds, the CPU being full. */
function blocksOf(...costsUs: number[]): Block[] {
  return costsUs.map((us) => ({ operations: 200_000 / us, elapsedMs: 200, cpuUs: 200_000 }));
}

function repeat(costUs: number, times: number): number[] {
  return new Array<number>(times).fill(costUs);
}

describe('a cost stands still', () => {
  test.each<[string, number[]]>([
    ['from its beginning', repeat(8, 6)],
    ['after a fall', [500, 200, 100, 50, ...repeat(20, 9)]],
    ['with noise of some percent', [8, 8.3, 7.9, 8.1, 8.4, 7.8]],
    ['with one disturbed block', [8, 8, 30, 8, 8, 8, 8, 8, 8]],
  ])('%s', (_, costs) => {
    expect(standsStill(blocksOf(...costs), 0)).toBe(true);
  });
});

describe('a cost does not stand still', () => {
  test.each<[string, number[]]>([
    ['of fewer than six blocks', repeat(8, 5)],
    ['while it falls', [500, 400, 300, 250, 200, 150]],
    ['while it falls slowly', Array.from({ length: 300 }, (_, at) => 100 * 0.999 ** at)],
    ['that falls like 1 / time', Array.from({ length: 60 }, (_, at) => 1000 / (at + 1))],
  ])('%s', (_, costs) => {
    expect(standsStill(blocksOf(...costs), 0)).toBe(false);
  });
});

describe('threads', () => {
  test('that have had few operations each are not warm, though the cost stands still', () => {
    const blocks = blocksOf(...repeat(120, 60));
    expect(standsStill(blocks, 10 * OPERATIONS_A_THREAD)).toBe(true);
    expect(standsStill(blocks, 50 * OPERATIONS_A_THREAD)).toBe(false);
  });

  test('are those that did the work', () => {
    expect(servingThreads([...repeat(1000, 50), 20, 0, 0, 3])).toBe(50);
    expect(servingThreads([200_000, 0, 900])).toBe(1);
    expect(servingThreads([])).toBe(0);
  });
});

describe('a warm-up', () => {
  const costs = [500, 250, 100, 24, ...repeat(20, 8)];
  const warming = warmingOf(blocksOf(...costs), 1, 0)!;

  test('has the first cost and the last one', () => {
    expect(warming).toMatchObject({ isWarm: true, coldUs: 500, finalUs: 20, elapsedMs: 2400 });
  });

  test('says when an operation cost at most a quarter more than at the end', () => {
    expect(warming.fastAfterMs).toBe(600);
    expect(warming.fastAfterOperations).toBe(400 + 800 + 2000);
  });

  test('of a server that is fast at once takes no time', () => {
    expect(warmingOf(blocksOf(...repeat(8, 6)), 1, 0)).toMatchObject({ fastAfterMs: 0, coldUs: 8 });
  });

  test('that never ended says so', () => {
    expect(warmingOf(blocksOf(500, 400, 300, 250, 200, 150), 1, 0)!.isWarm).toBe(false);
  });

  test('is none where nothing was answered, or no account is kept', () => {
    expect(warmingOf([], 1, 0)).toBe(null);
    expect(warmingOf([{ operations: 10, elapsedMs: 200, cpuUs: 0 }], 1, 0)).toBe(null);
    expect(warmingOf([{ operations: 0, elapsedMs: 200, cpuUs: 10 }], 1, 0)).toBe(null);
  });

  test.each<[number[], boolean]>([
    [[20, 21, 20], true],
    [[20, 17, 14], false],
    [[20, 19, 18], true],
    [[20, 14, 16], true],
    [[20, 10], true],
    [[], true],
  ])('that was followed by rounds at %j µs was over: %s', (roundsUs, isWarm) => {
    expect(judgedBy(warming, roundsUs)!.isWarm).toBe(isWarm);
  });
});

describe('the load of a warm-up', () => {
  const { shape } = SCENARIOS.find(({ name }) => name === 'idle-10')!;

  test('is that of the scenario where one loop serves all', () => {
    expect(warmingShape(shape, null)).toEqual(shape);
  });

  test('has no silent clients where each of them keeps a thread', () => {
    const limit = { clients: 64, ownNeed: 0, why: '' };
    expect(warmingShape(shape, limit)).toMatchObject({ connections: 20, idle: 0 });
  });
});

test('the cost after a number of operations is that of the blocks around it', () => {
  const blocks = blocksOf(500, 250, 100, 100, 20, 20);
  // Blocks end at 400, 1,200, 3,200, 5,200, 15,200 and 25,200 operations.
  expect(costAfter(blocks, 3200)).toBe(100);
  expect(costAfter(blocks, 25_200)).toBe(20);
  expect(costAfter(blocks, 25_201)).toBe(null);
});
