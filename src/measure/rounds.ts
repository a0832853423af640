/**
 * Scenarios × targets × rounds. The targets of a scenario run side by side, idle but for the one
 * that is measured, and take turns (A B C, C B A, …): what disturbs the machine for a while
 * disturbs all.
 */
import type { Posix } from '../posix/posix.ts';
import type { Pinning } from './affinity.ts';
import { type Cell, opsPerSecond, type Round, summarize } from './cell.ts';
import { Entrant, messageOf } from './entrant.ts';
import type { LoadResult } from './load/job.ts';
import type { Scenario, Shape } from './scenarios.ts';
import { figureOf } from './statistics.ts';
import type { Limit, Target } from './targets/target.ts';
import { judgedBy } from './warmth.ts';
import { isBusy } from './warnings.ts';

export interface Plan {
  readonly targets: readonly Target[];
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly warmUpMs: number;
  /** For so long at most a server is loaded until it is warm; 0: not at all. */
  readonly warmingMs: number;
  /** Of each closed and each open loop. */
  readonly durationMs: number;
  /** Count system calls in runs of their own. */
  readonly strace: boolean;
  /** Share of the slowest target's throughput that is offered to all of them for the latency. */
  readonly loadShare: number;
  readonly pinning: Pinning;
  readonly seed: number;
}

export interface Step {
  readonly done: number;
  readonly total: number;
  readonly what: string;
}

export interface Watcher {
  onStep(step: Step): void;
  /** A scenario is done. */
  onScenario(scenario: Scenario, cells: readonly Cell[]): void;
}

export interface Measurement {
  readonly cells: readonly Cell[];
  /** Why system calls could not be counted; '' where they were, or were not asked for. */
  readonly straceFailure: string;
  readonly interrupted: boolean;
}

/** Never throws for what a target can't do; an aborted signal ends it with what is done so far. */
export async function measure(
  posix: Posix,
  plan: Plan,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Measurement> {
  const run = new Run(posix, plan, watcher, signal);
  return run.all();
}

/** A target within one scenario, with what its rounds gave. */
class Contestant extends Entrant {
  readonly closed: LoadResult[] = [];
  readonly open: LoadResult[] = [];
}

class Run {
  readonly #posix: Posix;
  readonly #plan: Plan;
  readonly #watcher: Watcher;
  readonly #signal: AbortSignal;
  readonly #cells: Cell[] = [];
  #done = 0;
  #straceFailure = '';

  constructor(posix: Posix, plan: Plan, watcher: Watcher, signal: AbortSignal) {
    this.#posix = posix;
    this.#plan = plan;
    this.#watcher = watcher;
    this.#signal = signal;
  }

  async all(): Promise<Measurement> {
    for (const scenario of this.#plan.scenarios) {
      const cells = await this.#scenario(scenario);
      this.#cells.push(...cells);
      this.#watcher.onScenario(scenario, cells);
    }
    return {
      cells: this.#cells,
      straceFailure: this.#straceFailure,
      interrupted: this.#signal.aborted,
    };
  }

  async #scenario(scenario: Scenario): Promise<Cell[]> {
    const entrants = this.#plan.targets.map((target) => new Contestant(target));
    let rate = 0;
    try {
      for (const entrant of entrants) {
        await entrant.start(this.#posix, scenario.shape, this.#plan.pinning, this.#signal);
        await this.#warm(scenario, entrant);
      }
      for (let round = 0; round < this.#plan.rounds; round++) {
        const order = inTurn(entrants, round);
        for (const entrant of order) await this.#closed(scenario, entrant, round);
        if (round === 0) rate = this.#rateFor(entrants);
        for (const entrant of order) await this.#open(scenario, entrant, round, rate);
      }
      for (const entrant of entrants) await this.#count(scenario, entrant);
    } finally {
      await Promise.all(entrants.map((entrant) => entrant.stop()));
    }
    return entrants.map((entrant) => cellOf(scenario, entrant, rate));
  }

  /** Not filled before: that would warm up the one thread that does it, and with it some models. */
  async #warm(scenario: Scenario, entrant: Contestant): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, warming up`);
    const shape = warmingShape(scenario.shape, entrant.target.limit);
    const job = { ...entrant.job(shape, this.#plan), fill: shape.disturbance !== 'none' };
    await entrant.warm(job, this.#plan.warmingMs, this.#signal);
  }

  async #closed(scenario: Scenario, entrant: Contestant, round: number): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, throughput`);
    const job = { ...entrant.job(scenario.shape, this.#plan), fill: round === 0 };
    const result = await entrant.load(job, this.#signal);
    if (result !== null) entrant.closed.push(result);
  }

  async #open(scenario: Scenario, entrant: Contestant, round: number, rate: number): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, latency`);
    if (rate === 0 || entrant.closed.length <= round) return;
    const job = { ...entrant.job(scenario.shape, this.#plan), ratePerSecond: rate };
    const result = await entrant.load(job, this.#signal);
    if (result !== null) entrant.open.push(result);
  }

  /** The same load for everybody, which the slowest can bear. */
  #rateFor(entrants: readonly Contestant[]): number {
    const able = entrants.filter(({ isAble }) => isAble);
    const servers = able.filter(({ target }) => !target.isFloor);
    const peaks = (servers.length > 0 ? servers : able).flatMap(({ closed }) =>
      closed.map(opsPerSecond),
    );
    if (peaks.length === 0) return 0;
    const { median, least } = figureOf(peaks);
    const bearable = Math.max(least, median * SLOWEST_SHARE);
    return Math.max(1, Math.round(bearable * this.#plan.loadShare));
  }

  async #count(scenario: Scenario, entrant: Contestant): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, system calls`);
    if (!this.#plan.strace || this.#straceFailure !== '') return;
    try {
      await entrant.count(entrant.job(scenario.shape, this.#plan), this.#signal);
    } catch (error) {
      if (!this.#signal.aborted) this.#straceFailure = messageOf(error);
    }
  }

  #step(what: string): void {
    const { scenarios, targets, rounds } = this.#plan;
    const total = scenarios.length * targets.length * (2 * rounds + 2);
    this.#watcher.onStep({ done: this.#done++, total, what });
  }
}

/**
 * Where each client keeps a thread, the silent ones keep some, too, and at the next load a busy
 * client may get one of those: all of them are busy while the server becomes warm.
 */
export function warmingShape(shape: Shape, limit: Limit | null): Shape {
  const { connections, idle } = shape;
  return limit === null ? shape : { ...shape, connections: connections + idle, idle: 0 };
}

/** All of them, forwards in even turns and backwards in odd ones: nobody is always the first. */
export function inTurn<T>(all: readonly T[], turn: number): readonly T[] {
  return turn % 2 === 0 ? all : [...all].reverse();
}

function cellOf(scenario: Scenario, entrant: Contestant, rate: number): Cell {
  const rounds: Round[] = entrant.closed.map((closed, index) => ({
    closed,
    open: entrant.open[index] ?? null,
  }));
  const isMeasured = entrant.outcome === 'measured';
  const isNoisy = rounds.some(({ closed }) => isBusy(closed.foreignShare));
  const summary = isMeasured ? summarize(rounds, entrant.syscalls) : null;
  return {
    scenario: scenario.name,
    target: entrant.target.name,
    outcome: isMeasured && rounds.length === 0 ? 'unreached' : entrant.outcome,
    reason: entrant.reason,
    warming: judgedBy(entrant.warming, isNoisy ? [] : (summary?.cpuUs?.values ?? [])),
    rounds,
    syscalls: entrant.syscalls,
    offeredPerSecond: rate,
    summary,
  };
}

/** Who is slower than this share of the others does not set the load for all. */
const SLOWEST_SHARE = 0.25;
