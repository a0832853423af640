/** A client's connection, as both ends tell of it: what each call on it says about its life. */
import { isBlocked } from './blocked.ts';
import { ACCEPTS, RECEIVES, SENDS } from './calls.ts';
import type { Call } from './event.ts';

export interface Thread {
  readonly tid: number;
  /** `main`, `syskv-2`, `pid 4711`, or `client 1` where a client was recorded as well. */
  name: string;
  readonly side: Side;
  /** When it made its first call that the log tells of. */
  readonly firstUs: number;
}

export type Side = 'server' | 'client';

export interface Connection {
  /** 1 for the first one seen. */
  readonly number: number;
  /** `client 1`. */
  readonly name: string;
  /** The client's address: `127.0.0.1:45100`; '' where the log does not tell. */
  address: string;
  /** When the client had its connection, if anybody saw that; the kernel makes it, not accept. */
  connectedUs: number | null;
  /** The accept that returned it. */
  accept: Call | null;
  /** The thread that accepted it. */
  acceptedBy: Thread | null;
  /**
   * A thread has begun to serve it: its first receive, or the first call of a worker that it was
   * handed to. Accepting alone serves nobody.
   */
  servedUs: number | null;
  /** The server's first bytes to it were sent. */
  answeredUs: number | null;
  /** The server received FIN. */
  finUs: number | null;
  closedUs: number | null;
  /** When the threads of the server had to do with it. */
  readonly spans: Map<Thread, Span>;
  /** Calls about it that a thread of the server slept in. */
  readonly blocked: BlockedCall[];
  requests: number;
  /** The server's last bytes to it were sent. */
  lastSentUs: number;
  /** The client's own calls: when it had first sent something, had a reply, and had left. */
  readonly client: { askedUs: number | null; repliedUs: number | null; leftUs: number | null };
}

export interface Span {
  readonly fromUs: number;
  /** Infinity: the last of the calls has not returned. */
  toUs: number;
}

export interface BlockedCall {
  readonly thread: Thread;
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
}

export function newConnection(number: number, address: string): Connection {
  return {
    ...{ number, name: `client ${number}`, address, connectedUs: null },
    ...{ accept: null, acceptedBy: null, servedUs: null, answeredUs: null },
    ...{ finUs: null, closedUs: null, requests: 0, lastSentUs: 0 },
    ...{ spans: new Map(), blocked: [] },
    client: { askedUs: null, repliedUs: null, leftUs: null },
  };
}

/** When a call had returned; where it did not, when it began. */
export function endOf(call: Call): number {
  return call.startUs + (call.durationUs ?? 0);
}

/** A thread of the server has made a call on the connection. */
export function noteServer(connection: Connection, thread: Thread, call: Call): void {
  const { name, startUs } = call;
  const receives = RECEIVES.has(name);
  const endUs = call.state === 'returned' ? endOf(call) : Number.POSITIVE_INFINITY;
  const handedOver = connection.acceptedBy !== null && connection.acceptedBy !== thread;
  if (receives || handedOver) connection.servedUs ??= startUs;
  if (receives || handedOver || SENDS.has(name)) extend(connection.spans, thread, startUs, endUs);
  if (sleepsIn(connection, call)) connection.blocked.push({ thread, name, startUs, endUs });
  if (receives && call.movedBytes > 0) connection.requests++;
  if (SENDS.has(name) && call.movedBytes > 0) noteSent(connection, endUs);
  if (receives && isEnd(call)) connection.finUs ??= endUs;
}

/**
 * Whether a thread of the server slept in this call. One on a socket that does not block may take a
 * while on a busy machine, but nobody sleeps in it; accept4 makes such sockets.
 */
export function sleepsIn(connection: Connection | null, call: Call): boolean {
  const made = ACCEPTS.has(call.name) ? call : connection?.accept;
  return isBlocked(call) && made?.text.includes('SOCK_NONBLOCK') !== true;
}

function noteSent(connection: Connection, endUs: number): void {
  connection.answeredUs ??= endUs;
  connection.lastSentUs = endUs;
}

function extend(spans: Map<Thread, Span>, thread: Thread, fromUs: number, toUs: number): void {
  const span = spans.get(thread);
  if (span === undefined) spans.set(thread, { fromUs, toUs });
  else span.toUs = Math.max(span.toUs, toUs);
}

/** FIN, as each of the receiving calls tells of it. */
function isEnd(call: Call): boolean {
  if (call.name === 'recvmmsg') return (call.result ?? 0) > 0 && call.movedBytes === 0;
  return call.result === 0;
}

/** The client has made a call on its own end. */
export function noteClient(connection: Connection, call: Call): void {
  const { client } = connection;
  const endUs = endOf(call);
  if (call.name === 'connect' && call.result === 0) connection.connectedUs = endUs;
  if (SENDS.has(call.name) && call.movedBytes > 0) client.askedUs ??= endUs;
  if (RECEIVES.has(call.name) && call.movedBytes > 0) client.repliedUs ??= endUs;
  if (call.name === 'close') client.leftUs ??= endUs;
}

/** When the server had seen the client leave; not every log shows it. */
export function leftUs({ finUs, closedUs }: Connection): number | null {
  return finUs ?? closedUs;
}
