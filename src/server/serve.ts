/** Composes a server and runs it on the calling thread until it is asked to stop. */
import type { DriverContext, RequestTrace } from '../drivers/driver.ts';
import type { Posix } from '../posix/posix.ts';
import type { SegmentedStore } from '../store/store.ts';
import { Board, type BoardFiles, SERVING } from './board.ts';
import { monotonicMs } from './clock.ts';
import { WorkerCrew } from './crew.ts';
import { UsageError } from './fatal.ts';
import { live } from './lifetime.ts';
import { affordsThread, lowerClients } from './limits.ts';
import {
  closeListener,
  duplicate,
  type Listener,
  type ListenerKind,
  loopKind,
  openBeside,
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
  const several = mode.threading === 'loops' && threads > 1;
  const kind = { ...loopKind(parts.options, several), nonBlocking: mode.threading === 'loops' };
  const listeners = openListeners(posix, parts.options, kind);
  const endpoints = listeners.map((listener) => listener.endpoint);
  const log = new Log(parts.options.loglevel);
  const options = { ...parts.options, threads, listen: endpoints };
  options.maxclients = lowerClients(posix, options.maxclients, log);
  // A crew's main thread, which only accepts, looks after the store with its workers.
  const alone = mode.threading === 'none' || (mode.threading === 'loops' && !several);
  const processes = mode.threading === 'processes';
  const [store, opened] = alone ? [] : createStore(posix, options, processes, listeners);
  const start: ThreadStart = {
    options,
    thread: 0,
    board: parts.board,
    store,
    listeners: listeners.map((listener) => listener.fd),
    role: { signals: parts.signals, mainThread: parts.signals, acceptsAlone: !processes },
    startedAtMs: Date.now(),
    upSinceMs: monotonicMs(),
    runId: newRunId(),
  };
  try {
    if (processes) await serveByProcesses(parts, start);
    else serveByThreads(parts, start, several, opened);
  } finally {
    if (store !== undefined) posix.close(store.file);
    for (const listener of listeners) removeFile(posix, listener);
  }
}

function serveByThreads(
  parts: ServeParts,
  start: ThreadStart,
  several: boolean,
  store: SegmentedStore | undefined,
): void {
  const { posix, signals, requests } = parts;
  const { options, listeners } = start;
  const mode = modeOf(options.mode);
  const board = new Board(posix, start.board);
  if (signals) installSignals(posix, board.eventfd);
  const thread = board.nextThread();
  // The main thread of a crew only accepts. Others serve, even if no further thread comes up.
  if (mode.threading !== 'crew') board.setState(thread, SERVING);
  const shared = several ? toBeShared(posix, options, listeners) : [];
  try {
    const crew = startWorkers(posix, board, mode, { ...start, listeners: shared });
    const threaded = mode.threading === 'crew' || options.threads > 1;
    const context = composeThread(posix, start, { board, store, crew, requests });
    board.waitUntilUp(() => {
      crew?.lookAfter();
      return context.stop.requested();
    });
    parts.ready({ endpoints: options.listen, pids: [process.pid], threaded });
    if (several) serveBesideOthers(posix, board, { ...start, listeners: shared }, context);
    else mode.driver(context);
  } finally {
    board.requestStop();
    const joinMs = mode.threading === 'crew' ? CREW_JOIN_MS : JOIN_MS;
    board.joinThreads(signals ? joinMs : JOIN_WITHIN_PROCESS_MS);
    for (const fd of shared) if (fd >= 0) posix.close(fd);
  }
  if (board.givenUp !== '') throw new Error(`no thread serves any more: ${board.givenUp}`);
}

/** One loop of several. `context` has its first listeners; if it dies, it opens others. */
function serveBesideOthers(
  posix: Posix,
  board: Board,
  start: ThreadStart,
  context: DriverContext,
): void {
  let { listeners } = context;
  const serve = () => {
    if (listeners.length === 0) listeners = openBeside(posix, start.options, start.listeners);
    Object.assign(context, { listeners });
    listeners = [];
    board.setState(start.thread, SERVING);
    modeOf(start.options.mode).driver(context);
  };
  live({ posix, board, start, serve });
}

/** UNIX sockets, as the loops share them: these outlast each of the loops. -1 for all others. */
function toBeShared(posix: Posix, { listen }: ServerOptions, listeners: readonly number[]) {
  return listen.map(({ path }, i) => (path === '' ? -1 : duplicate(posix, listeners[i])));
}

/** What cannot be done on this machine, or not together, and why. */
function refuseImpossible(posix: Posix, options: ServerOptions, mode: Mode): void {
  const { mode: name, listen, threads, io } = options;
  const refusal = mode.refusal?.(posix) ?? '';
  if (refusal !== '') throw new UsageError(refusal);
  if (mode.ownTransfer === true && io !== DEFAULT_OPTIONS.io) {
    throw new UsageError(
      `--io ${io} does not go with --mode ${name}, which moves bytes by its own operations`,
    );
  }
  if (listen.length > 1 && mode.threading !== 'loops') {
    throw new UsageError(
      `--mode ${name} can't have several listeners: its thread blocks in accept4 on one of them, ` +
        'and would not see a client of another (an event loop can: --mode epoll)',
    );
  }
  if (threads > 1 && mode.threading === 'none') {
    throw new UsageError(`--mode ${name} has always one thread: leave --threads out`);
  }
}

/** Where memory for the store can't be had, the listeners go, too. */
function createStore(
  posix: Posix,
  options: ServerOptions,
  processes: boolean,
  listeners: readonly Listener[],
): [StoreFiles, SegmentedStore] {
  try {
    return createStoreFiles(posix, options, processes);
  } catch (error) {
    for (const listener of listeners) closeListener(posix, listener);
    throw error;
  }
}

/** One for each address, in their order. */
function openListeners(posix: Posix, options: ServerOptions, kind: ListenerKind): Listener[] {
  const listeners: Listener[] = [];
  try {
    for (const endpoint of options.listen) listeners.push(openListener(posix, endpoint, kind));
    return listeners;
  } catch (error) {
    for (const listener of listeners) closeListener(posix, listener);
    throw error;
  }
}

/**
 * Loops all start at once. Of a crew some, the rest as clients come.
 */
function startWorkers(
  posix: Posix,
  board: Board,
  mode: Mode,
  start: ThreadStart,
): WorkerCrew | undefined {
  const { threads, loglevel } = start.options;
  if (mode.threading === 'none' || (mode.threading === 'loops' && threads === 1)) return undefined;
  const crew = new WorkerCrew({
    ...{ posix, board, start, bound: threads, log: new Log(loglevel) },
    affordable: () => affordsThread(posix),
  });
  const crewed = mode.threading === 'crew';
  crew.startAll(crewed ? Math.min(threads, mode.startedAhead) : threads - 1);
  if (crewed && !board.hasHope) {
    throw new Error('no thread can be started: too few descriptors (raise it with ulimit -n)');
  }
  return crew;
}

/** With the half second that an event loop drains for, less than the second that is promised. */
const JOIN_MS = 400;
/** The main thread of a crew has nobody to wait for, and its workers take their half second. */
const CREW_JOIN_MS = 800;
/**
 * Within a process that goes on, a thread that is still coming up must not find its descriptors
 * closed, or their numbers in use for something else: it has all the time that it may ever take.
 */
const JOIN_WITHIN_PROCESS_MS = 30_000;
