/**
 * What one load process is asked to do, and what it found: both cross a pipe as JSON. One job is
 * one way of loading one server; rounds, targets and scenarios are made of jobs.
 */
import type { Cost } from '../account.ts';
import type { LatencySummary } from '../latency.ts';
import type { Warming } from '../warmth.ts';

export type Operation = 'PING' | 'SET' | 'GET' | 'MGET' | 'INCR' | 'LCS';

export interface Workload {
  /** In equal shares: `['SET', 'GET']` is half and half. */
  readonly mix: readonly Operation[];
  readonly valueBytes: number;
  /** Keys are drawn from this many. */
  readonly keys: number;
  readonly distribution: 'uniform' | 'zipf';
}

/** One more client, whose requests are not counted: what the others suffer from. */
export type Disturbance = 'none' | 'slow-reader' | 'half-request' | 'heavy-command';

export interface WarmingJob {
  readonly blockMs: number;
  readonly mostMs: number;
  /** What each serving thread has to have done before its cost can stand still. */
  readonly operationsAThread: number;
}

export interface LoadJob {
  /** Numeric IPv4 address. */
  readonly host: string;
  readonly port: number;
  readonly workload: Workload;
  /** Store every key before anything is measured. */
  readonly fill: boolean;
  /** Clients that send. */
  readonly connections: number;
  /** Clients that connect, send one PING, and then stay silent. */
  readonly idle: number;
  /** Requests that a client sends before it reads: a batch. */
  readonly pipeline: number;
  /** A new connection for every batch. */
  readonly reconnect: boolean;
  readonly disturbance: Disturbance;
  /**
   * 0: closed loop, each client sends its next batch once the last one is answered, as fast as it
   * can. Else open loop: so many operations a second in all, whatever the server does; a latency
   * counts from when the request was due, not from when it could be sent.
   */
  readonly ratePerSecond: number;
  /** Before what is measured, for the load's own code and its connections. */
  readonly warmUpMs: number;
  /**
   * Nothing is measured but the server's warming up: it is loaded until what an operation costs
   * stands still (warmth.ts), for `mostMs` at most. null: an ordinary load.
   */
  readonly warming: WarmingJob | null;
  /** The measured time ends after this, or after so many operations. */
  readonly durationMs: number;
  readonly maxOperations: number;
  readonly seed: number;
  /** The server's processes, whose cost is read at the window's two ends. */
  readonly serverPids: readonly number[];
  /** CPUs that the server keeps to; empty: any. */
  readonly serverCpus: readonly number[];
  /** CPUs that the load process keeps to; empty: any. */
  readonly cpus: readonly number[];
}

/** How many clients the server answered when they connected. */
export interface Opened {
  readonly wanted: number;
  readonly served: number;
  /** Closed by the server, or not connected at all. */
  readonly refused: number;
  /** Why the last one was refused: an errno's name, `closed`, or ''. */
  readonly refusal: string;
  /**
   * What the server did while the last ones waited in vain: `rested`, or `worked` for as long as
   * one may wait; '' where all were served or refused.
   */
  readonly meanwhile: '' | 'rested' | 'worked';
}

/** No client was wanted. */
export const NOBODY: Opened = { wanted: 0, served: 0, refused: 0, refusal: '', meanwhile: '' };

export interface LoadResult {
  readonly idle: Opened;
  readonly active: Opened;
  /** The client that disturbs the others, where there is one. */
  readonly disturbing: Opened;
  /** Whether it came to measuring: every client that was wanted was served. */
  readonly complete: boolean;
  readonly operations: number;
  readonly elapsedMs: number;
  /** Replies that were errors. */
  readonly errors: number;
  /** Clients whose connection ended while they were measured. */
  readonly lost: number;
  /** Clients that got no reply in the measured time. */
  readonly starved: number;
  /** Operations of the client that got the fewest and of the one that got the most. */
  readonly least: number;
  readonly most: number;
  /** Open loop: operations that were due and not sent when the time was up. */
  readonly unsent: number;
  readonly latency: LatencySummary;
  /** What the server spent in the measured time; null where it has no /proc. */
  readonly cost: Cost | null;
  /** CPU time of the load process itself, as a share of the measured time. */
  readonly generatorShare: number;
  /** What others took of the server's CPUs, as a share of the measured time; 0 where unpinned. */
  readonly foreignShare: number;
  /** Of a load that warmed the server up. */
  readonly warming: Warming | null;
}
