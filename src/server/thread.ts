/** One thread of a server, composed: its store's mapping, its service, what its driver is given. */
import { randomBytes } from 'node:crypto';
import { TABLE } from '../commands/table.ts';
import type { Crew, DriverContext, RequestTrace } from '../drivers/driver.ts';
import { TRANSFERS } from '../drivers/transfer.ts';
import type { Posix } from '../posix/posix.ts';
import { structsOf } from '../posix/structs.ts';
import { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { SegmentedStore } from '../store/store.ts';
import { VERSION } from '../version.ts';
import type { Board, BoardFiles } from './board.ts';
import { ClientMemory } from './client-memory.ts';
import { addressesOf, ClientState, Clients } from './clients.ts';
import { monotonicMs } from './clock.ts';
import { createFace } from './face.ts';
import { HeldBuffers } from './held-buffers.ts';
import type { HttpFacts } from './http-pages.ts';
import { affordableClients } from './limits.ts';
import { Log } from './log.ts';
import { modeOf } from './modes.ts';
import type { ServerOptions } from './options.ts';
import { createReception, type ReceptionParts } from './reception.ts';
import { ThreadService } from './service.ts';
import { Settings } from './settings.ts';
import { Roster, type RosterCalls } from './shared/roster.ts';
import { type SignalRole, stopOf } from './shutdown.ts';
import { attachStore, openOwnStore, type StoreFiles, usualLimit } from './store-files.ts';

/** The workers, as the thread that starts them has them. */
export interface ThreadCrew extends Crew {
  /** Called with every turn; returns how soon to call again, in milliseconds; -1: not at all. */
  lookAfter(): number;
}

/** What a thread is told at its start: plain data, so that it can be sent to a worker. */
export interface ThreadStart {
  readonly options: ServerOptions;
  /** 0 for the thread that started the server. */
  readonly thread: number;
  readonly board: BoardFiles;
  /** Undefined: there is this thread alone, and it makes a store of its own. */
  readonly store: StoreFiles | undefined;
  /**
   * This thread's listeners, in the order of `options.listen`. A loop beside others opens its own:
   * for it, these are what it shares a UNIX socket with.
   */
  readonly listeners: readonly number[];
  /** Whether SIGINT and SIGTERM stop this server, and whether this is the process' main thread. */
  readonly role: SignalRole;
  readonly startedAtMs: number;
  /** The same by the clock of durations (clock.ts). */
  readonly upSinceMs: number;
  readonly runId: string;
}

export function newRunId(): string {
  return randomBytes(20).toString('hex');
}

/** What a thread has that can't be sent to it. */
export interface ThreadParts {
  /** `start.board`, mapped. */
  readonly board: Board;
  /** `start.store`, where this thread has it open already. */
  readonly store?: SegmentedStore | undefined;
  /** Where its mode hands clients over. */
  readonly crew?: ThreadCrew | undefined;
  /** Where what it asks io_uring for is recorded. */
  readonly requests?: RequestTrace | undefined;
}

/** The driver's context for this thread. */
export function composeThread(posix: Posix, start: ThreadStart, parts: ThreadParts): DriverContext {
  return new ThreadContext(posix, start, parts);
}

/** A class, because V8 reads an object literal with a getter slowly, and drivers read it often. */
class ThreadContext implements DriverContext {
  readonly posix: Posix;
  readonly listeners: readonly number[];
  readonly out = new ReplyBuffer();
  readonly input = new Uint8Array(INPUT_BYTES);
  readonly service: DriverContext['service'];
  readonly transfer: DriverContext['transfer'];
  readonly stop: DriverContext['stop'];
  readonly structs: DriverContext['structs'];
  readonly crew?: Crew;
  readonly requests?: RequestTrace;
  readonly #options: ServerOptions;

  constructor(posix: Posix, start: ThreadStart, parts: ThreadParts) {
    const { options, thread, listeners, role } = start;
    const { board, crew, requests } = parts;
    this.posix = posix;
    this.listeners = listeners;
    this.service = serviceOf(posix, start, parts, this.out);
    this.transfer = TRANSFERS[options.io](posix);
    this.stop = stopOf(posix, board, thread, role);
    this.structs = structsOf(posix.layouts);
    if (crew !== undefined) this.crew = crew;
    if (requests !== undefined) this.requests = requests;
    this.#options = options;
  }

  /** CONFIG SET may change it. */
  get outputLimitBytes(): number {
    return this.#options.clientOutputBufferLimitBytes;
  }
}

function serviceOf(posix: Posix, start: ThreadStart, own: ThreadParts, out: ReplyBuffer) {
  const { board, crew } = own;
  const { options, thread } = start;
  const log = new Log(options.loglevel);
  const store = own.store ?? storeOf(posix, start);
  const roster = new Roster(board.region, rosterCalls(posix, start));
  const clients = new Clients(board, roster);
  const settings = new Settings({
    options,
    log,
    store,
    usualLimitBytes: usualLimit(),
    changes: board.changes,
    affordable: (wanted) => affordableClients(posix, wanted),
  });
  const slowLog = board.slowLog(() => options.slowlogMaxLength);
  const server = createFace({ posix, start, store, board, clients, settings, slowLog });
  const nobody = new ClientState(clients, posix, 0, -1);
  const counters = board.countersOf(thread);
  const parts: ReceptionParts = {
    ...{ options, out, store, server, log, nobody, board, thread, roster, slowLog, counters },
    buffers: new HeldBuffers(posix),
    memory: new ClientMemory({ options, counters, board, roster, log }),
    facts: factsOf(start, board),
  };
  const receptions = options.listen.map((endpoint) => createReception(endpoint, parts));
  return new ThreadService({
    ...parts,
    store,
    posix,
    clients,
    settings,
    receptions,
    crew,
    separate: isSeparate(start),
  });
}

function storeOf(posix: Posix, { options, store }: ThreadStart): SegmentedStore {
  return store === undefined ? openOwnStore(posix, options) : attachStore(posix, store);
}

/** Whether the server's threads are processes, which know nothing of each other's descriptors. */
function isSeparate({ options }: ThreadStart): boolean {
  return modeOf(options.mode).threading === 'processes';
}

function rosterCalls(posix: Posix, start: ThreadStart): RosterCalls {
  return {
    process: process.pid,
    thread: start.thread,
    shutDown(fd) {
      posix.shutdown(fd, posix.constants.SHUT_RDWR);
    },
    addressesOf: (fd) => addressesOf(posix, fd),
    keepsAddresses: isSeparate(start),
    commandName: (number) => NAMES[number],
  };
}

const NAMES = TABLE.rows.map((row) => row.name);

function factsOf({ options, upSinceMs }: ThreadStart, board: Board): HttpFacts {
  return {
    version: VERSION,
    mode: options.mode,
    io: options.io,
    databases: options.databases,
    uptimeMs: () => monotonicMs() - upSinceMs,
    counts: board,
  };
}

/** One read takes at most this much: a batch of some thousand small requests. */
const INPUT_BYTES = 64 * 1024;
