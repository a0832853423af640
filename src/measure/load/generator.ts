/**
 * One job, from the first connection to the result. It runs in a process of its own, in one thread
 * that waits in epoll alone: nothing of Node's own loop runs in between.
 */
import type { Posix } from '../../posix/posix.ts';
import { busyMs, type Cost, costBetween, snapshot } from '../account.ts';
import { ThreadAccount } from '../thread-account.ts';
import { type Block, standsStill, warmingOf } from '../warmth.ts';
import { batchesOf } from './batch.ts';
import { disturb, type Tick } from './disturbance.ts';
import { Exchange } from './exchange.ts';
import { type LoadJob, type LoadResult, NOBODY, type Opened } from './job.ts';
import { keysOf } from './keys.ts';
import { openAll } from './opening.ts';
import { ClosedLoop, OpenLoop, type Pace } from './pace.ts';
import { Client, Wire } from './wire.ts';

export class Generator {
  readonly #job: LoadJob;
  readonly #posix: Posix;
  readonly #wire: Wire;
  readonly #all: Client[];
  readonly #active: Client[];
  readonly #exchange: Exchange;
  #idleOpened = NOBODY;
  #activeOpened = NOBODY;
  #disturbing = NOBODY;
  #tick: Tick = () => {};

  constructor(posix: Posix, job: LoadJob) {
    const disturbing = job.disturbance === 'none' ? 0 : 1;
    const count = job.connections + job.idle + disturbing;
    this.#job = job;
    this.#posix = posix;
    this.#wire = new Wire(posix, job.host, job.port);
    this.#all = Array.from({ length: count }, (_, index) => new Client(index));
    this.#active = this.#all.slice(0, job.connections);
    this.#exchange = new Exchange({
      posix,
      wire: this.#wire,
      clients: this.#all,
      batches: batchesOf(job.workload, job.pipeline),
      keys: keysOf(job.workload, job.seed),
      keyCount: job.workload.keys,
      reconnect: job.reconnect,
      seed: job.seed,
    });
  }

  /**
   * Connects all clients: the disturbing client first, then the idle ones, then the active
   * ones.
   * @returns whether all of them were served.
   */
  open(): boolean {
    const { idle, connections, reconnect, disturbance } = this.#job;
    const others = this.#all.slice(connections + idle);
    this.#disturbing = this.#openAll(others);
    if (!isWhole(this.#disturbing)) return false;
    // A heavy command would keep the others from connecting: it begins once they are there.
    const atOnce = others.length > 0 && disturbance !== 'heavy-command';
    if (atOnce) this.#tick = disturb(disturbance, this.#wire, this.#exchange, others[0]);
    const silent = this.#all.slice(connections, connections + idle);
    this.#idleOpened = this.#openAll(silent);
    if (!isWhole(this.#idleOpened)) return false;
    for (const client of silent) this.#wire.ignore(client);
    this.#activeOpened = reconnect
      ? { ...NOBODY, wanted: connections, served: connections }
      : this.#openAll(this.#active);
    return isWhole(this.#activeOpened);
  }

  #openAll(clients: readonly Client[]): Opened {
    const { serverPids } = this.#job;
    return openAll(this.#posix, this.#wire, this.#all, clients, serverPids);
  }

  /** What was found where not everybody was served. */
  incomplete(): LoadResult {
    const { connections, idle } = this.#job;
    return {
      ...this.#counted(0),
      idle: { ...this.#idleOpened, wanted: idle },
      active: { ...this.#activeOpened, wanted: connections },
      complete: false,
    };
  }

  run(): LoadResult {
    const pace = this.#pace();
    if (this.#job.disturbance === 'heavy-command') this.#disturbHeavily();
    pace.begin(performance.now());
    return this.#job.warming === null ? this.#measured(pace) : this.#warmed(pace);
  }

  #measured(pace: Pace): LoadResult {
    const { warmUpMs, durationMs, maxOperations, serverPids, serverCpus } = this.#job;
    for (let part = 0; part < WARM_UP_PARTS; part++) {
      this.#measure(pace);
      this.#runFor(pace, warmUpMs / WARM_UP_PARTS, maxOperations);
    }
    const busyBefore = busyMs(serverCpus);
    const busyBeganMs = performance.now();
    const before = snapshot(serverPids);
    const cpuBefore = process.cpuUsage();
    const beganMs = this.#measure(pace);
    this.#runFor(pace, durationMs, maxOperations);
    this.#awaitAnswer(pace);
    const endedMs = performance.now();
    const { user, system } = process.cpuUsage(cpuBefore);
    const cost = costBetween(before, snapshot(serverPids));
    const elapsedMs = endedMs - beganMs;
    const busy = busyMs(serverCpus) - busyBefore;
    const busyElapsedMs = performance.now() - busyBeganMs;
    return {
      ...this.#counted(elapsedMs),
      unsent: pace.unsent(endedMs),
      cost,
      generatorShare: (user + system) / US_PER_MS / elapsedMs,
      foreignShare: Math.max(0, busy - spentMs(cost)) / busyElapsedMs,
    };
  }

  /** Block after block, until the cost of an operation stands still or the time is up. */
  #warmed(pace: Pace): LoadResult {
    const { mostMs, operationsAThread } = this.#job.warming!;
    const account = new ThreadAccount(this.#job.serverPids);
    const blocks: Block[] = [];
    const beganMs = performance.now();
    let passedMs = 0;
    let least = 0;
    do {
      blocks.push(this.#block(pace, account));
      passedMs = performance.now() - beganMs;
      least = account.serving() * operationsAThread;
    } while (passedMs < mostMs && !standsStill(blocks, least) && !this.#isDeserted);
    this.#awaitAnswer(pace);
    const warming = warmingOf(blocks, account.serving(), least);
    return { ...this.#counted(passedMs), warming };
  }

  /** Slow is a figure as well: the time goes on until there is one answer. */
  #awaitAnswer(pace: Pace): void {
    if (this.#exchange.operations === 0) this.#runFor(pace, SILENT_MS, 1);
  }

  #block(pace: Pace, account: ThreadAccount): Block {
    const { warming, maxOperations } = this.#job;
    const { operations } = this.#exchange;
    const beganMs = performance.now();
    this.#runFor(pace, warming!.blockMs, maxOperations);
    return {
      operations: this.#exchange.operations - operations,
      elapsedMs: performance.now() - beganMs,
      cpuUs: account.spentUs(),
    };
  }

  get #isDeserted(): boolean {
    return this.#exchange.lost >= this.#active.length;
  }

  /** What follows is measured. Returns when that begins. */
  #measure(pace: Pace): number {
    this.#exchange.reset();
    const beganMs = performance.now();
    pace.measure(beganMs);
    return beganMs;
  }

  #disturbHeavily(): void {
    const client = this.#all[this.#all.length - 1];
    this.#tick = disturb('heavy-command', this.#wire, this.#exchange, client);
  }

  /** Closes every connection. */
  end(): void {
    for (const client of this.#all) this.#wire.close(client);
    this.#wire.end();
  }

  #pace(): Pace {
    const { ratePerSecond, pipeline } = this.#job;
    if (ratePerSecond === 0) return new ClosedLoop(this.#exchange, this.#active);
    return new OpenLoop(this.#exchange, this.#active, ratePerSecond, pipeline);
  }

  #runFor(pace: Pace, durationMs: number, maxOperations: number): void {
    const exchange = this.#exchange;
    const endMs = performance.now() + durationMs;
    for (let nowMs = performance.now(); nowMs < endMs; nowMs = performance.now()) {
      if (exchange.operations >= maxOperations || this.#isDeserted) return;
      exchange.turn(Math.min(pace.pump(nowMs), Math.ceil(endMs - nowMs)));
      this.#tick(nowMs);
    }
  }

  #counted(elapsedMs: number): LoadResult & { cost: Cost | null } {
    const counts = this.#active.map((client) => client.operations);
    const { operations, errors, lost, latencies } = this.#exchange;
    return {
      idle: this.#idleOpened,
      active: this.#activeOpened,
      disturbing: this.#disturbing,
      complete: true,
      ...{ operations, elapsedMs, errors, lost },
      starved: counts.filter((count) => count === 0).length,
      least: Math.min(...counts),
      most: Math.max(...counts),
      unsent: 0,
      latency: latencies.summary(),
      cost: null,
      generatorShare: 0,
      foreignShare: 0,
      warming: null,
    };
  }
}

function spentMs(cost: Cost | null): number {
  return cost === null ? Number.POSITIVE_INFINITY : (cost.userUs + cost.systemUs) / US_PER_MS;
}

function isWhole({ wanted, served }: Opened): boolean {
  return served === wanted;
}

/** A server that answers nobody for so much longer than it was to be measured does not answer. */
const SILENT_MS = 15_000;
const US_PER_MS = 1000;
/** As many times it does what it will do when the measuring begins: nothing is new to V8 then. */
const WARM_UP_PARTS = 4;
