/**
 * What the threads of one server share besides the store: one small memfd, mapped by each of them.
 *
 *     words   0  stop flag          2  threads that run       4  clients that were handed over
 *             1  last client id     3  threads started so far 5  workers that have a client
 *             GUARDS   two descriptors a thread, shut down by a stop (-1: none)
 *             QUEUE    the descriptors handed over to workers
 *     doubles COUNTERS a stretch a thread (counters.ts)
 */
import { GUARD_SLOTS } from '../drivers/driver.ts';
import { FdQueue, queueWords } from '../drivers/fd-queue.ts';
import type { SharedWords } from '../drivers/semaphore.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { COUNTERS } from './counters.ts';
import { createRegionFile, mapRegion } from './region.ts';

const STOP_FLAG = 0;
const LAST_CLIENT_ID = 1;
const THREADS_RUNNING = 2;
const THREADS_STARTED = 3;
const HANDED_OVER = 4;
const BUSY_WORKERS = 5;
const GUARDS = 8;

/** More workers than any machine here has use for; each costs some 8 MB. */
export const MAXIMUM_THREADS = 1024;
/** Descriptors that were accepted and wait for a worker. More wait in the kernel's backlog. */
export const QUEUE_CAPACITY = 1024;

const QUEUE = GUARDS + MAXIMUM_THREADS * GUARD_SLOTS;
const COUNTERS_OFFSET = Math.ceil(((QUEUE + queueWords(QUEUE_CAPACITY)) * 4) / 8) * 8;
const BOARD_BYTES = Math.ceil((COUNTERS_OFFSET + MAXIMUM_THREADS * COUNTERS * 8) / 4096) * 4096;

/** The descriptors of a board: numbers, so that another thread of the process can use them too. */
export interface BoardFiles {
  readonly file: number;
  /** Readable from the moment a stop is asked for: nobody reads it, so every loop sees it. */
  readonly eventfd: number;
}

export function createBoard(posix: Posix): BoardFiles {
  const { EFD_CLOEXEC, EFD_NONBLOCK } = posix.constants;
  const file = createRegionFile(posix, BOARD_BYTES);
  const eventfd = check(posix.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), 'eventfd');
  const files = { file, eventfd };
  new Board(posix, files).initialise();
  return files;
}

export class Board {
  readonly queue: FdQueue;
  readonly eventfd: number;
  readonly #shared: SharedWords;
  readonly #posix: Posix;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;

  constructor(posix: Posix, files: BoardFiles) {
    const region = mapRegion(posix, files.file, 0, BOARD_BYTES);
    this.#posix = posix;
    this.eventfd = files.eventfd;
    this.#words = region.words;
    this.#doubles = new Float64Array(region.words.buffer, COUNTERS_OFFSET);
    this.#shared = region;
    this.queue = new FdQueue(region, QUEUE, QUEUE_CAPACITY);
  }

  initialise(): void {
    this.#words.fill(-1, GUARDS, QUEUE);
    this.queue.initialise();
  }

  // --- stopping

  /** Asks every thread to stop, whatever it is blocked in. From any thread, any number of times. */
  requestStop(): void {
    Atomics.store(this.#words, STOP_FLAG, 1);
    this.#posix.write(this.eventfd, ONE, 0, ONE.length);
    this.queue.wakeAll();
    for (let index = GUARDS; index < QUEUE; index++) {
      const fd = Atomics.load(this.#words, index);
      if (fd >= 0) this.#posix.shutdown(fd, this.#posix.constants.SHUT_RD);
    }
  }

  get stopRequested(): boolean {
    return Atomics.load(this.#words, STOP_FLAG) !== 0;
  }

  /** Thread `thread` is about to block on this descriptor: a stop is to shut it down. */
  guard(thread: number, slot: number, fd: number): void {
    Atomics.store(this.#words, GUARDS + thread * GUARD_SLOTS + slot, fd);
  }

  // --- threads

  /** A number for a new thread: its guards, its counters. */
  nextThread(): number {
    return Atomics.add(this.#words, THREADS_STARTED, 1);
  }

  threadStarted(): void {
    Atomics.add(this.#words, THREADS_RUNNING, 1);
  }

  threadEnded(): void {
    Atomics.sub(this.#words, THREADS_RUNNING, 1);
    this.#shared.wake(THREADS_RUNNING, 1);
  }

  /** Sleeps until every thread has ended; false when `timeoutMs` was not enough. */
  joinThreads(timeoutMs: number): boolean {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const running = Atomics.load(this.#words, THREADS_RUNNING);
      if (running === 0) return true;
      const leftMs = Math.ceil(deadlineMs - performance.now());
      if (leftMs <= 0) return false;
      this.#shared.wait(THREADS_RUNNING, running, leftMs);
    }
  }

  get busyWorkers(): number {
    return Atomics.load(this.#words, BUSY_WORKERS);
  }

  /** Clients that have been handed over to workers and have not left. */
  get handedOver(): number {
    return Atomics.load(this.#words, HANDED_OVER);
  }

  countHandedOver(change: 1 | -1): void {
    Atomics.add(this.#words, HANDED_OVER, change);
    if (change < 0) this.#shared.wake(HANDED_OVER, 1);
  }

  countBusy(change: 1 | -1): void {
    Atomics.add(this.#words, BUSY_WORKERS, change);
  }

  /** Sleeps while this many clients are handed over. */
  waitForDeparture(handedOver: number, timeoutMs: number): void {
    this.#shared.wait(HANDED_OVER, handedOver, timeoutMs);
  }

  // --- clients and counters

  nextClientId(): number {
    return Atomics.add(this.#words, LAST_CLIENT_ID, 1) + 1;
  }

  /** The stretch that thread `thread` counts in. */
  countersOf(thread: number): Float64Array {
    return this.#doubles.subarray(thread * COUNTERS, (thread + 1) * COUNTERS);
  }

  /** One counter, summed over all threads. */
  total(counter: number): number {
    const threads = Atomics.load(this.#words, THREADS_STARTED);
    let sum = 0;
    for (let thread = 0; thread < threads; thread++)
      sum += this.#doubles[thread * COUNTERS + counter];
    return sum;
  }
}

/** What makes an eventfd readable: the number 1 in eight bytes, little-endian. */
const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);
