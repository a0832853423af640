/**
 * The parent of `prefork`: it opens the listener and the store, starts the processes that serve,
 * and from then on only replaces those that die. The listener and the store's memory go to each
 * child over a UNIX socket with SCM_RIGHTS, so that a child is a process of its own, not a fork of
 * Node (whose other threads a fork would not have).
 *
 * Whatever a machine has too little of for another child, the parent serves on with those that it
 * has, and tries again: later each time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { entryFile } from '../paths.ts';
import { check, errorName } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { structsOf } from '../posix/structs.ts';
import { BackOff, FIRST_MS } from './back-off.ts';
import { Board, COMING_UP_MS, ENDED, LOST, SERVING, STARTING } from './board.ts';
import { CONNECTED_CLIENTS } from './counters.ts';
import { Log } from './log.ts';
import type { ServeParts } from './serve.ts';
import { Roster, type RosterCalls } from './shared/roster.ts';
import type { ThreadStart } from './thread.ts';
import { HEAP_FLAGS } from './worker-limits.ts';

export async function serveByProcesses(parts: ServeParts, start: ThreadStart): Promise<void> {
  const flock = new Flock(parts.posix, start);
  for (let i = 0; i < start.options.threads; i++) flock.add();
  const stopped = Promise.race([stopAsked(parts), flock.stopAsked]);
  try {
    await Promise.race([stopped, flock.up()]);
    parts.ready({ endpoints: start.options.listen, pids: flock.pids, threaded: false });
    await stopped;
  } finally {
    for (const fd of start.listeners) parts.posix.close(fd);
    await flock.stop();
  }
}

/** The parent has an event loop to spare: Node's own signal handling will do. */
function stopAsked({ signals, aborted }: ServeParts): Promise<void> {
  return new Promise((resolve) => {
    aborted.addEventListener('abort', () => resolve());
    if (!signals) return;
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}

/** Room for one process: its number among the threads, the process that has it, the next try. */
interface Place {
  readonly thread: number;
  readonly backOff: BackOff;
  child?: ChildProcess | undefined;
  timer?: NodeJS.Timeout | undefined;
}

class Flock {
  readonly #posix: Posix;
  readonly #start: ThreadStart;
  readonly #board: Board;
  readonly #log: Log;
  readonly #roster: Roster;
  readonly #places: Place[] = [];
  /**
   * A child ended because a client of its asked for the end of the whole server (SHUTDOWN). Rejects
   * where no child has ever come up: then trying again is of no use.
   */
  readonly stopAsked: Promise<void>;
  #askStop: () => void = () => {};
  #giveUp: (why: Error) => void = () => {};
  #stopping = false;
  #everServed = false;

  constructor(posix: Posix, start: ThreadStart) {
    this.#posix = posix;
    this.#start = start;
    this.#board = new Board(posix, start.board);
    this.#log = new Log(start.options.loglevel);
    this.stopAsked = new Promise((resolve, reject) => {
      this.#askStop = resolve;
      this.#giveUp = reject;
    });
    // Only for the rows that dead children leave behind.
    this.#roster = new Roster(this.#board.region, NO_CALLS);
  }

  get pids(): number[] {
    return this.#children.map((child) => child.pid!);
  }

  get #children(): ChildProcess[] {
    return this.#places.flatMap(({ child }) => child ?? []);
  }

  /** One process more. */
  add(): void {
    const place = { thread: this.#board.nextThread(), backOff: new BackOff() };
    this.#places.push(place);
    this.#fill(place);
  }

  /** Until no child is coming up any more, or for as long as clients are made to wait. */
  async up(): Promise<void> {
    const deadlineMs = performance.now() + COMING_UP_MS;
    while (this.#board.threadsIn(STARTING) > 0 && performance.now() < deadlineMs) {
      await pause(LOOK_UP_MS);
    }
  }

  /** Starts the process of a place, or says why that can't be done now. */
  #fill(place: Place): void {
    this.#board.setState(place.thread, STARTING);
    place.backOff.begun();
    try {
      this.#launch(place);
    } catch (error) {
      this.#lost(place, `no child can be started (${(error as Error).message})`);
    }
  }

  #launch(place: Place): void {
    const c = this.#posix.constants;
    const pair = new Int32Array(2);
    check(this.#posix.socketpair(c.AF_UNIX, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0, pair), 'socketpair');
    try {
      const child = spawn(
        process.execPath,
        [...HEAP_FLAGS, entryFile('child'), String(process.pid)],
        {
          stdio: ['ignore', 'inherit', 'inherit', pair[1]],
        },
      );
      this.#watch(child, place);
      // Without a PID nothing was started: 'error' says why.
      if (child.pid === undefined) return;
      place.child = child;
      this.#send(pair[0], { ...this.#start, thread: place.thread });
    } finally {
      this.#posix.close(pair[0]);
      this.#posix.close(pair[1]);
    }
  }

  /** Exactly one of the two events comes, unless a signal can't be sent to it ('error' again). */
  #watch(child: ChildProcess, place: Place): void {
    child.once('exit', (code, signal) => {
      place.child = undefined;
      this.#lost(place, `child ${child.pid} died (${signal ?? `status ${code}`})`);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) this.#lost(place, `no child can be started (${error.message})`);
      else this.#log.warning(`child ${child.pid}: ${error.message}`);
    });
  }

  /** Asks each child to finish what it has received; returns when all have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { timer } of this.#places) clearTimeout(timer);
    const children = this.#children;
    const ends = children.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of children) {
      child.kill('SIGTERM');
      // One that was stopped (SIGSTOP, Ctrl+Z) goes on, to end like the others.
      child.kill('SIGCONT');
    }
    const killing = setTimeout(() => this.#killTheRest(), STOP_MS);
    await Promise.all(ends);
    clearTimeout(killing);
  }

  /** A debugger holds it, or a bug. */
  #killTheRest(): void {
    for (const child of this.#children) {
      this.#log.warning(`child ${child.pid} does not end: killed`);
      child.kill('SIGKILL');
    }
  }

  #lost(place: Place, what: string): void {
    const { thread, backOff } = place;
    if (this.#board.stateOf(thread) === SERVING) this.#everServed = true;
    this.#roster.removeThread(thread);
    this.#letOthersKeep(thread);
    if (this.#board.stopRequested) this.#askStop();
    if (this.#stopping || this.#board.stopRequested) {
      this.#board.setState(thread, ENDED);
      return;
    }
    this.#board.setState(thread, LOST);
    // Its clients went with it; nobody else will count them out.
    this.#board.countersOf(thread)[CONNECTED_CLIENTS] = 0;
    if (this.#hopeless())
      return this.#giveUp(new Error(`no child process serves clients: ${what}`));
    const waitMs = backOff.lost();
    this.#log.warning(
      waitMs === FIRST_MS ? `${what}: replaced` : `${what}: the next one in ${waitMs} ms`,
    );
    place.timer = setTimeout(() => this.#fill(place), waitMs);
  }

  #hopeless(): boolean {
    this.#everServed ||= this.#board.threadsIn(SERVING) > 0;
    return !this.#everServed && this.#board.threadsIn(STARTING) === 0;
  }

  /**
   * It may have been the one that looks for expired keys, and have limited how long an accept4
   * waits (drivers/waits.ts). The replacement looks whether there is anything to look for.
   */
  #letOthersKeep(thread: number): void {
    if (!this.#board.keepsExpiry(thread)) return;
    const { SOL_SOCKET, SO_RCVTIMEO } = this.#posix.constants;
    const forEver = structsOf(this.#posix.layouts).timeoutMs.encode(0);
    for (const fd of this.#start.listeners) {
      this.#posix.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, forEver);
    }
    this.#board.leaveExpiry(thread);
  }

  /** A newborn that has died before (EPIPE), or gets nothing, ends and is replaced then. */
  #send(socket: number, start: ThreadStart): void {
    const c = this.#posix.constants;
    const { board, store, listeners } = start;
    const fds = [...listeners, store!.file, board.file, board.eventfd];
    const text = new TextEncoder().encode(JSON.stringify(start));
    const data = structsOf(this.#posix.layouts).descriptors.encode(fds);
    const message = { iov: [text], control: [{ level: c.SOL_SOCKET, type: c.SCM_RIGHTS, data }] };
    const sent = this.#posix.sendmsg(socket, message, c.MSG_NOSIGNAL);
    if (sent >= 0) return;
    this.#log.warning(`a new child got no descriptors: sendmsg: ${errorName(-sent)}`);
  }
}

/**
 * A child ends within a second of its own; on a busy machine it may get that second late, and its
 * clients would lose their replies if it were killed.
 */
const STOP_MS = 5000;

/** Only while the first children come up, each of which takes some 200 ms of CPU. */
const LOOK_UP_MS = 5;

/** The parent has no clients, and looks at nobody's. */
const NO_CALLS: RosterCalls = {
  process: process.pid,
  thread: -1,
  shutDown: () => {},
  addressesOf: () => ['', ''],
  keepsAddresses: true,
  commandName: () => '',
};
