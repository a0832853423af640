/** Composes a server and runs it on the calling thread until it is asked to stop. */
import type { Crew, RequestTrace } from '../drivers/driver.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { SegmentedStore } from '../store/store.ts';
import { Board, type BoardFiles } from './board.ts';
import { monotonicMs } from './clock.ts';
import { WorkerCrew } from './crew.ts';
import { UsageError } from './fatal.ts';
import { affordsThread, lowerClients } from './limits.ts';
import {
  closeListener,
  type Listener,
  type ListenerKind,
  openListener,
  removeFile,
} from './listeners.ts';
import { Log } from './log.ts';
import { type Mode, modeOf } from './modes.ts';
import { DEFAULT_OPTIONS, type Endpoint, type ServerOptions } from './options.ts';
import { serveByProcesses } from './prefork.ts';
import { ignoreHangUp, installSignals } from './shutdown.ts';
import { createStoreFiles, type StoreFiles } from './store-files.ts';
import { composeThread, newRunId, type ThreadStart } from './thread.ts';

/** What a server tells once it listens. */
export interface Ready {
  /** In the order of `options.listen`, with the ports that were got. */
  readonly endpoints: readonly Endpoint[];
  /** Processes that serve: this one, or its children. */
  readonly pids: readonly number[];
  /** Whether more than one thread serves. */
  readonly threaded: boolean;
}

export interface ServeParts {
  readonly posix: Posix;
  readonly options: ServerOptions;
  /** Made by the caller, who may ask for a stop through it. */
  readonly board: BoardFiles;
  /** Whether SIGINT and SIGTERM stop this server: only on a process' main thread. */
  readonly signals: boolean;
  /** Called once the listener listens, before anybody is served. */
  ready(ready: Ready): void;
  /** Told what the calling thread asks io_uring for, where that is recorded. */
  readonly requests?: RequestTrace | undefined;
  /** Aborted when a stop is asked for: for the model whose main thread does not block. */
  readonly aborted: AbortSignal;
}

/**
 * Serves until a stop, and blocks the calling thread meanwhile (but for `prefork`, whose parent
 * only looks after its children). Its other threads have ended then, but for one that is still
 * coming up. Throws SyscallError where the listener can't be had.
 */
export async function serve(parts: ServeParts): Promise<void> {
  const { posix } = parts;
  if (parts.signals) ignoreHangUp(posix);
  const mode = modeOf(parts.options.mode);
  const threads = parts.options.threads || mode.threads;
  refuseImpossible(posix, parts.options, mode);
  const sets = openListeners(posix, parts.options, mode, threads);
  const endpoints = sets[0].map((listener) => listener.endpoint);
  const log = new Log(parts.options.loglevel);
  const options = { ...parts.options, threads, listen: endpoints };
  options.maxclients = lowerClients(posix, options.maxclients, log);
  // A crew's main thread, which only accepts, looks after the store with its workers.
  const alone = mode.threading === 'none' || (mode.threading === 'loops' && threads === 1);
  const processes = mode.threading === 'processes';
  const [store, opened] = alone ? [] : createStore(posix, options, processes, sets);
  const start: ThreadStart = {
    options,
    thread: 0,
    board: parts.board,
    store,
    listeners: sets[0].map((listener) => listener.fd),
    role: { signals: parts.signals, mainThread: parts.signals },
    startedAtMs: Date.now(),
    upSinceMs: monotonicMs(),
    runId: newRunId(),
  };
  try {
    if (processes) await serveByProcesses(parts, start);
    else serveByThreads(parts, start, sets, opened);
  } finally {
    if (store !== undefined) posix.close(store.file);
    for (const listener of sets[0]) removeFile(posix, listener);
  }
}

function serveByThreads(
  parts: ServeParts,
  start: ThreadStart,
  sets: readonly (readonly Listener[])[],
  store: SegmentedStore | undefined,
): void {
  const { posix, signals, requests } = parts;
  const { options } = start;
  const mode = modeOf(options.mode);
  const board = new Board(posix, start.board);
  if (signals) installSignals(posix, board.eventfd);
  board.nextThread();
  const crew = startWorkers(posix, board, mode, start, sets);
  const threaded = mode.threading === 'crew' || options.threads > 1;
  const context = composeThread(posix, start, { board, store, crew, requests });
  board.waitUntilUp(() => context.stop.requested());
  parts.ready({ endpoints: options.listen, pids: [process.pid], threaded });
  mode.driver(context);
  board.requestStop();
  board.joinThreads(signals ? JOIN_MS : JOIN_WITHIN_PROCESS_MS);
}

/** What cannot be done on this machine, or not together, and why. */
function refuseImpossible(posix: Posix, options: ServerOptions, mode: Mode): void {
  const { mode: name, listen, threads, io } = options;
  const refusal = mode.refusal?.(posix) ?? '';
  if (refusal !== '') throw new UsageError(refusal);
  if (mode.ownTransfer === true && io !== DEFAULT_OPTIONS.io) {
    throw new UsageError(
      `--io ${io} can't be had with --mode ${name}, which receives and sends by operations of its own`,
    );
  }
  if (listen.length > 1 && mode.threading !== 'loops') {
    throw new UsageError(
      `--mode ${name} can't have several listeners: its thread blocks in accept4 on one of them, ` +
        'and would not see a client of another (an event loop can: --mode epoll)',
    );
  }
  if (threads > 1 && mode.threading === 'none') {
    throw new UsageError(`--mode ${name} has one thread by its nature: leave --threads out`);
  }
}

/** Where memory for the store can't be had, the listeners go, too. */
function createStore(
  posix: Posix,
  options: ServerOptions,
  processes: boolean,
  sets: readonly (readonly Listener[])[],
): [StoreFiles, SegmentedStore] {
  try {
    return createStoreFiles(posix, options, processes);
  } catch (error) {
    for (const listener of sets.flat()) closeListener(posix, listener);
    throw error;
  }
}

/** A set of listeners for each loop, all on the same addresses; the other models have one set. */
function openListeners(
  posix: Posix,
  options: ServerOptions,
  mode: Mode,
  threads: number,
): Listener[][] {
  const nonBlocking = mode.threading === 'loops';
  const shared = nonBlocking && threads > 1;
  const kind: ListenerKind = { ...options, nonBlocking, shared };
  const sets: Listener[][] = [[]];
  try {
    for (const endpoint of options.listen) sets[0].push(openListener(posix, endpoint, kind));
    for (let i = 1; shared && i < threads; i++) sets.push(anotherSet(posix, sets[0], kind));
    return sets;
  } catch (error) {
    for (const listener of sets.flat()) closeListener(posix, listener);
    throw error;
  }
}

/** A path can be bound once only: on a UNIX socket the loops share the listener itself. */
function anotherSet(posix: Posix, first: readonly Listener[], kind: ListenerKind): Listener[] {
  const { F_DUPFD_CLOEXEC } = posix.constants;
  return first.map((listener) =>
    listener.endpoint.path === ''
      ? openListener(posix, listener.endpoint, kind)
      : { ...listener, fd: check(posix.fcntl(listener.fd, F_DUPFD_CLOEXEC, 0), 'fcntl') },
  );
}

/**
 * Loops all start at once. Of a crew some, the rest as clients come.
 */
function startWorkers(
  posix: Posix,
  board: Board,
  mode: Mode,
  start: ThreadStart,
  sets: readonly (readonly Listener[])[],
): Crew | undefined {
  if (mode.threading === 'none') return undefined;
  const { threads, loglevel } = start.options;
  const affordable = () => affordsThread(posix);
  const crew = new WorkerCrew(board, new Log(loglevel), start, threads, affordable);
  if (mode.threading === 'loops') {
    for (const set of sets.slice(1)) crew.start(set.map((listener) => listener.fd));
    return undefined;
  }
  for (let i = Math.min(threads, mode.startedAhead); i > 0; i--) if (!crew.start()) crew.full();
  return crew;
}

/** With the half second that an event loop drains for, less than the second that is promised. */
const JOIN_MS = 400;
/**
 * Within a process that goes on, a thread that is still coming up must not find its descriptors
 * closed, or their numbers in use for something else: it has all the time that it may ever take.
 */
const JOIN_WITHIN_PROCESS_MS = 30_000;
