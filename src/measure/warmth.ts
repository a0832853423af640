/**
 * Whether a server is warm. A thread compiles its code while it works: its first operations cost
 * many times what its later ones do, and each thread begins anew. So a server is loaded until what
 * an operation costs stands still; how long that takes is a result of its own.
 */
import { median } from 'simple-statistics';

/** A part of a load, as the server's account has it. */
export interface Block {
  readonly operations: number;
  readonly elapsedMs: number;
  /** CPU time of all its threads and processes. */
  readonly cpuUs: number;
}

export interface Warming {
  /** Whether the cost of an operation stood still before the time was up, and afterwards. */
  readonly isWarm: boolean;
  /** The rounds showed that it had not ended: it was taken for warm on a step of its way. */
  readonly isFalling: boolean;
  /** CPU microseconds an operation in the first block, and in the last third of all blocks. */
  readonly coldUs: number;
  readonly finalUs: number;
  /** Threads that had a part in it: each has to become warm by itself. */
  readonly threads: number;
  /** How long it was loaded, and with how many operations. */
  readonly elapsedMs: number;
  readonly operations: number;
  /** Until an operation cost at most FAST times the final cost. */
  readonly fastAfterMs: number;
  readonly fastAfterOperations: number;
  readonly blocks: readonly Block[];
}

/** Long enough for the scheduler's account, short enough to see a cold start. */
export const BLOCK_MS = 200;
/** Three parts of two blocks each: of fewer, one disturbed block would be a third. */
const FEWEST_BLOCKS = 6;
/**
 * V8 optimizes a function once it has run for some thousand times: before that there are steps on
 * which the cost stands still, too. What a compiler made beforehand has no such steps.
 */
export const OPERATIONS_A_THREAD = 10_000;
/** A thread with less than this share of the mean helps, or does something else. */
const SERVING_SHARE = 0.25;
/** A third that is cheaper by more than this is still becoming so. */
const STILL_FALLING = 0.05;
/** From this multiple of its final cost on a server counts as fast. */
const FAST = 1.25;
/** One block may be disturbed: a cost at one moment is the median with so many on each side. */
const BESIDE = 1;
/** Three rounds, each cheaper than the one before, that gain more than this show a decline. */
const LATER_GAIN = 0.2;
const FEWEST_ROUNDS = 3;

/** How many threads did the work, by what each of them spent. */
export function servingThreads(spentUs: readonly number[]): number {
  const busy = spentUs.filter((us) => us > 0);
  const mean = busy.reduce((all, us) => all + us, 0) / busy.length;
  return busy.filter((us) => us >= mean * SERVING_SHARE).length;
}

/**
 * The last third of the blocks against the third before it. Thirds grow with the time, so a slow
 * decline is seen as well as a quick one, and noise weighs less and less.
 * @param leastOperations of all threads together, before which no cost means anything.
 * @returns whether the cost has stopped falling.
 */
export function standsStill(blocks: readonly Block[], leastOperations: number): boolean {
  if (blocks.length < FEWEST_BLOCKS) return false;
  if (sum(blocks, 'operations') < leastOperations) return false;
  const third = Math.floor(blocks.length / 3);
  const last = costOf(blocks.slice(-third));
  const before = costOf(blocks.slice(-2 * third, -third));
  return last >= before * (1 - STILL_FALLING);
}

/** @returns null where nothing is known: no block, or a platform without an account. */
export function warmingOf(
  blocks: readonly Block[],
  threads: number,
  leastOperations: number,
): Warming | null {
  const costs = blocks.filter(({ operations, cpuUs }) => operations > 0 && cpuUs > 0);
  if (costs.length === 0) return null;
  const finalUs = costOf(costs.slice(-Math.max(1, Math.floor(costs.length / 3))));
  const fast = costs.findIndex((_, at) => costAround(costs, at) <= finalUs * FAST);
  const until = blocks.slice(0, blocks.indexOf(costs[fast < 0 ? costs.length - 1 : fast]));
  return {
    isWarm: standsStill(blocks, leastOperations),
    isFalling: false,
    threads,
    coldUs: costOf(costs.slice(0, 1)),
    finalUs,
    ...{ elapsedMs: sum(blocks, 'elapsedMs'), operations: sum(blocks, 'operations') },
    fastAfterMs: sum(until, 'elapsedMs'),
    fastAfterOperations: sum(until, 'operations'),
    blocks,
  };
}

/**
 * What the rounds after a warm-up say about it: one that went on in them was not over.
 * @param roundsUs what an operation cost in each, on a machine that had little else to do.
 */
export function judgedBy(warming: Warming | null, roundsUs: readonly number[]): Warming | null {
  if (warming === null || roundsUs.length < FEWEST_ROUNDS) return warming;
  const isFalling = roundsUs.every((us, at) => at === 0 || us < roundsUs[at - 1]);
  const hasGained = roundsUs[roundsUs.length - 1] < roundsUs[0] * (1 - LATER_GAIN);
  return isFalling && hasGained ? { ...warming, isWarm: false, isFalling: true } : warming;
}

/** CPU microseconds of an operation after so many of them; null where there were not so many. */
export function costAfter(blocks: readonly Block[], operations: number): number | null {
  let done = 0;
  const at = blocks.findIndex((block) => {
    done += block.operations;
    return done >= operations;
  });
  return at < 0 ? null : costAround(blocks, at);
}

function costAround(blocks: readonly Block[], at: number): number {
  return costOf(blocks.slice(Math.max(0, at - BESIDE), at + BESIDE + 1));
}

/** The median of the blocks' costs. */
function costOf(blocks: readonly Block[]): number {
  return median(blocks.map(({ cpuUs, operations }) => cpuUs / Math.max(1, operations)));
}

function sum(blocks: readonly Block[], field: keyof Block): number {
  return blocks.reduce((all, block) => all + block[field], 0);
}
