/**
 * What a command is given. One `Call` a thread, its fields set anew for each request.
 */
import type { Buffers } from '../bytes/buffers.ts';
import type { Arguments } from '../protocol/arguments.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Store } from '../store/face.ts';
import type { CommandFacts } from './command.ts';
import type { Effects } from './effects.ts';
import type { Transaction } from './transaction.ts';
import type { WatchedKeys } from './watched-keys.ts';

export type Handler = (call: Call) => void;

/** One row of the command table. */
export interface Command extends CommandFacts {
  /** By the lower-case word after the container's. */
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
  readonly handler: Handler;
}

export interface Call {
  /** The request: argument 0 is the command's name. */
  args: Arguments;
  reply: Reply;
  store: Store;
  client: Client;
  server: ServerFace;
  /** For what a connection holds until a later request. */
  buffers: Buffers;
  /** Milliseconds since 1970: the one clock read of this turn. */
  nowMs: number;
  /** The row that is being run; the engine sets it. Undefined for what was refused. */
  command: Command | undefined;
  tally: Tally;
  /** What the command changes, as it is to be told; undefined: nobody is told (effects.ts). */
  effects: Effects | undefined;
  /** EXEC is running: the store is wholly open, and stays so. */
  inTransaction: boolean;
  /** The engine's: runs `args`, whose gates have been passed, in a store that is open (EXEC). */
  runQueued(command: Command): void;
}

/** One connection, as commands see and change it. */
export interface Client {
  readonly id: number;
  /** `127.0.0.1:51234`, `[::1]:51234`, or the UNIX socket's path followed by `:0`. */
  readonly address: string;
  readonly localAddress: string;
  readonly fd: number;
  /** By a clock that nobody can set. */
  readonly connectedAtMs: number;
  lastUsedAtMs: number;
  database: number;
  /** 2 or 3. */
  protocolVersion: number;
  name: string;
  libraryName: string;
  libraryVersion: string;
  /** The last command's row (CLIENT LIST shows its name), undefined before the first. */
  lastCommand: Command | undefined;
  commands: number;
  /** Close once the reply has been sent (QUIT, EXIT). */
  closing: boolean;
  /** It has given the password, or came when there was none. */
  authenticated: boolean;
  /** Since MULTI: what EXEC is to run. */
  transaction: Transaction<Command> | undefined;
  /** Since WATCH: what must not have changed at EXEC. */
  watched: WatchedKeys | undefined;
  /** CLIENT REPLY: one of REPLIES_*. */
  replies: number;
  /** CLIENT NO-EVICT: not to be ended for what its unfinished requests take. */
  noEvict: boolean;
  /** CLIENT NO-TOUCH: reading a key is no use of it. */
  noTouch: boolean;
  /** Its next request waits: for the end of a pause (CLIENT PAUSE). */
  blocked: boolean;
}

/** Replies are sent; not sent; not sent to the next request; not sent to this one. */
export const REPLIES_ON = 0;
export const REPLIES_OFF = 1;
export const REPLIES_SKIP_NEXT = 2;
export const REPLIES_SKIP = 3;

/** A connection of any thread or process, as CLIENT LIST tells of it. */
export interface ClientView {
  readonly id: number;
  readonly address: string;
  readonly localAddress: string;
  readonly fd: number;
  readonly ageMs: number;
  readonly idleMs: number;
  readonly database: number;
  readonly protocolVersion: number;
  readonly name: string;
  readonly libraryName: string;
  readonly libraryVersion: string;
  /** '' before the first one. */
  readonly commandName: string;
  /** Requests queued since MULTI; -1 without it. */
  readonly queued: number;
  /** Bytes of these requests, and of one that has not come whole. */
  readonly queuedBytes: number;
  readonly keptBytes: number;
  readonly watching: boolean;
  readonly noEvict: boolean;
  readonly noTouch: boolean;
  readonly blocked: boolean;
}

/** The server, as commands see and change it. */
export interface ServerFace {
  readonly databases: number;
  /** `requirepass`; '' where none is required. */
  readonly password: string;
  /** Every connection, in the order of their ids. `asker` is shown as it is at this moment. */
  clients(asker: Client): readonly ClientView[];
  /** Ends a connection of any thread; false where there is none of this id. */
  kill(id: number): boolean;
  /** CLIENT PAUSE: for so long no client's requests (or none that write) are run. */
  pause(milliseconds: number, writesOnly: boolean): void;
  unpause(): void;
  /** An orderly stop of the whole server. */
  stop(): void;
  /** INFO's text for these sections (lower-case; empty: the default ones). */
  info(sections: readonly string[], nowMs: number): string;
  memory(): MemoryFacts;
  /** CONFIG RESETSTAT. */
  resetStatistics(): void;
  config: ConfigFace;
  slowLog: SlowLogFace;
  latency: LatencyFace;
  /** Blocks the thread (DEBUG SLEEP). */
  sleep(milliseconds: number): void;
  /** DEBUG SET-ACTIVE-EXPIRE: whether expired keys are looked for. */
  setActiveExpiry(active: boolean): void;
  /** 0 ≤ n < 1. */
  random(): number;
}

/** What MEMORY tells; bytes. */
export interface MemoryFacts {
  readonly usedBytes: number;
  readonly peakBytes: number;
  readonly startupBytes: number;
  readonly clientsBytes: number;
  readonly residentBytes: number;
}

/** CONFIG GET and SET. */
export interface ConfigFace {
  /** Known names, lower-case. */
  names(): Iterable<string>;
  /** The value as CONFIG GET words it. */
  get(name: string): string;
  /** Sets several at once, all or none. Returns the error's text (after `ERR `) or ''. */
  set(pairs: ReadonlyArray<readonly [name: string, value: string]>): string;
}

/** One entry of SLOWLOG. */
export interface SlowEntry {
  readonly id: number;
  /** Seconds since 1970. */
  readonly at: number;
  readonly microseconds: number;
  /** One character a byte. */
  readonly words: readonly string[];
  readonly address: string;
  readonly name: string;
}

export interface SlowLogFace {
  /** The newest first. */
  entries(count: number): readonly SlowEntry[];
  readonly length: number;
  reset(): void;
}

/** What the latency monitor has kept of one kind of event. */
export interface LatencyEvent {
  readonly name: string;
  /** The oldest first: seconds since 1970, and milliseconds that it took. */
  readonly samples: ReadonlyArray<readonly [at: number, milliseconds: number]>;
  readonly worstMs: number;
}

/** How often a command took how long. */
export interface Histogram {
  readonly command: string;
  readonly calls: number;
  /** Calls that took at most so many microseconds: each pair counts the ones before it, too. */
  readonly counts: ReadonlyArray<readonly [microseconds: number, calls: number]>;
}

export interface LatencyFace {
  events(): readonly LatencyEvent[];
  /** Forgets these events, or all; returns how many there were. */
  reset(names: readonly string[]): number;
  histograms(): readonly Histogram[];
}

/** What is counted of commands by one thread: `counts[row.number * TALLY + …]`. */
export interface Tally {
  readonly counts: Float64Array;
}

export const CALLS = 0;
export const MICROSECONDS = 1;
/** Refused before they ran; ended with an error. */
export const REJECTED_CALLS = 2;
export const FAILED_CALLS = 3;
/** Calls that took under 1, 2, 4 … microseconds; the last one counts all that took longer. */
export const HISTOGRAM = 4;
export const HISTOGRAM_STEPS = 28;
/** Counts of one command. */
export const TALLY = HISTOGRAM + HISTOGRAM_STEPS;
