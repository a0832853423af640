/** A server off the caller's thread, for a test suite that wants one. */
import { Worker } from 'node:worker_threads';
import { entryFile } from '../paths.ts';
import { type SyscallDetail, SyscallError } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { Board, type BoardFiles, createBoard } from './board.ts';
import { chooseMode, type ModeChoice } from './modes.ts';
import {
  DEFAULT_BIND,
  DEFAULT_OPTIONS,
  defaultPort,
  type Endpoint,
  type ServerOptions,
} from './options.ts';
import type { ProtocolName } from './protocols.ts';
import { WORKER_LIMITS } from './worker-limits.ts';

/** Everything may be left out. `listen` stands for `protocol`, `bind`, `port` and `unixsocket`. */
export interface StartOptions extends Partial<Omit<ServerOptions, 'mode'>> {
  /** Default `epoll`. */
  mode?: ModeChoice;
  /** Default `resp`. */
  protocol?: ProtocolName;
  /** Numeric address; default 127.0.0.1. */
  bind?: string;
  /** Default 6379 (http: 1729); 0 lets the kernel choose one. */
  port?: number;
  /** Path of a UNIX socket, instead of TCP. */
  unixsocket?: string;
}

export interface RunningServer extends AsyncDisposable {
  /** The port of the first endpoint; 0 for a UNIX socket. */
  readonly port: number;
  /** What it listens on, with the ports that were got. */
  readonly endpoints: readonly Endpoint[];
  /**
   * Stops accepting, answers what has been received, closes, joins the threads, frees the memory.
   * May be called several times; rejects where the server has died before.
   */
  close(): Promise<void>;
}

/** What the server's thread is handed. */
export interface ServerThreadStart {
  readonly options: ServerOptions;
  readonly board: BoardFiles;
}

/** What it says: that it listens, or why it can't. An error's class would not survive the way. */
export type ServerThreadMessage =
  | { readonly endpoints: readonly Endpoint[] }
  | { readonly message: string; readonly syscall?: SyscallFailure };

export interface SyscallFailure {
  readonly errno: number;
  readonly name: string;
  readonly detail: SyscallDetail;
}

/** Starts a server on a thread of its own; see `startServer` in index.ts. */
export async function startOnThread(posix: Posix, options: StartOptions): Promise<RunningServer> {
  const files = createBoard(posix);
  const start: ServerThreadStart = { options: resolve(posix, options), board: files };
  // The flags of the calling program (`--input-type`, `--import`) are not meant for this one.
  const worker = new Worker(entryFile('embedded'), {
    ...{ workerData: start, execArgv: [] },
    resourceLimits: WORKER_LIMITS,
  });
  const ended = new Promise<void>((done, fail) => {
    worker.once('error', fail);
    worker.once('exit', () => done());
  }).finally(() => {
    posix.close(files.file);
    posix.close(files.eventfd);
  });
  // close() reports it to its caller; a server that nobody closes must not end the process.
  ended.catch(() => {});
  const endpoints = await listening(worker, ended);
  return new Server(worker, new Board(posix, files), endpoints, ended);
}

class Server implements RunningServer {
  readonly endpoints: readonly Endpoint[];
  readonly #worker: Worker;
  readonly #board: Board;
  readonly #ended: Promise<void>;
  #stopping = false;

  constructor(worker: Worker, board: Board, endpoints: readonly Endpoint[], ended: Promise<void>) {
    this.endpoints = endpoints;
    this.#worker = worker;
    this.#board = board;
    this.#ended = ended;
  }

  get port(): number {
    return this.endpoints[0].port;
  }

  close(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#board.requestStop();
      // The parent of prefork does not block: it listens for messages.
      this.#worker.postMessage('stop');
    }
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Settles only once a failed server's thread has ended: then its descriptors are closed, too. */
function listening(worker: Worker, ended: Promise<void>): Promise<readonly Endpoint[]> {
  let failure = new Error('the server ended before it listened');
  return new Promise((done, fail) => {
    worker.once('message', (message: ServerThreadMessage) => {
      if ('endpoints' in message) done(message.endpoints);
      else failure = errorOf(message);
    });
    ended.then(() => fail(failure), fail);
  });
}

function errorOf({ message, syscall }: { message: string; syscall?: SyscallFailure }): Error {
  if (syscall === undefined) return new Error(message);
  return new SyscallError(syscall.errno, syscall.name, syscall.detail);
}

function resolve(posix: Posix, options: StartOptions): ServerOptions {
  const {
    mode = DEFAULT_OPTIONS.mode,
    protocol = 'resp',
    bind = DEFAULT_BIND,
    port,
    unixsocket = '',
    ...rest
  } = options;
  const endpoint =
    unixsocket === ''
      ? { protocol, bind, port: port ?? defaultPort(protocol), path: '' }
      : { protocol, bind: '', port: 0, path: unixsocket };
  return {
    ...DEFAULT_OPTIONS,
    listen: [endpoint],
    loglevel: 'warning',
    ...rest,
    mode: chooseMode(posix, mode),
  };
}
