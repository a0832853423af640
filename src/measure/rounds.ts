/**
 * Scenarios × targets × rounds. The targets of a scenario run side by side, idle but for the one
 * that is measured, and take turns (A B C, C B A, …): what disturbs the machine for a while
 * disturbs all.
 */
import type { Posix } from '../posix/posix.ts';
import { type Pinning, pin } from './affinity.ts';
import { type Cell, opsPerSecond, type Round, reasonOf, summarize } from './cell.ts';
import type { LoadJob, LoadResult } from './load/job.ts';
import { runLoad } from './load-process.ts';
import type { Scenario } from './scenarios.ts';
import { settle } from './settle.ts';
import { figureOf } from './statistics.ts';
import { countSyscalls } from './syscalls.ts';
import type { RunningTarget, Target } from './targets/target.ts';

export interface Plan {
  readonly targets: readonly Target[];
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly warmUpMs: number;
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

/** A target within one scenario. */
interface Entrant {
  readonly target: Target;
  running: RunningTarget | null;
  outcome: Cell['outcome'];
  reason: string;
  closed: LoadResult[];
  open: LoadResult[];
  syscalls: Cell['syscalls'];
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
    const entrants = this.#plan.targets.map(entrantOf);
    let rate = 0;
    try {
      for (const entrant of entrants) await this.#start(entrant);
      for (let round = 0; round < this.#plan.rounds; round++) {
        const order = round % 2 === 0 ? entrants : [...entrants].reverse();
        for (const entrant of order) await this.#closed(scenario, entrant, round);
        if (round === 0) rate = this.#rateFor(entrants);
        for (const entrant of order) await this.#open(scenario, entrant, round, rate);
      }
      for (const entrant of entrants) await this.#count(scenario, entrant);
    } finally {
      await Promise.all(entrants.map((entrant) => entrant.running?.stop()));
    }
    return entrants.map((entrant) => cellOf(scenario, entrant, rate));
  }

  async #start(entrant: Entrant): Promise<void> {
    if (entrant.target.refusal !== '') {
      entrant.outcome = 'impossible';
      entrant.reason = entrant.target.refusal;
      return;
    }
    await this.#guard(entrant, async () => {
      entrant.running = await entrant.target.start();
      pin(this.#posix, entrant.running.pids(), this.#plan.pinning.serverCpus);
    });
  }

  async #closed(scenario: Scenario, entrant: Entrant, round: number): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, throughput`);
    const result = await this.#load(entrant, {
      ...this.#job(scenario, entrant),
      fill: round === 0,
    });
    if (result !== null) entrant.closed.push(result);
  }

  async #open(scenario: Scenario, entrant: Entrant, round: number, rate: number): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, latency`);
    if (rate === 0 || entrant.closed.length <= round) return;
    const job = { ...this.#job(scenario, entrant), ratePerSecond: rate };
    const result = await this.#load(entrant, job);
    if (result !== null) entrant.open.push(result);
  }

  /** The same load for everybody, which the slowest can bear. */
  #rateFor(entrants: readonly Entrant[]): number {
    const peaks = entrants.filter(isAble).flatMap(({ closed }) => closed.map(opsPerSecond));
    if (peaks.length === 0) return 0;
    const { median, least } = figureOf(peaks);
    const bearable = Math.max(least, median * SLOWEST_SHARE);
    return Math.max(1, Math.round(bearable * this.#plan.loadShare));
  }

  async #count(scenario: Scenario, entrant: Entrant): Promise<void> {
    this.#step(`${scenario.title}: ${entrant.target.name}, system calls`);
    if (!this.#plan.strace || this.#straceFailure !== '' || !isAble(entrant)) return;
    const job = { ...this.#job(scenario, entrant), warmUpMs: 0, durationMs: COUNTED_MS };
    try {
      await runLoad(job, this.#signal, async (run) => {
        const { result, counts } = await countSyscalls(entrant.running!.pids(), run);
        if (result.operations > 0) entrant.syscalls = { counts, operations: result.operations };
        return result;
      });
    } catch (error) {
      if (!this.#signal.aborted) this.#straceFailure = messageOf(error);
    }
  }

  /** Runs a load. @returns null where the target can't do it, and notes why. */
  async #load(entrant: Entrant, job: LoadJob): Promise<LoadResult | null> {
    if (!isAble(entrant)) return null;
    let result: LoadResult | null = null;
    await this.#guard(entrant, async () => {
      const found = await runLoad(job, this.#signal);
      await settle(entrant.running!.pids());
      const reason = reasonOf(found, entrant.target.limit);
      if (reason === '') result = found;
      else Object.assign(entrant, { outcome: 'impossible', reason });
    });
    return result;
  }

  async #guard(entrant: Entrant, work: () => Promise<void>): Promise<void> {
    if (this.#signal.aborted) return;
    try {
      await work();
    } catch (error) {
      // Who is stopped from outside has not failed.
      if (this.#signal.aborted) return;
      entrant.outcome = 'failed';
      entrant.reason = messageOf(error);
    }
  }

  #job({ shape }: Scenario, { running }: Entrant): LoadJob {
    const { warmUpMs, durationMs, pinning, seed } = this.#plan;
    return {
      ...shape,
      host: '127.0.0.1',
      port: running?.port ?? 0,
      fill: false,
      ratePerSecond: 0,
      warmUpMs,
      durationMs,
      maxOperations: MOST_OPERATIONS,
      seed,
      serverPids: running?.pids() ?? [],
      serverCpus: pinning.serverCpus,
      cpus: pinning.clientCpus,
    };
  }

  #step(what: string): void {
    const { scenarios, targets, rounds } = this.#plan;
    const total = scenarios.length * targets.length * (2 * rounds + 1);
    this.#watcher.onStep({ done: this.#done++, total, what });
  }
}

function entrantOf(target: Target): Entrant {
  return {
    target,
    running: null,
    outcome: 'measured',
    reason: '',
    closed: [],
    open: [],
    syscalls: null,
  };
}

/** It runs, and nothing has stood in its way so far. */
function isAble(entrant: Entrant): boolean {
  return entrant.running !== null && entrant.outcome === 'measured';
}

function cellOf(scenario: Scenario, entrant: Entrant, rate: number): Cell {
  const rounds: Round[] = entrant.closed.map((closed, index) => ({
    closed,
    open: entrant.open[index] ?? null,
  }));
  const isMeasured = entrant.outcome === 'measured';
  return {
    scenario: scenario.name,
    target: entrant.target.name,
    outcome: isMeasured && rounds.length === 0 ? 'unreached' : entrant.outcome,
    reason: entrant.reason,
    rounds,
    syscalls: entrant.syscalls,
    offeredPerSecond: rate,
    summary: isMeasured ? summarize(rounds, entrant.syscalls) : null,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Who is slower than this share of the others does not set the load for all. */
const SLOWEST_SHARE = 0.25;
/** strace slows a server down some fifty times: enough operations all the same. */
const COUNTED_MS = 300;
/** A bound for whatever the time is: no server answers so many in the longest round. */
const MOST_OPERATIONS = 50_000_000;
