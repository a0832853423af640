/** One thread of a server, composed: its store's mapping, its service, what its driver is given. */
import { randomBytes, randomInt } from 'node:crypto';
import type { ServerFace } from '../commands/call.ts';
import type { Crew, DriverContext, RequestTrace } from '../drivers/driver.ts';
import { TRANSFERS } from '../drivers/transfer.ts';
import type { Posix } from '../posix/posix.ts';
import { structsOf } from '../posix/structs.ts';
import { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { Store } from '../store/face.ts';
import { VERSION } from '../version.ts';
import { Board, type BoardFiles } from './board.ts';
import { ClientState, Clients } from './clients.ts';
import type { HttpFacts } from './http-pages.ts';
import { infoText } from './info.ts';
import { Log } from './log.ts';
import type { ServerOptions } from './options.ts';
import { createReception, type ReceptionParts } from './reception.ts';
import { ThreadService } from './service.ts';
import { settingsOf } from './settings.ts';
import { type SignalRole, stopOf } from './shutdown.ts';
import { attachStore, type StoreFiles } from './store-files.ts';

/** What a thread is told at its start: plain data, so that it can be sent to a worker. */
export interface ThreadStart {
  readonly options: ServerOptions;
  /** 0 for the thread that started the server. */
  readonly thread: number;
  readonly board: BoardFiles;
  readonly store: StoreFiles;
  /** This thread's listeners, in the order of `options.listen`. */
  readonly listeners: readonly number[];
  /** Whether SIGINT and SIGTERM stop this server, and whether this is the process' main thread. */
  readonly role: SignalRole;
  readonly startedAtMs: number;
  readonly runId: string;
}

export function newRunId(): string {
  return randomBytes(20).toString('hex');
}

/**
 * The driver's context for this thread; `crew` where its mode hands clients over, `requests` where
 * what it asks io_uring for is recorded.
 */
export function composeThread(
  posix: Posix,
  start: ThreadStart,
  crew?: Crew,
  requests?: RequestTrace,
): DriverContext {
  const { options, thread, listeners, role } = start;
  const board = new Board(posix, start.board);
  const out = new ReplyBuffer();
  return {
    posix,
    service: serviceOf(posix, start, board, out),
    listeners,
    transfer: TRANSFERS[options.io](posix),
    stop: stopOf(posix, board, thread, role),
    input: new Uint8Array(INPUT_BYTES),
    out,
    structs: structsOf(posix.layouts),
    outputLimitBytes: options.clientOutputBufferLimitBytes,
    ...(crew === undefined ? {} : { crew }),
    ...(requests === undefined ? {} : { requests }),
  };
}

function serviceOf(posix: Posix, start: ThreadStart, board: Board, out: ReplyBuffer) {
  const { options, thread } = start;
  const log = new Log(options.loglevel);
  const store = attachStore(posix, start.store);
  const clients = new Clients(board);
  const server = faceOf(start, store, board, clients, log);
  const counters = board.countersOf(thread);
  const facts = factsOf(start, board);
  const nobody = new ClientState(clients, posix, 0, -1, 0);
  const parts: ReceptionParts = { options, out, store, server, counters, log, facts, nobody };
  const receptions = options.listen.map(({ protocol }) => createReception(protocol, parts));
  return new ThreadService({ ...parts, posix, clients, board, receptions });
}

function factsOf({ options, startedAtMs }: ThreadStart, board: Board): HttpFacts {
  return {
    version: VERSION,
    mode: options.mode,
    io: options.io,
    databases: options.databases,
    startedAtMs,
    counts: board,
  };
}

function faceOf(
  start: ThreadStart,
  store: Store,
  board: Board,
  clients: Clients,
  log: Log,
): ServerFace {
  const { options, startedAtMs, runId } = start;
  const source = { options, store, board, startedAtMs, runId };
  return {
    databases: options.databases,
    clients: () => clients,
    info: (sections, nowMs) => infoText(source, sections, nowMs),
    config: settingsOf(options, log),
    random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
  };
}

/** One read takes at most this much: a batch of some thousand small requests. */
const INPUT_BYTES = 64 * 1024;
/** randomInt's range is 2^48; this many steps are finer than any use here. */
const RANDOM_STEPS = 2 ** 32;
