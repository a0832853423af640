/**
 * What a command is given. One `Call` a thread, its fields set anew for each request.
 */
import type { Arguments } from '../protocol/arguments.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Store } from '../store/face.ts';
import type { Command } from './command.ts';

export interface Call {
  /** The request: argument 0 is the command's name. */
  args: Arguments;
  reply: Reply;
  store: Store;
  client: Client;
  server: ServerFace;
  /** Milliseconds since 1970: the one clock read of this turn. */
  nowMs: number;
  /** The row that is being run; `execute` sets it. */
  command: Command | undefined;
}

/** One connection, as commands see and change it. */
export interface Client {
  readonly id: number;
  /** `127.0.0.1:51234`, `[::1]:51234`, or the UNIX socket's path followed by `:0`. */
  readonly address: string;
  readonly localAddress: string;
  readonly fd: number;
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
}

/** The server, as commands see and change it. */
export interface ServerFace {
  readonly databases: number;
  /** Every connection, in the order of their ids. */
  clients(): Iterable<Client>;
  /** INFO's text for these sections (lower-case; empty: the default ones). */
  info(sections: readonly string[], nowMs: number): string;
  config: ConfigFace;
  /** 0 ≤ n < 1. */
  random(): number;
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
