/** The worker threads of a server, as its main thread starts them and looks after them. */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Crew, Taker } from '../drivers/driver.ts';
import { entryFile } from '../paths.ts';
import type { Posix } from '../posix/posix.ts';
import { BackOff } from './back-off.ts';
import { type Board, LOST, STARTING } from './board.ts';
import type { Log } from './log.ts';
import type { ThreadStart } from './thread.ts';
import { WORKER_LIMITS } from './worker-limits.ts';

/** A worker gets the start of its server, under a number of its own. */
export type WorkerStart = Omit<ThreadStart, 'thread'>;

export interface CrewParts {
  readonly posix: Posix;
  readonly board: Board;
  readonly log: Log;
  readonly start: WorkerStart;
  /** At most so many workers. */
  readonly bound: number;
  /** Whether the process has what one more thread takes. */
  affordable(): boolean;
}

/** One worker: its thread, or when the next try to start one is due. */
interface Member {
  readonly thread: number;
  readonly backOff: BackOff;
  worker?: Worker | undefined;
  /** Filled by a worker that could not load its program; see BOOT. */
  failure: Failure;
  startedAtMs: number;
  /** 0: it is started. */
  dueAtMs: number;
  /** It has come up, and from then on looks after itself; see lifetime.ts. */
  up: boolean;
}

export class WorkerCrew implements Crew {
  readonly #parts: CrewParts;
  readonly #members: Member[] = [];
  /** Members that are not up, and those of them that are not even started. */
  #unsettled = 0;
  #missing = 0;
  readonly #said = new Set<string>();

  constructor(parts: CrewParts) {
    this.#parts = parts;
  }

  idle(): number {
    return this.#started - this.#parts.board.handedOver;
  }

  get #started(): number {
    return this.#members.length - this.#missing;
  }

  get growing(): boolean {
    return this.#members.length < this.#parts.bound;
  }

  handOver(fd: number, givenUp: () => boolean): boolean {
    const { board } = this.#parts;
    board.countHandedOver(1);
    if (board.queue.put(fd, givenUp)) return true;
    board.countHandedOver(-1);
    return false;
  }

  takeBack(): number {
    const { board } = this.#parts;
    const fd = board.queue.take(AT_ONCE);
    if (fd >= 0) board.countHandedOver(-1);
    return fd;
  }

  start(): boolean {
    if (this.#members.length === this.#parts.bound || !this.#parts.affordable()) return false;
    this.#launch(this.#newMember());
    return true;
  }

  /** Starts so many; those that can't be started are tried again later. */
  startAll(count: number): void {
    for (let i = 0; i < count; i++) this.#tryLaunch(this.#newMember());
  }

  #newMember(): Member {
    const member: Member = {
      thread: this.#parts.board.nextThread(),
      backOff: new BackOff(),
      failure: new Failure(),
      startedAtMs: 0,
      dueAtMs: 1,
      up: false,
    };
    this.#members.push(member);
    this.#unsettled++;
    this.#missing++;
    return member;
  }

  #tryLaunch(member: Member): void {
    if (this.#parts.affordable()) return this.#launch(member);
    this.#parts.board.setState(member.thread, LOST);
    member.dueAtMs = performance.now() + member.backOff.lost();
    this.full();
  }

  /**
   * Starts a thread. It comes up by itself while this one blocks in a syscall: what it needs has
   * been handed over with the start, and it reports through the board, not by messages.
   */
  #launch(member: Member): void {
    const { board, start } = this.#parts;
    const { thread } = member;
    const role = { ...start.role, mainThread: false };
    const failure = new Failure();
    const workerData: WorkerData = {
      ...{ ...start, thread, role },
      entry: ENTRY,
      failure: failure.words,
    };
    this.#missing--;
    Object.assign(member, { failure, startedAtMs: performance.now(), dueAtMs: 0 });
    member.backOff.begun();
    board.setState(thread, STARTING);
    board.threadStarted();
    try {
      const worker = new Worker(BOOT, {
        ...{ eval: true, workerData, execArgv: [] },
        resourceLimits: WORKER_LIMITS,
      });
      // What it has to say is said by then; without a listener it would end the process.
      worker.on('error', () => {});
      worker.unref();
      member.worker = worker;
    } catch (error) {
      this.#lost(member, (error as Error).message);
    }
  }

  /**
   * Starts those again that have not come up, once it is time. Returns the milliseconds until it
   * wants to be called again; -1: all are up.
   */
  lookAfter(): number {
    if (this.#unsettled === 0) return -1;
    const waits = this.#members.map((member) => (member.up ? -1 : this.#lookAt(member)));
    if (this.#unsettled === 0) return -1;
    return Math.min(...waits.filter((waitMs) => waitMs >= 0));
  }

  #lookAt(member: Member): number {
    const nowMs = performance.now();
    if (member.dueAtMs > 0) {
      const leftMs = Math.ceil(member.dueAtMs - nowMs);
      if (leftMs > 0) return leftMs;
      this.#tryLaunch(member);
    } else if (this.#parts.board.stateOf(member.thread) !== STARTING) {
      member.up = true;
      this.#unsettled--;
      return -1;
    } else if (member.failure.told !== '') {
      this.#lost(member, member.failure.told);
    } else if (nowMs - member.startedAtMs > LONGEST_START_MS) {
      this.#lost(member, `it has not come up within ${LONGEST_START_MS / 1000} s`);
    }
    return LOOK_UP_MS;
  }

  #lost(member: Member, why: string): void {
    const { board, log } = this.#parts;
    const { thread, backOff } = member;
    void member.worker?.terminate();
    board.threadEnded();
    board.setState(thread, LOST);
    this.#missing++;
    const waitMs = backOff.lost();
    member.dueAtMs = performance.now() + waitMs;
    const what = `thread ${thread} can't be started: ${why}`;
    if (board.hasHope) return log.warning(`${what}; tried again in ${waitMs} ms`);
    log.warning(`${what}; no other thread serves clients: the server ends`);
    board.giveUp(what);
  }

  /** While a client waits and a worker is missing, somebody has to be awake to start it. */
  awaitClient(listener: number): void {
    const { posix, board } = this.#parts;
    const watched = new Int32Array([listener, posix.constants.POLLIN]);
    for (;;) {
      const waitMs = this.lookAfter();
      if (waitMs < 0 || (this.#missing === 0 && board.queue.depth === 0)) return;
      if (posix.poll(watched, 1, waitMs) !== 0) return;
    }
  }

  full(): void {
    const { bound, log } = this.#parts;
    const message =
      this.#started === bound
        ? `all ${bound} threads have a client: the next one waits in the backlog (--threads)`
        : `too few descriptors for more than these ${this.#started} threads (raise: ulimit -n)`;
    if (this.#said.has(message)) return;
    this.#said.add(message);
    log.warning(message);
  }

  waitForDeparture(): void {
    const { board } = this.#parts;
    this.lookAfter();
    const { handedOver } = board;
    if (handedOver >= this.#started) board.waitForDeparture(handedOver, LOOK_UP_MS);
  }
}

/** The queue as a worker has it. */
export function takeFrom(board: Board): Taker {
  return {
    take(givenUp) {
      const fd = board.queue.take(givenUp);
      if (fd >= 0) board.countBusy(1);
      return fd;
    },
    left() {
      board.countBusy(-1);
      board.countHandedOver(-1);
    },
  };
}

/** What BOOT is handed, and the worker's own program after it. */
export interface WorkerData extends ThreadStart {
  readonly entry: string;
  readonly failure: Int32Array;
}

/** What a worker could not be loaded for: a length, and so many UTF-16 units. */
class Failure {
  readonly words = new Int32Array(new SharedArrayBuffer(4 * FAILURE_WORDS));

  get told(): string {
    const length = Atomics.load(this.words, 0);
    return String.fromCharCode(...this.words.subarray(1, 1 + length));
  }
}

const FAILURE_WORDS = 256;
const ENTRY = pathToFileURL(entryFile('worker')).href;
/**
 * A main thread that blocks gets no event of a worker that can't load its program (for want of
 * descriptors, say), and none of that program has run which could say so. So it is loaded by this,
 * for which no file is opened.
 */
const BOOT = `
  const { failure, entry } = require('node:worker_threads').workerData;
  import(entry).catch((error) => {
    const text = String(error && error.message).slice(0, failure.length - 1);
    for (let i = 0; i < text.length; i++) failure[1 + i] = text.charCodeAt(i);
    Atomics.store(failure, 0, text.length);
  });
`;

const AT_ONCE = () => true;

/** Neither a stop nor a descriptor that is free again wakes this sleep: it looks up by itself. */
const LOOK_UP_MS = 200;
/** A busy machine takes some seconds to start a thread, never as long as this. */
const LONGEST_START_MS = 30_000;
