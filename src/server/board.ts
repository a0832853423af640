/**
 * What the threads of one server share besides the store: one small memfd, mapped by each of them.
 * Where its parts lie, shared/places.ts says; the words at its beginning are
 *
 *     0  stop flag          5  workers with a client      10  lock of the slow log
 *     1  last client id     6  pause: 0, writes, all      11  lock of the latencies
 *     2  threads that run   7  threads lost so far        12  next entry of the slow log
 *     3  threads so far     8  version of the settings    13  its oldest entry
 *     4  clients handed     9  lock of the settings       14  expiry stands still
 *        over                                            15  the thread that looks for expired
 *                                                            keys, plus 1; 0: none
 *     16, a double: the end of the pause, by the clock of durations (clock.ts)
 *     18, a double: the most bytes that the store has taken
 */
import { performance } from 'node:perf_hooks';
import { GUARD_SLOTS } from '../drivers/driver.ts';
import { FdQueue } from '../drivers/fd-queue.ts';
import type { SharedWords } from '../drivers/semaphore.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { SharedRegion } from '../store/region.ts';
import { COUNTERS } from './counters.ts';
import { createRegionFile, mapRegion } from './region.ts';
import { SharedChanges } from './shared/changes.ts';
import { LatencyMonitor } from './shared/latency.ts';
import { SharedLock } from './shared/lock.ts';
import { Pause } from './shared/pause.ts';
import {
  BOARD_BYTES,
  COUNTERS_AT,
  GUARDS_AT,
  MAXIMUM_THREADS,
  QUEUE_AT,
  QUEUE_CAPACITY,
  THREAD_STATES_AT,
  WHY_AT,
  WHY_BYTES,
} from './shared/places.ts';
import { SlowLog } from './shared/slow-log.ts';
import { Tallies } from './shared/tallies.ts';

const STOP_FLAG = 0;
const LAST_CLIENT_ID = 1;
const THREADS_RUNNING = 2;
const THREADS_STARTED = 3;
const HANDED_OVER = 4;
const BUSY_WORKERS = 5;
const PAUSE_KIND = 6;
const THREADS_LOST = 7;
const SETTINGS_VERSION = 8;
const SETTINGS_LOCK = 9;
const SLOW_LOG_LOCK = 10;
const LATENCY_LOCK = 11;
const SLOW_LOG_NEXT = 12;
const SLOW_LOG_OLDEST = 13;
const EXPIRY_STOPPED = 14;
const EXPIRY_KEEPER = 15;
/** Indices of doubles. */
const PAUSE_UNTIL = 8;
const PEAK_BYTES = 9;

/** What becomes of a thread, or of a process of prefork. It was asked for: it has not run yet. */
export const STARTING = 1;
export const SERVING = 2;
/** It has died, or never came up; it may be begun anew. */
export const LOST = 3;
/** It has done what it was asked for. */
export const ENDED = 4;
/** It runs, and makes ready. */
export const PREPARING = 5;
export type ThreadState =
  | typeof STARTING
  | typeof SERVING
  | typeof LOST
  | typeof ENDED
  | typeof PREPARING;

const HOPEFUL = [SERVING, PREPARING, STARTING] as const;

/**
 * Clients are told of a server once its threads can answer. This long, for all of them, on a
 * machine that has much else to do; those that take longer are not waited for.
 */
export const COMING_UP_MS = 30_000;
/** A signal ends a sleep, but for the one that came just before it. */
const LOOK_UP_MS = 200;

function isComingUp(state: ThreadState | 0): state is typeof STARTING | typeof PREPARING {
  return state === STARTING || state === PREPARING;
}

const STATES = THREAD_STATES_AT / 4;
const WHY = WHY_AT / 4;
const GUARDS = GUARDS_AT / 4;
const GUARDS_END = GUARDS + MAXIMUM_THREADS * GUARD_SLOTS;

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
  readonly #why: Uint8Array;
  readonly #doubles: Float64Array;
  readonly region: SharedRegion;
  readonly changes: SharedChanges;
  readonly latency: LatencyMonitor;
  readonly pause: Pause;
  readonly tallies: Tallies;

  constructor(posix: Posix, files: BoardFiles) {
    const region = mapRegion(posix, files.file, 0, BOARD_BYTES);
    this.#posix = posix;
    this.eventfd = files.eventfd;
    this.#words = region.words;
    this.#why = region.bytes.subarray(WHY_AT + 4, WHY_AT + WHY_BYTES);
    this.#doubles = new Float64Array(region.words.buffer);
    this.#shared = region;
    this.queue = new FdQueue(region, QUEUE_AT / 4, QUEUE_CAPACITY);
    this.region = region;
    this.changes = new SharedChanges(
      region,
      SETTINGS_VERSION,
      new SharedLock(region, SETTINGS_LOCK),
    );
    this.latency = new LatencyMonitor(region, new SharedLock(region, LATENCY_LOCK));
    this.pause = new Pause(this.#words, this.#doubles, PAUSE_KIND, PAUSE_UNTIL);
    this.tallies = new Tallies(region, () => this.threads);
  }

  initialise(): void {
    this.#words.fill(-1, GUARDS, GUARDS_END);
    this.queue.initialise();
  }

  // --- stopping

  /** Asks every thread to stop, whatever it is blocked in. From any thread, any number of times. */
  requestStop(): void {
    Atomics.store(this.#words, STOP_FLAG, 1);
    this.#posix.write(this.eventfd, ONE, 0, ONE.length);
    this.queue.wakeAll();
    for (let index = GUARDS; index < GUARDS_END; index++) {
      const word = Atomics.load(this.#words, index);
      if (word >= 0) this.#shutDown(word);
    }
  }

  /** As the signals' handler does (native/signal.cc). */
  #shutDown(word: number): void {
    const { POLLIN, SHUT_RD, SIGNAL_KEEP_BACKLOG } = this.#posix.constants;
    const fd = word & ~SIGNAL_KEEP_BACKLOG;
    const keeps = fd !== word && this.#posix.poll(new Int32Array([fd, POLLIN]), 1, 0) > 0;
    if (!keeps) this.#posix.shutdown(fd, SHUT_RD);
  }

  get stopRequested(): boolean {
    return Atomics.load(this.#words, STOP_FLAG) !== 0;
  }

  /**
   * Thread `thread` is about to block on this descriptor: a stop is to shut it down. A listener may
   * come with SIGNAL_KEEP_BACKLOG.
   */
  guard(thread: number, slot: number, fd: number): void {
    Atomics.store(this.#words, GUARDS + thread * GUARD_SLOTS + slot, fd);
  }

  // --- threads

  /** A number for a new thread: its guards, its counters. */
  nextThread(): number {
    return Atomics.add(this.#words, THREADS_STARTED, 1);
  }

  /** 0: there is no such thread. */
  stateOf(thread: number): ThreadState | 0 {
    return Atomics.load(this.#words, STATES + thread) as ThreadState | 0;
  }

  /** What is written is told to those who sleep in `waitForState`. */
  setState(thread: number, state: ThreadState): void {
    const before = Atomics.exchange(this.#words, STATES + thread, state);
    if (state === LOST && before !== LOST) Atomics.add(this.#words, THREADS_LOST, 1);
    if (state === LOST) this.leaveExpiry(thread);
    this.#shared.wake(STATES + thread, EVERYBODY);
  }

  /** Sleeps while the thread is in this state, but for `timeoutMs` at most. */
  waitForState(thread: number, state: ThreadState, timeoutMs: number): void {
    this.#shared.wait(STATES + thread, state, timeoutMs);
  }

  /** Sleeps until no thread is coming up any more, or for as long as clients are made to wait. */
  waitUntilUp(givenUp: () => boolean): void {
    const deadlineMs = performance.now() + COMING_UP_MS;
    for (let thread = 0; thread < this.threads; thread++) {
      let state = this.stateOf(thread);
      while (isComingUp(state) && performance.now() < deadlineMs && !givenUp()) {
        this.waitForState(thread, state, LOOK_UP_MS);
        state = this.stateOf(thread);
      }
    }
  }

  /** How many threads are in this state. */
  threadsIn(state: ThreadState): number {
    let count = 0;
    for (let thread = 0; thread < this.threads; thread++) {
      if (this.stateOf(thread) === state) count++;
    }
    return count;
  }

  /** Whether there is a thread that serves, or may yet. */
  get hasHope(): boolean {
    return HOPEFUL.some((state) => this.threadsIn(state) > 0);
  }

  /** Ends the server because no thread serves any more; the first cause is the one that is told. */
  giveUp(why: string): void {
    if (this.givenUp === '') {
      const { written } = new TextEncoder().encodeInto(why, this.#why);
      Atomics.store(this.#words, WHY, written);
    }
    this.requestStop();
  }

  /** Why the server had to end; '' where it did not have to. */
  get givenUp(): string {
    const length = Atomics.load(this.#words, WHY);
    // A copy, because a decoder takes no shared bytes everywhere.
    return new TextDecoder().decode(this.#why.slice(0, length));
  }

  /** How often a thread was lost, whether it was begun anew or not. */
  get threadsLost(): number {
    return Atomics.load(this.#words, THREADS_LOST);
  }

  threadStarted(): void {
    Atomics.add(this.#words, THREADS_RUNNING, 1);
  }

  threadEnded(): void {
    Atomics.sub(this.#words, THREADS_RUNNING, 1);
    this.#shared.wake(THREADS_RUNNING, 1);
  }

  /** Sleeps until every thread has ended, but for `timeoutMs` at most. */
  joinThreads(timeoutMs: number): void {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const running = Atomics.load(this.#words, THREADS_RUNNING);
      if (running === 0) return;
      const leftMs = Math.ceil(deadlineMs - performance.now());
      if (leftMs <= 0) return;
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
    const at = COUNTERS_AT / 8 + thread * COUNTERS;
    return this.#doubles.subarray(at, at + COUNTERS);
  }

  /** One counter, summed over all threads. */
  total(counter: number): number {
    let sum = 0;
    for (let thread = 0; thread < this.threads; thread++) {
      sum += this.#doubles[COUNTERS_AT / 8 + thread * COUNTERS + counter];
    }
    return sum;
  }

  /** Sets one counter of every thread to zero. */
  clear(counter: number): void {
    for (let thread = 0; thread < this.threads; thread++) this.countersOf(thread)[counter] = 0;
  }

  /** Threads that were ever started. */
  get threads(): number {
    return Atomics.load(this.#words, THREADS_STARTED);
  }

  /** SLOWLOG; `most`: slowlog-max-len. */
  slowLog(most: () => number): SlowLog {
    const places = { next: SLOW_LOG_NEXT, oldest: SLOW_LOG_OLDEST };
    return new SlowLog(this.region, places, new SharedLock(this.region, SLOW_LOG_LOCK), most);
  }

  get expiryStopped(): boolean {
    return this.#words[EXPIRY_STOPPED] !== 0;
  }

  set expiryStopped(stopped: boolean) {
    this.#words[EXPIRY_STOPPED] = stopped ? 1 : 0;
  }

  /** Whether it is this thread that looks for expired keys: nobody else does, or it did before. */
  keepExpiry(thread: number): boolean {
    const keeper = Atomics.load(this.#words, EXPIRY_KEEPER);
    if (keeper !== 0) return keeper === thread + 1;
    return Atomics.compareExchange(this.#words, EXPIRY_KEEPER, 0, thread + 1) === 0;
  }

  keepsExpiry(thread: number): boolean {
    return Atomics.load(this.#words, EXPIRY_KEEPER) === thread + 1;
  }

  /** The thread looks no more, or has died. */
  leaveExpiry(thread: number): void {
    Atomics.compareExchange(this.#words, EXPIRY_KEEPER, thread + 1, 0);
  }

  /** The most bytes that the store was ever seen to take. */
  peakBytes(usedBytes: number): number {
    this.#doubles[PEAK_BYTES] = Math.max(this.#doubles[PEAK_BYTES], usedBytes);
    return this.#doubles[PEAK_BYTES];
  }
}

/** What makes an eventfd readable: the number 1 in eight bytes, little-endian. */
const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);
/** As many sleepers as futex can wake. */
const EVERYBODY = 2 ** 31 - 1;
