/** Composes a server and runs it on the calling thread until it is asked to stop. */
import type { Crew } from '../drivers/driver.ts';
import type { Posix } from '../posix/posix.ts';
import { Board } from './board.ts';
import { WorkerCrew } from './crew.ts';
import { type Listener, openListener } from './listeners.ts';
import { Log } from './log.ts';
import { type Mode, modeOf } from './modes.ts';
import type { ServerOptions } from './options.ts';
import { installSignals } from './shutdown.ts';
import { createStoreFiles } from './store-files.ts';
import { composeThread, newRunId, type ThreadStart } from './thread.ts';

export interface ServeHooks {
  /** Called once the listener listens, before anybody is served. */
  ready(listener: Listener): void;
}

/**
 * Serves until a stop: SIGINT or SIGTERM where `signals` is true, `Board.requestStop` in any case.
 * Blocks the calling thread. Throws SyscallError where the listener can't be had.
 */
export function serve(
  posix: Posix,
  options: ServerOptions,
  boardFile: number,
  signals: boolean,
  hooks: ServeHooks,
): void {
  const mode = modeOf(options.mode);
  const threads = options.threads || mode.threads;
  const board = new Board(posix, boardFile);
  if (signals) installSignals(posix, board);
  const listeners = openListeners(posix, options, mode, threads);
  options.port = listeners[0].port;
  const start: ThreadStart = {
    options,
    thread: board.nextThread(),
    board: boardFile,
    store: createStoreFiles(posix, options, mode.threading !== 'none' && threads > 1),
    listeners: [listeners[0].fd],
    signals,
    startedAtMs: Date.now(),
    runId: newRunId(),
  };
  const crew = startWorkers(board, mode, threads, start, listeners);
  hooks.ready(listeners[0]);
  mode.driver(composeThread(posix, start, crew));
  board.requestStop();
  board.joinThreads(JOIN_MS);
  if (listeners[0].path !== '') posix.unlink(listeners[0].path);
}

/** One listener, or with several loops one each, on the same address (SO_REUSEPORT). */
function openListeners(
  posix: Posix,
  options: ServerOptions,
  mode: Mode,
  threads: number,
): Listener[] {
  const nonBlocking = mode.threading === 'loops';
  const count = nonBlocking ? threads : 1;
  const first = openListener(posix, options, { nonBlocking, shared: count > 1 });
  const target = { ...options, port: first.port };
  const others = Array.from({ length: count - 1 }, () =>
    openListener(posix, target, { nonBlocking, shared: true }),
  );
  return [first, ...others];
}

/** Loops all start at once. A pool too; thread-per-connection starts its workers as clients come. */
function startWorkers(
  board: Board,
  mode: Mode,
  threads: number,
  start: ThreadStart,
  listeners: readonly Listener[],
): Crew | undefined {
  if (mode.threading === 'none') return undefined;
  const log = new Log(start.options.loglevel);
  const crew = new WorkerCrew(board, log, start, threads);
  if (mode.threading === 'loops') {
    for (const listener of listeners.slice(1)) crew.start([listener.fd]);
    return undefined;
  }
  for (let i = Math.min(threads, mode.startedAhead); i > 0; i--) crew.start();
  return crew;
}

/** What a stop may take in all, less than the second that is promised. */
const JOIN_MS = 900;
