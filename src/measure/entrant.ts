/**
 * A target within one scenario: started, loaded and stopped; what stands in its way is kept as its
 * outcome, and ends nobody else's part.
 */
import type { Posix } from '../posix/posix.ts';
import { type Pinning, pin } from './affinity.ts';
import type { Cell } from './cell.ts';
import type { LoadJob, LoadResult } from './load/job.ts';
import { type RunLoad, runLoad } from './load-process.ts';
import type { Shape } from './scenarios.ts';
import { settle } from './settle.ts';
import { countSyscalls } from './syscalls.ts';
import type { RunningTarget, Target } from './targets/target.ts';
import { shortfallOf } from './unserved.ts';
import { BLOCK_MS, OPERATIONS_A_THREAD, type Warming } from './warmth.ts';

/** What all jobs of a run have in common. */
export interface Timing {
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** For so long at most a server is loaded until it is warm; 0: not at all. */
  readonly warmingMs: number;
  readonly pinning: Pinning;
  readonly seed: number;
}

export class Entrant {
  readonly target: Target;
  running: RunningTarget | null = null;
  outcome: Cell['outcome'] = 'measured';
  reason = '';
  syscalls: Cell['syscalls'] = null;
  warming: Warming | null = null;

  constructor(target: Target) {
    this.target = target;
  }

  /** It runs, and nothing has stood in its way so far. */
  get isAble(): boolean {
    return this.running !== null && this.outcome === 'measured';
  }

  async start(posix: Posix, shape: Shape, pinning: Pinning, signal: AbortSignal): Promise<void> {
    if (this.target.refusal !== '') {
      this.outcome = 'impossible';
      this.reason = this.target.refusal;
      return;
    }
    await this.#guard(signal, async () => {
      this.running = await this.target.start(shape);
      pin(posix, this.running.pids(), pinning.serverCpus);
    });
  }

  /** Runs a load. @returns null where the target can't do it, and notes why. */
  async load(job: LoadJob, signal: AbortSignal, run: RunLoad = runLoad) {
    if (!this.isAble) return null;
    let result: LoadResult | null = null;
    await this.#guard(signal, async () => {
      const found = await run(job, signal);
      await settle(this.running!.pids());
      if (this.#hasDied()) return;
      const shortfall = shortfallOf(found, this.target.limit);
      if (shortfall === null) result = found;
      else Object.assign(this, shortfall);
    });
    return result as LoadResult | null;
  }

  /**
   * Loads it until it is warm, or `mostMs` are over.
   * @returns what its operations cost meanwhile, kept as `warming`; null where that is not known.
   */
  async warm(job: LoadJob, mostMs: number, signal: AbortSignal): Promise<Warming | null> {
    if (mostMs === 0) return null;
    const operationsAThread = this.target.isPrecompiled ? 0 : OPERATIONS_A_THREAD;
    const warming = { blockMs: BLOCK_MS, mostMs, operationsAThread };
    const result = await this.load({ ...job, warming }, signal);
    this.warming = result?.warming ?? null;
    return this.warming;
  }

  /** Counts system calls in a run of its own. @throws where strace can't, or was aborted. */
  async count(job: LoadJob, signal: AbortSignal): Promise<void> {
    if (!this.isAble) return;
    const counted = { ...job, warmUpMs: 0, durationMs: COUNTED_MS };
    await runLoad(counted, signal, async (run) => {
      const { result, counts } = await countSyscalls(this.running!.pids(), run);
      if (result.operations > 0) this.syscalls = { counts, operations: result.operations };
      return result;
    });
  }

  job(shape: Shape, { warmUpMs, durationMs, pinning, seed }: Timing): LoadJob {
    return {
      ...shape,
      host: '127.0.0.1',
      port: this.running?.port ?? 0,
      fill: false,
      ratePerSecond: 0,
      warmUpMs,
      warming: null,
      durationMs,
      maxOperations: MOST_OPERATIONS,
      seed,
      serverPids: this.running?.pids() ?? [],
      serverCpus: pinning.serverCpus,
      cpus: pinning.clientCpus,
    };
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  /** Notes it where the server has ended by itself: what the load saw then is its consequence. */
  #hasDied(): boolean {
    const fate = this.running?.fate() ?? '';
    if (fate !== '') Object.assign(this, { outcome: 'failed', reason: `it ended with ${fate}` });
    return fate !== '';
  }

  async #guard(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      // Who is stopped from outside has not failed.
      if (signal.aborted || this.#hasDied()) return;
      this.outcome = 'failed';
      this.reason = messageOf(error);
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** strace slows a server down some fifty times: enough operations all the same. */
const COUNTED_MS = 300;
/** A bound for whatever the time is: no server answers so many in the longest round. */
const MOST_OPERATIONS = 50_000_000;
