/** What a server can be told, with Redis' names where Redis has the setting too. */
import type { TransferName } from '../drivers/transfer.ts';
import { POLICIES, type PolicyName } from '../store/policies.ts';
import type { ModeName } from './modes.ts';
import type { ProtocolName } from './protocols.ts';

export { POLICIES, type PolicyName };

/** Something to listen on, and what is spoken there. */
export interface Endpoint {
  readonly protocol: ProtocolName;
  /** Numeric IPv4 or IPv6 address. */
  readonly bind: string;
  /** TCP port; 0 lets the kernel choose one. */
  readonly port: number;
  /** Path of a UNIX socket, instead of TCP; '' for none. */
  readonly path: string;
}

export interface ServerOptions {
  /** The I/O model. */
  mode: ModeName;
  /** Which pair of calls moves a connection's bytes, by the name of the receiving one. */
  io: TransferName;
  /** Threads that serve; 0: as many as the mode has by default. */
  threads: number;
  /** At least one; several in the modes that have an event loop. */
  listen: readonly Endpoint[];
  /** Permissions of a UNIX socket, as chmod(2) has them; 0: as umask says. */
  unixsocketperm: number;
  /** How many connected clients the kernel keeps until they are accepted (listen(2)). */
  tcpBacklog: number;
  /** Seconds of silence before TCP asks whether the client is still there; 0: never. */
  tcpKeepaliveSeconds: number;
  /** Clients at one time; the next one gets an error and is closed. */
  maxclients: number;
  /** Seconds without a request after which a client is closed; 0: never. */
  timeoutSeconds: number;
  /** Seconds without a byte in the middle of a request after which a client is closed; 0: never. */
  requestTimeoutSeconds: number;
  /** Bytes of an unfinished request that are kept for a client, at most. */
  clientQueryBufferLimitBytes: number;
  /** Bytes of one argument, at most. */
  protoMaxBulkBytes: number;
  /** Bytes of replies that a client has not taken, at most. */
  clientOutputBufferLimitBytes: number;
  /** Bytes of all clients' unfinished requests, at most; 0: USUAL_CLIENTS_BYTES. */
  maxmemoryClientsBytes: number;
  /** The HTTP server of the first chapter: one request, one response, close. */
  httpClose: boolean;
  /** Names that the HTTP server may be asked by, besides localhost and its addresses. */
  httpHosts: readonly string[];
  /** Logical databases for SELECT. */
  databases: number;
  /** Bytes the store may take, its tables included; 0: as much as half of the machine has. */
  maxmemoryBytes: number;
  /** What goes when memory is short. */
  maxmemoryPolicy: PolicyName;
  /** Entries that a policy chooses among. */
  maxmemorySamples: number;
  /** How seldom a counter of uses rises, and after how many minutes it falls (LFU). */
  lfuLogFactor: number;
  lfuDecayMinutes: number;
  /** The password that clients have to give (AUTH); '' for none. */
  requirepass: string;
  /** Without a password, only clients of this machine are served. */
  protectedMode: boolean;
  /** Microseconds from which on a request is kept in the slow log; -1: none is. */
  slowlogMicroseconds: number;
  slowlogMaxLength: number;
  /** Milliseconds from which on the latency monitor keeps an event; 0: it keeps none. */
  latencyThresholdMs: number;
  loglevel: LogLevel;
  /** File that the server's own system calls are recorded into; '' for none. */
  trace: string;
}

/** From the most to the least talkative, as in redis.conf. */
export const LOG_LEVELS = ['debug', 'verbose', 'notice', 'warning'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULT_BIND = '127.0.0.1';

/** Redis' port, but for HTTP: there it is 1729, the taxicab number, as in the textbook. */
export function defaultPort(protocol: ProtocolName): number {
  return protocol === 'http' ? 1729 : 6379;
}

/** Redis' own defaults where it has them; each other one gives its reason. */
export const DEFAULT_OPTIONS: Readonly<ServerOptions> = {
  mode: 'epoll',
  io: 'recvmsg',
  threads: 0,
  listen: [{ protocol: 'resp', bind: DEFAULT_BIND, port: 6379, path: '' }],
  unixsocketperm: 0,
  tcpBacklog: 511,
  tcpKeepaliveSeconds: 300,
  maxclients: 10_000,
  timeoutSeconds: 0,
  // Redis waits for ever for the rest of a request; a client that stopped there holds memory, and
  // in the blocking models a thread.
  requestTimeoutSeconds: 60,
  // Positions within a request are 32-bit: Redis' 1 GiB fits.
  clientQueryBufferLimitBytes: 1024 ** 3,
  protoMaxBulkBytes: 512 * 1024 ** 2,
  // Redis has no limit for normal clients; a value of the largest size twice over passes this one.
  clientOutputBufferLimitBytes: 1024 ** 3,
  maxmemoryClientsBytes: 0,
  httpClose: false,
  httpHosts: [],
  databases: 16,
  maxmemoryBytes: 0,
  maxmemoryPolicy: 'noeviction',
  maxmemorySamples: 5,
  lfuLogFactor: 10,
  lfuDecayMinutes: 1,
  requirepass: '',
  protectedMode: true,
  slowlogMicroseconds: 10_000,
  slowlogMaxLength: 128,
  latencyThresholdMs: 0,
  loglevel: 'notice',
  trace: '',
};
