/** What a server can be told, with Redis' names where Redis has the setting too. */
import type { TransferName } from '../drivers/transfer.ts';
import type { ModeName } from './modes.ts';
import type { ProtocolName } from './protocols.ts';

export interface ServerOptions {
  /** The I/O model. */
  mode: ModeName;
  /** Which pair of calls moves a connection's bytes, by the name of the receiving one. */
  io: TransferName;
  protocol: ProtocolName;
  /** Threads that serve; 0: as many as the mode has by default. */
  threads: number;
  /** Numeric IPv4 or IPv6 address to listen on. */
  bind: string;
  /** TCP port; 0 lets the kernel choose one. */
  port: number;
  /** Path of a UNIX socket to listen on instead of TCP; '' for none. */
  unixsocket: string;
  /** How many connected clients the kernel keeps until they are accepted (listen(2)). */
  tcpBacklog: number;
  /** Logical databases for SELECT. */
  databases: number;
  /** Bytes the store may take, its tables included; 0: as much as half of the machine has. */
  maxmemoryBytes: number;
  loglevel: LogLevel;
}

/** From the most to the least talkative, as in redis.conf. */
export const LOG_LEVELS = ['debug', 'verbose', 'notice', 'warning'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULT_OPTIONS: Readonly<ServerOptions> = {
  mode: 'epoll',
  io: 'recvmsg',
  protocol: 'resp',
  threads: 0,
  bind: '127.0.0.1',
  port: 6379,
  unixsocket: '',
  tcpBacklog: 511,
  databases: 16,
  maxmemoryBytes: 0,
  loglevel: 'notice',
};
