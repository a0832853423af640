/**
 * The parent of `prefork`: it opens the listener and the store, starts the processes that serve,
 * and from then on only replaces those that die. The listener and the store's memory go to each
 * child over a UNIX socket with SCM_RIGHTS, so that a child is a process of its own, not a fork of
 * Node (whose other threads a fork would not have).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { entryFile } from '../paths.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { structsOf } from '../posix/structs.ts';
import { Board } from './board.ts';
import { CONNECTED_CLIENTS } from './counters.ts';
import { Log } from './log.ts';
import type { ServeParts } from './serve.ts';
import { Roster, type RosterCalls } from './shared/roster.ts';
import type { ThreadStart } from './thread.ts';

export async function serveByProcesses(parts: ServeParts, start: ThreadStart): Promise<void> {
  const flock = new Flock(parts.posix, start);
  for (let i = 0; i < start.options.threads; i++) flock.add();
  const stopped = Promise.race([stopAsked(parts), flock.stopAsked]);
  parts.ready({ endpoints: start.options.listen, pids: flock.pids, threaded: false });
  await stopped;
  for (const fd of start.listeners) parts.posix.close(fd);
  await flock.stop();
}

/** The parent has an event loop to spare: Node's own signal handling will do. */
function stopAsked({ signals, aborted }: ServeParts): Promise<void> {
  return new Promise((resolve) => {
    aborted.addEventListener('abort', () => resolve());
    if (!signals) return;
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
}

class Flock {
  readonly #posix: Posix;
  readonly #start: ThreadStart;
  readonly #board: Board;
  readonly #log: Log;
  readonly #roster: Roster;
  readonly #children = new Set<ChildProcess>();
  /** A child ended because a client of its asked for the end of the whole server (SHUTDOWN). */
  readonly stopAsked: Promise<void>;
  #askStop: () => void = () => {};
  #stopping = false;

  constructor(posix: Posix, start: ThreadStart) {
    this.#posix = posix;
    this.#start = start;
    this.#board = new Board(posix, start.board);
    this.#log = new Log(start.options.loglevel);
    this.stopAsked = new Promise((resolve) => {
      this.#askStop = resolve;
    });
    // Only for the rows that dead children leave behind.
    this.#roster = new Roster(this.#board.region, NO_CALLS);
  }

  get pids(): number[] {
    return [...this.#children].map((child) => child.pid ?? 0);
  }

  /** Starts one process; `thread` is its place on the board, a dead one's when it is replaced. */
  add(thread = this.#board.nextThread()): void {
    const c = this.#posix.constants;
    const pair = new Int32Array(2);
    check(this.#posix.socketpair(c.AF_UNIX, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0, pair), 'socketpair');
    const stdio = ['ignore', 'inherit', 'inherit', pair[1]] as const;
    const child = spawn(process.execPath, [entryFile('child'), String(process.pid)], {
      stdio: [...stdio],
    });
    this.#posix.close(pair[1]);
    this.#send(pair[0], { ...this.#start, thread });
    this.#posix.close(pair[0]);
    this.#children.add(child);
    child.once('exit', (code, signal) => this.#lost(child, thread, signal ?? `status ${code}`));
  }

  /** Asks each child to finish what it has received; returns when all have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const ends = [...this.#children].map(
      (child) => new Promise((resolve) => child.once('exit', resolve)),
    );
    for (const child of this.#children) child.kill('SIGTERM');
    await Promise.all(ends);
  }

  #lost(child: ChildProcess, thread: number, how: string): void {
    this.#children.delete(child);
    this.#roster.removeThread(thread);
    if (this.#board.stopRequested) this.#askStop();
    if (this.#stopping || this.#board.stopRequested) return;
    // Its clients went with it; nobody else will count them out.
    this.#board.countersOf(thread)[CONNECTED_CLIENTS] = 0;
    this.#log.warning(`child ${child.pid} died (${how}): replaced`);
    setTimeout(() => this.#replace(thread), REPLACE_AFTER_MS);
  }

  #replace(thread: number): void {
    if (!this.#stopping) this.add(thread);
  }

  #send(socket: number, start: ThreadStart): void {
    const c = this.#posix.constants;
    const { board, store, listeners } = start;
    const fds = [...listeners, store!.file, board.file, board.eventfd];
    const text = new TextEncoder().encode(JSON.stringify(start));
    const data = structsOf(this.#posix.layouts).descriptors.encode(fds);
    const message = { iov: [text], control: [{ level: c.SOL_SOCKET, type: c.SCM_RIGHTS, data }] };
    check(this.#posix.sendmsg(socket, message, c.MSG_NOSIGNAL), 'sendmsg');
  }
}

/** A child that dies at its start would otherwise be replaced as fast as processes can be made. */
const REPLACE_AFTER_MS = 100;

/** The parent has no clients, and looks at nobody's. */
const NO_CALLS: RosterCalls = {
  process: process.pid,
  thread: -1,
  shutDown: () => {},
  addressesOf: () => ['', ''],
  keepsAddresses: true,
  commandName: () => '',
};
