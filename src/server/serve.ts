/** Composes a server and runs it on the calling thread until it is asked to stop. */
import type { Crew } from '../drivers/driver.ts';
import type { Posix } from '../posix/posix.ts';
import { Board, type BoardFiles } from './board.ts';
import { WorkerCrew } from './crew.ts';
import { type Listener, openListener } from './listeners.ts';
import { Log } from './log.ts';
import { type Mode, modeOf } from './modes.ts';
import type { ServerOptions } from './options.ts';
import { serveByProcesses } from './prefork.ts';
import { installSignals } from './shutdown.ts';
import { createStoreFiles } from './store-files.ts';
import { composeThread, newRunId, type ThreadStart } from './thread.ts';

/** What a server tells while it starts. */
export interface Ready {
  readonly listener: Listener;
  /** Processes that serve: this one, or its children. */
  readonly pids: readonly number[];
  /** Whether more than one thread serves. */
  readonly threaded: boolean;
}

export interface ServeParts {
  readonly posix: Posix;
  /** `port` is set to the one that was got. */
  readonly options: ServerOptions;
  /** Made by the caller, who may ask for a stop through it. */
  readonly board: BoardFiles;
  /** Whether SIGINT and SIGTERM stop this server: only on a process' main thread. */
  readonly signals: boolean;
  /** Called once the listener listens, before anybody is served. */
  ready(ready: Ready): void;
  /** Aborted when a stop is asked for: for the model whose main thread does not block. */
  readonly aborted: AbortSignal;
}

/**
 * Serves until a stop, and blocks the calling thread meanwhile (but for `prefork`, whose parent only
 * looks after its children). Throws SyscallError where the listener can't be had.
 */
export async function serve(parts: ServeParts): Promise<void> {
  const { posix, options } = parts;
  const mode = modeOf(options.mode);
  const threads = options.threads || mode.threads;
  const board = new Board(posix, parts.board);
  const listeners = openListeners(posix, options, mode, threads);
  options.port = listeners[0].port;
  const store = createStoreFiles(posix, options, mode.threading !== 'none' && threads > 1);
  const start: ThreadStart = {
    options,
    thread: 0,
    board: parts.board,
    store,
    listeners: [listeners[0].fd],
    role: { signals: parts.signals, mainThread: parts.signals },
    startedAtMs: Date.now(),
    runId: newRunId(),
  };
  try {
    if (mode.threading === 'processes') await serveByProcesses(parts, start, threads, listeners[0]);
    else serveByThreads(parts, start, board, threads, listeners);
  } finally {
    posix.close(store.file);
    if (listeners[0].path !== '') posix.unlink(listeners[0].path);
  }
}

function serveByThreads(
  parts: ServeParts,
  start: ThreadStart,
  board: Board,
  threads: number,
  listeners: readonly Listener[],
): void {
  const { posix, options, signals } = parts;
  const mode = modeOf(options.mode);
  if (signals) installSignals(posix, board.eventfd);
  board.nextThread();
  const crew = startWorkers(board, mode, threads, start, listeners);
  const threaded = mode.threading === 'crew' || threads > 1;
  parts.ready({ listener: listeners[0], pids: [process.pid], threaded });
  mode.driver(composeThread(posix, start, crew));
  board.requestStop();
  board.joinThreads(JOIN_MS);
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
  const crew = new WorkerCrew(board, new Log(start.options.loglevel), start, threads);
  if (mode.threading === 'loops') {
    for (const listener of listeners.slice(1)) crew.start([listener.fd]);
    return undefined;
  }
  for (let i = Math.min(threads, mode.startedAhead); i > 0; i--) crew.start();
  return crew;
}

/** What a stop may take in all, less than the second that is promised. */
const JOIN_MS = 900;
