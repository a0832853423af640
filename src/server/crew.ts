/** The worker threads of a server, as its main thread starts them and waits for them. */
import { Worker } from 'node:worker_threads';
import type { Crew, Taker } from '../drivers/driver.ts';
import { entryFile } from '../paths.ts';
import { type Board, STARTING } from './board.ts';
import type { Log } from './log.ts';
import type { ThreadStart } from './thread.ts';
import { WORKER_LIMITS } from './worker-limits.ts';

/** A worker gets the start of its server, under a number of its own. */
export type WorkerStart = Omit<ThreadStart, 'thread'>;

export class WorkerCrew implements Crew {
  readonly #board: Board;
  readonly #log: Log;
  readonly #start: WorkerStart;
  readonly #bound: number;
  readonly #affordable: () => boolean;
  #started = 0;
  readonly #said = new Set<string>();

  /** At most `bound` workers; fewer where `affordable` says no. */
  constructor(
    board: Board,
    log: Log,
    start: WorkerStart,
    bound: number,
    affordable: () => boolean,
  ) {
    this.#affordable = affordable;
    this.#board = board;
    this.#log = log;
    this.#start = start;
    this.#bound = bound;
  }

  idle(): number {
    return this.#started - this.#board.handedOver;
  }

  get growing(): boolean {
    return this.#started < this.#bound;
  }

  handOver(fd: number, givenUp: () => boolean): boolean {
    this.#board.countHandedOver(1);
    if (this.#board.queue.put(fd, givenUp)) return true;
    this.#board.countHandedOver(-1);
    return false;
  }

  /**
   * Starts a thread. It comes up by itself while this one blocks in a syscall: what it needs has
   * been handed over with the start, and it reports through the board, not by messages.
   */
  start(listeners: readonly number[] = this.#start.listeners): boolean {
    if (this.#started === this.#bound || !this.#affordable()) return false;
    this.#started++;
    const thread = this.#board.nextThread();
    const role = { ...this.#start.role, mainThread: false };
    const start: ThreadStart = { ...this.#start, thread, listeners, role };
    this.#board.setState(thread, STARTING);
    this.#board.threadStarted();
    const worker = new Worker(entryFile('worker'), {
      workerData: start,
      resourceLimits: WORKER_LIMITS,
    });
    worker.unref();
    return true;
  }

  full(): void {
    const message =
      this.#started === this.#bound
        ? `all ${this.#bound} threads have a client: the next one waits in the backlog (--threads)`
        : `too few descriptors for more than these ${this.#started} threads (ulimit -n)`;
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#log.warning(message);
  }

  waitForDeparture(): void {
    const handedOver = this.#board.handedOver;
    if (handedOver >= this.#started) this.#board.waitForDeparture(handedOver, LOOK_UP_MS);
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

/** Neither a stop nor a descriptor that is free again wakes this sleep: it looks up by itself. */
const LOOK_UP_MS = 200;
