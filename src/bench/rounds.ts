/**
 * Cells × rounds × peers. The peers of a cell run side by side, idle but for the one that is
 * loaded, and take turns (A B C, C B A, …). Which load a cell gets is chosen here, once.
 */
import { snapshot } from '../measure/account.ts';
import { opsPerSecond } from '../measure/cell.ts';
import { Entrant, messageOf, type Timing } from '../measure/entrant.ts';
import type { LoadJob, LoadResult } from '../measure/load/job.ts';
import type { RunLoad } from '../measure/load-process.ts';
import { pausesIn } from '../measure/pauses.ts';
import { inTurn, type Step } from '../measure/rounds.ts';
import { figureOf } from '../measure/statistics.ts';
import type { Target } from '../measure/targets/target.ts';
import type { Posix } from '../posix/posix.ts';
import type { BenchCell } from './cells.ts';
import { type PeerResult, resultOf } from './result.ts';

export interface BenchPlan extends Timing {
  readonly cells: readonly { readonly cell: BenchCell; readonly peers: readonly Target[] }[];
  readonly rounds: number;
  /** Not --no-pin. */
  readonly isPinWanted: boolean;
  readonly strace: boolean;
  /** Whose peak the open loops are a share of; where it is not there, the slowest's. */
  readonly standard: string;
  /** null: it is not installed, and the generator does it all. */
  readonly redisBenchmark: RunLoad | null;
}

export interface BenchWatcher {
  onStep(step: Step): void;
  onCell(cell: BenchCell, results: readonly PeerResult[]): void;
}

export interface BenchRun {
  readonly results: readonly PeerResult[];
  readonly straceFailure: string;
}

/** An aborted signal ends it with what is done so far. */
export async function runCells(
  posix: Posix,
  plan: BenchPlan,
  watcher: BenchWatcher,
  signal: AbortSignal,
): Promise<BenchRun> {
  const run = new Run(posix, plan, watcher, signal);
  return run.all();
}

/** So many keys are weighed: fewer are lost in what a server's heap does meanwhile. */
const WEIGHED_KEYS = 1_000_000;
/** The share of a round after which one knows how fast a server is. */
const TRIAL_SHARE = 0.25;
/** Operations of the first trial, of 1 KiB at most each. */
const FIRST_TRIAL = 2000;
/**
 * An open loop is cut into as many parts: a machine that stalls for a millisecond spoils the p99.9
 * of the part that it falls into, and not that of the others.
 */
const OPEN_SLICES = 3;
/** One alone may be disturbed, and everybody's load depends on it. */
const PEAK_TRIALS = 3;
const KIBIBYTE = 1024;
const MS_PER_SECOND = 1000;

/** A peer within one cell. */
class Contestant extends Entrant {
  readonly closed: LoadResult[] = [];
  readonly alone: LoadResult[] = [];
  readonly common: LoadResult[] = [];
  readonly open: { share: number; ratePerSecond: number; rounds: LoadResult[] }[] = [];
  bytesPerKey: number | null = null;
  bytesPerIdle: number | null = null;
  /** Operations a second that it is known to do. */
  rate = 0;
  /** Where its output stood when the measuring began. */
  outputFrom = 0;

  residentBytes(): number {
    return snapshot(this.running?.pids() ?? [])?.residentBytes ?? 0;
  }
}

class Run {
  readonly #posix: Posix;
  readonly #plan: BenchPlan;
  readonly #watcher: BenchWatcher;
  readonly #signal: AbortSignal;
  readonly #results: PeerResult[] = [];
  readonly #total: number;
  #done = 0;
  #straceFailure = '';

  constructor(posix: Posix, plan: BenchPlan, watcher: BenchWatcher, signal: AbortSignal) {
    this.#posix = posix;
    this.#plan = plan;
    this.#watcher = watcher;
    this.#signal = signal;
    const stepsOf = ({ cell, peers }: BenchPlan['cells'][number]) =>
      peers.length * (3 + plan.rounds * loadsOf(cell));
    this.#total = plan.cells.map(stepsOf).reduce((a, b) => a + b, 0);
  }

  async all(): Promise<BenchRun> {
    for (const { cell, peers } of this.#plan.cells) {
      const results = await this.#cell(cell, peers);
      this.#results.push(...results);
      this.#watcher.onCell(cell, results);
    }
    return { results: this.#results, straceFailure: this.#straceFailure };
  }

  async #cell(cell: BenchCell, peers: readonly Target[]): Promise<PeerResult[]> {
    const contestants = peers.map((peer) => new Contestant(peer));
    try {
      for (const one of contestants) await this.#prepare(cell, one);
      await this.#setRates(cell, contestants);
      for (let round = 0; round < this.#plan.rounds; round++) {
        const order = inTurn(contestants, round);
        await this.#round(cell, order);
      }
      for (const one of contestants) await this.#count(cell, one);
      return contestants.map((one) => outcomeOf(cell, one));
    } finally {
      await Promise.all(contestants.map((one) => one.stop()));
    }
  }

  /** Starts it, stores every key, and loads it until it is warm. */
  async #prepare(cell: BenchCell, one: Contestant): Promise<void> {
    this.#step(cell, one, 'filling');
    await one.start(this.#posix, cell.shape, this.#plan.pinning, this.#signal);
    const { workload } = cell.shape;
    const before = one.residentBytes();
    // Keys are stored before SET, too: a faster server would have more new ones to make.
    const filled = { ...workload, mix: ['GET'] as const };
    const job = this.#job(cell, one);
    const isStored = workload.mix.some((operation) => STORED.includes(operation));
    await one.load({ ...job, workload: filled, idle: 0, fill: isStored, ...TOUCH }, this.#signal);
    if (isStored && workload.keys >= WEIGHED_KEYS && one.isAble) {
      one.bytesPerKey = (one.residentBytes() - before) / workload.keys;
    }
    if (cell.shape.idle > 0) await this.#weighIdle(cell, one);
    this.#step(cell, one, 'warming up');
    await one.warm(job, this.#plan.warmingMs, this.#signal);
    if (this.#isCounted(cell)) await this.#calibrate(cell, one);
    one.outputFrom = one.running?.output().length ?? 0;
  }

  /** Before much was asked of it: a heap that has had much to do grows and shrinks by itself. */
  async #weighIdle(cell: BenchCell, one: Contestant): Promise<void> {
    const quiet = { ...this.#job(cell, one), ...TOUCH, ratePerSecond: QUIET_RATE };
    const calm = await one.load({ ...quiet, idle: 0 }, this.#signal);
    const crowded = await one.load(quiet, this.#signal);
    if (!calm?.cost || !crowded?.cost) return;
    one.bytesPerIdle = (crowded.cost.residentBytes - calm.cost.residentBytes) / cell.shape.idle;
  }

  /** redis-benchmark takes a number of requests: how many fill a round? */
  async #calibrate(cell: BenchCell, one: Contestant): Promise<void> {
    const { pipeline, workload } = cell.shape;
    const units = Math.max(1, workload.valueBytes / KIBIBYTE);
    one.rate = (FIRST_TRIAL * pipeline) / units / (this.#plan.durationMs / MS_PER_SECOND);
    for (const share of [1, TRIAL_SHARE]) {
      const trial = await this.#closed(cell, one, share);
      if (trial !== null) one.rate = opsPerSecond(trial);
    }
  }

  /** The same rates for everybody: shares of what the standard does for the same generator. */
  async #setRates(cell: BenchCell, contestants: readonly Contestant[]): Promise<void> {
    if (cell.loadShares.length === 0) return;
    const standard = contestants.filter(({ target }) => target.name === this.#plan.standard);
    const peaks: number[] = [];
    for (const one of standard.some(({ isAble }) => isAble) ? standard : contestants) {
      const peak = await this.#peak(cell, one);
      if (peak !== null) peaks.push(peak);
    }
    if (peaks.length === 0) return;
    const least = Math.min(...peaks);
    for (const one of contestants) {
      for (const share of cell.loadShares) {
        one.open.push({ share, ratePerSecond: Math.round(least * share), rounds: [] });
      }
    }
  }

  /** By the generator, which makes the open loops: redis-benchmark may be full before. */
  async #peak(cell: BenchCell, one: Contestant): Promise<number | null> {
    const trials: number[] = [];
    for (let trial = 0; trial < PEAK_TRIALS; trial++) {
      const result = await one.load(this.#job(cell, one), this.#signal);
      if (result !== null) trials.push(opsPerSecond(result));
    }
    return trials.length === 0 ? null : figureOf(trials).median;
  }

  async #round(cell: BenchCell, order: readonly Contestant[]): Promise<void> {
    if (cell.shape.idle > 0) {
      for (const one of order) await this.#alone(cell, one);
    }
    for (const one of order) {
      this.#step(cell, one, 'throughput');
      keep(one.closed, await this.#closed(cell, one, 1));
    }
    for (const index of cell.loadShares.keys()) {
      for (let slice = 0; slice < OPEN_SLICES; slice++) {
        for (const one of inTurn(order, slice)) await this.#open(cell, one, index);
      }
    }
    if (cell.common && this.#isCounted(cell)) {
      for (const one of order) await this.#common(cell, one);
    }
  }

  #closed(cell: BenchCell, one: Contestant, share: number): Promise<LoadResult | null> {
    const { redisBenchmark, durationMs } = this.#plan;
    const job = this.#job(cell, one);
    if (redisBenchmark === null || !cell.byRedisBenchmark) return one.load(job, this.#signal);
    const maxOperations = Math.ceil((one.rate * durationMs * share) / MS_PER_SECOND);
    return one.load({ ...job, maxOperations }, this.#signal, redisBenchmark);
  }

  async #alone(cell: BenchCell, one: Contestant): Promise<void> {
    this.#step(cell, one, 'without idle ones');
    keep(one.alone, await one.load({ ...this.#job(cell, one), idle: 0 }, this.#signal));
  }

  async #open(cell: BenchCell, one: Contestant, index: number): Promise<void> {
    this.#step(cell, one, 'latency');
    const load = one.open[index];
    if (load === undefined) return;
    const { ratePerSecond, rounds } = load;
    const durationMs = this.#plan.durationMs / OPEN_SLICES;
    const job = { ...this.#job(cell, one), ratePerSecond, durationMs };
    keep(rounds, await one.load(job, this.#signal));
  }

  async #common(cell: BenchCell, one: Contestant): Promise<void> {
    this.#step(cell, one, 'the other load');
    keep(one.common, await one.load(this.#job(cell, one), this.#signal));
  }

  async #count(cell: BenchCell, one: Contestant): Promise<void> {
    this.#step(cell, one, 'system calls');
    if (!this.#plan.strace || this.#straceFailure !== '') return;
    try {
      await one.count(this.#job(cell, one), this.#signal);
    } catch (error) {
      if (!this.#signal.aborted) this.#straceFailure = messageOf(error);
    }
  }

  #isCounted(cell: BenchCell): boolean {
    return this.#plan.redisBenchmark !== null && cell.byRedisBenchmark;
  }

  #job(cell: BenchCell, one: Contestant): LoadJob {
    return one.job(cell.shape, this.#plan);
  }

  #step(cell: BenchCell, one: Contestant, what: string): void {
    const text = `${cell.name}: ${one.target.name}, ${what}`;
    this.#watcher.onStep({ done: this.#done++, total: this.#total, what: text });
  }
}

/** Loads of one peer in one round. */
function loadsOf({ shape, loadShares, common }: BenchCell): number {
  return 1 + loadShares.length * OPEN_SLICES + (shape.idle > 0 ? 1 : 0) + (common ? 1 : 0);
}

function keep(results: LoadResult[], result: LoadResult | null): void {
  if (result !== null) results.push(result);
}

function outcomeOf({ name }: BenchCell, one: Contestant): PeerResult {
  const { closed, alone, common, open, syscalls, bytesPerKey, bytesPerIdle, warming } = one;
  const output = one.running?.output().slice(one.outputFrom) ?? '';
  return resultOf(
    { cell: name, peer: one.target.name, outcome: one.outcome, reason: one.reason },
    {
      ...{ closed, alone, common, open, syscalls, bytesPerKey, bytesPerIdle, warming },
      pauses: one.target.reference ? null : pausesIn(output),
    },
  );
}

/** Requests a second of a load that asks for nothing. */
const QUIET_RATE = 200;
const STORED: readonly string[] = ['SET', 'GET', 'MGET'];
/** A few requests after the keys were stored: long enough to be answered, no measurement. */
const TOUCH = { warmUpMs: 0, durationMs: 100 };
