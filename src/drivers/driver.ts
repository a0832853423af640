/**
 * What a driver is given and what it promises. Drivers move bytes between descriptors and sessions;
 * they know no protocol, no command and no store.
 */
import type { Insertion } from '../bytes/loan.ts';
import type { Posix } from '../posix/posix.ts';
import type { Structs } from '../posix/structs.ts';
import type { Transfer } from './transfer.ts';

/**
 * Where sessions leave the bytes to send: the driver sends `bytes[0, length)` and clears it. With
 * an insertion there are some bytes: those around it.
 */
export interface Output {
  bytes: Uint8Array;
  length: number;
  readonly insertion: Insertion | null;
  /** The driver has to give the loan back from now on, once it is sent or never will be. */
  takeInsertion(): Insertion | null;
  /** Empties it; a loan that nobody has taken is given back. */
  clear(): void;
}

/** Where bytes are to be received: `bytes[start, end)`, never empty. */
export interface Place {
  readonly bytes: Uint8Array;
  start: number;
  readonly end: number;
}

/** One connection's conversation, as the server composes it. */
export interface Session {
  /**
   * Runs every whole request in `input[start, end)` (after what it kept of earlier input) and
   * writes the replies to `out`. Nothing of `input` is referenced afterwards: an unfinished request
   * is kept as a copy. Stops early when `out` is full; then `paused` is true, and once `out` has
   * been sent the driver calls again with an empty range.
   */
  receive(input: Uint8Array, start: number, end: number, out: Output): void;
  /**
   * This input comes with one of the next calls of `receive`, after that of other sessions: what
   * its requests will ask for can be noted now, and fetched for all of them at once. It changes
   * nothing.
   */
  foresee?(input: Uint8Array, start: number, end: number): void;
  /**
   * Where the next bytes belong. A driver that can receives them there, tells by `placed` how many
   * it were, and calls `receive` with an empty range once there is no place any more; another
   * driver hands them to `receive` like all others.
   */
  readonly place?: Place | undefined;
  placed?(lengthBytes: number): void;
  /** The peer sent FIN: what was received whole has been answered, what was not is dropped. */
  end(out: Output): void;
  /** Send what is pending, then close. */
  readonly closing: boolean;
  /**
   * Only with `closing`: the peer may still be sending what nobody will read. The kernel answers
   * unread bytes with RST, which can overtake the last reply: see linger.ts.
   */
  readonly lingering: boolean;
  /** Whole requests may be waiting for `out` to be sent. */
  readonly paused: boolean;
  /**
   * Whole requests wait for a time to come. The driver goes on as ever, and calls `receive` with an
   * empty range every POSTPONED_MS.
   */
  readonly postponed?: boolean;
}

/** Why a connection ended, for the log and the counters. */
export type CloseReason =
  | 'end'
  | 'closing'
  | 'shutdown'
  /** A stop has not waited any longer for it to read its replies. */
  | 'unread'
  | 'error'
  | 'timeout'
  | 'output limit'
  /** The event loop's interface can't take its descriptor: no fault of the client's. */
  | 'unwatchable';

/** Received into its place in one turn at most, so that the others get theirs. */
export const PLACED_BYTES = 1024 * 1024;

/** Fewer requests are run in the time that it takes to foresee what they need. */
export const WORTH_FORESEEING = 4;

/** Often enough for people who have asked for a pause, and seldom enough to cost nothing. */
export const POSTPONED_MS = 20;

/** The server, as a driver sees it. */
export interface Service {
  /** A turn of work begins: the one clock read that all requests of this turn share. */
  turn(): void;
  /** Has the memory fetched that the sessions have foreseen a need of. */
  fetchForeseen?(): void;
  /** A connection was accepted from listener `listener`. A refusal is a session that is closing. */
  open(fd: number, listener: number, out: Output): Session;
  /** The connection's descriptor is about to be closed. `errno` is 0 unless something failed. */
  close(fd: number, session: Session, reason: CloseReason, errno: number): void;
  /** Work that is due by the clock. Returns the milliseconds until it wants to be called again. */
  tick(): number;
  /**
   * The part of it that concerns no client, for drivers whose threads block; -1: nothing is due.
   * `resting` is called where this thread had to be called again and has not any more, before
   * another thread takes that over.
   */
  upkeep(resting?: () => void): number;
  /**
   * A receive has waited for `patienceMs`: true when the client is to be closed for its silence.
   */
  overdue(fd: number): boolean;
  /** Whether the client was ended by somebody who could not shut its descriptor down. */
  killed(fd: number): boolean;
  /** How long a receive may block before it asks; 0: for ever. */
  readonly patienceMs: number;
  /** The driver has stopped, and closed all connections. */
  stopped(): void;
  /** `accept4` failed with something that is no client's fault; the service logs it, seldom. */
  acceptFailed(errno: number): void;
}

/** Asks a driver to stop, from a signal handler or from another thread. See server/shutdown.ts. */
export interface Stop {
  /** True once a stop was asked for. One atomic load. */
  requested(): boolean;
  /** An eventfd that becomes readable when a stop is asked for: event loops wait on it. */
  readonly eventfd: number;
  /**
   * Registers the descriptor that this thread is about to block on: the stop shuts it down for
   * reading, which wakes the call. Check `requested()` after this and before blocking.
   */
  guard(slot: number, fd: number): void;
}

/** The places of a thread's guarded descriptors. */
export const LISTENER_SLOT = 0;
export const CLIENT_SLOT = 1;
export const GUARD_SLOTS = 2;

/** The workers, as the thread that only accepts sees them. */
export interface Crew {
  /** Workers that have no client. */
  idle(): number;
  /** Whether there are fewer workers than the bound. */
  readonly growing: boolean;
  /** Starts one more worker; false at the bound, or where the process can't afford it. */
  start(): boolean;
  /** Says once that there is no further worker, and why. */
  full(): void;
  /**
   * Called before `accept4`, which can't be woken. Where a worker is missing that a client waits
   * for, it returns only when the next client is there, and starts that worker meanwhile.
   */
  awaitClient(listener: number): void;
  /** Sleeps until a worker's client leaves, but not for long. */
  waitForDeparture(): void;
  /** Gives a client away, waiting for room in the queue. False: given up, it is still ours. */
  handOver(fd: number, givenUp: () => boolean): boolean;
  /** A client that was given away and that nobody has taken; -1: there is none. */
  takeBack(): number;
}

/** The other end: how a worker comes by its clients. */
export interface Taker {
  /** The next client's descriptor, waiting for one; -1: given up. */
  take(givenUp: () => boolean): number;
  /** The client that was taken last has left. */
  left(): void;
}

/**
 * Told of every request to an io_uring and of every completion: strace cannot show them. `what` is
 * `accept`, `recv`, `send`, `close`, `cancel` or `poll`.
 */
export interface RequestTrace {
  /** An entry was queued; of a send, with the bytes to be sent. */
  submitted(
    what: string,
    fd: number,
    bytes: Uint8Array | null,
    start: number,
    length: number,
  ): void;
  /** It completed, with a count, a descriptor or -errno; of a receive, with the bytes received. */
  completed(
    what: string,
    fd: number,
    result: number,
    bytes: Uint8Array | null,
    start: number,
  ): void;
}

export interface DriverContext {
  readonly posix: Posix;
  readonly service: Service;
  /** Listening descriptors; the driver closes them when it stops accepting. */
  readonly listeners: readonly number[];
  readonly transfer: Transfer;
  readonly stop: Stop;
  /** The thread's one read buffer. */
  readonly input: Uint8Array;
  /** The thread's one reply buffer. */
  readonly out: Output;
  readonly structs: Structs;
  /**
   * Bytes that one client may leave unread on this side before it is closed; those of a loan take
   * no memory of ours, and do not count.
   */
  readonly outputLimitBytes: number;
  /** In the modes that hand clients over: the workers, for the thread that accepts. */
  readonly crew?: Crew;
  /** In these modes, for a worker: where its clients come from. */
  readonly taker?: Taker;
  /** Where a server is recorded: told by the driver of io_uring. */
  readonly requests?: RequestTrace;
}

/** Serves until a stop is asked for; returns once every connection has been closed. */
export type Driver = (context: DriverContext) => void;
