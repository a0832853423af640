/**
 * The kinds of requests that this driver makes, as submission entries. What a request was, for
 * which descriptor and for which of its owners, comes back with the completion in user_data:
 *
 *     low half: the descriptor      high half: kind (4 bits), generation (28 bits)
 */
import type { Posix } from '../../posix/posix.ts';
import type { RequestTrace } from '../driver.ts';
import type { Ring } from './ring.ts';

/** The kinds. 0 is none of them: an entry that nobody has filled in. */
export const ACCEPT = 1;
export const RECEIVE = 2;
export const SEND = 3;
export const CANCEL = 4;
export const CLOSE = 5;
export const WATCH = 6;

export type Kind = 1 | 2 | 3 | 4 | 5 | 6;

const GENERATION_BITS = 28;
/** Generations count modulo this. */
export const GENERATION_MASK = 2 ** GENERATION_BITS - 1;

export function kindOf(userHigh: number): number {
  return userHigh >>> GENERATION_BITS;
}

export function generationOf(userHigh: number): number {
  return userHigh & GENERATION_MASK;
}

function userHigh(kind: Kind, generation: number): number {
  return (kind << GENERATION_BITS) | generation;
}

export class Requests {
  readonly #ring: Ring;
  readonly #firstWords: FirstWords;
  readonly #acceptFlags: number;
  readonly #sendFlags: number;
  readonly #dontWait: number;
  readonly #pollFlags: number;

  readonly #trace: RequestTrace | undefined;

  /** @param trace told of each request, where the server is recorded. */
  constructor(posix: Posix, ring: Ring, trace?: RequestTrace) {
    const c = posix.constants;
    this.#ring = ring;
    this.#trace = trace;
    this.#firstWords = firstWords(posix);
    this.#acceptFlags = c.SOCK_CLOEXEC;
    this.#sendFlags = c.MSG_NOSIGNAL | c.MSG_WAITALL;
    this.#dontWait = c.MSG_DONTWAIT;
    this.#pollFlags = c.POLLIN;
  }

  /** Accepts clients, a completion each, until one comes without IORING_CQE_F_MORE. */
  accept(fd: number): void {
    this.#trace?.submitted('accept', fd, null, 0, 0);
    this.#push(this.#firstWords.accept, fd, 0, 0, 0, this.#acceptFlags, userHigh(ACCEPT, 0));
  }

  /** Receives into the buffer ring, a completion each time, until one without IORING_CQE_F_MORE. */
  receive(fd: number, generation: number): void {
    this.#trace?.submitted('recv', fd, null, 0, 0);
    this.#push(this.#firstWords.receive, fd, 0, 0, 0, 0, userHigh(RECEIVE, generation));
  }

  /** Receives into one buffer, as much as it holds: one completion. */
  receiveOnce(fd: number, generation: number): void {
    this.#trace?.submitted('recv', fd, null, 0, 0);
    this.#push(this.#firstWords.receiveOnce, fd, 0, 0, 0, 0, userHigh(RECEIVE, generation));
  }

  /**
   * Sends while it is submitted, without waiting. Success is not told: a completion means an error,
   * EAGAIN, or that only so many bytes went out. Returns the entry's number, for `hasTaken`.
   */
  send(fd: number, generation: number, low: number, high: number, length: number): number {
    const flags = this.#sendFlags | this.#dontWait;
    const entry = this.#ring.submissions.end;
    this.#push(this.#firstWords.send, fd, low, high, length, flags, userHigh(SEND, generation));
    return entry;
  }

  /** Whether the kernel has taken the entry with this number. */
  hasTaken(entry: number): boolean {
    return ((entry - this.#ring.submissions.head) | 0) < 0;
  }

  /** Sends all of it (MSG_WAITALL), however long the client takes, or fails. Completes visibly. */
  sendAll(fd: number, generation: number, low: number, high: number, length: number): void {
    this.#trace?.submitted('send', fd, null, 0, length);
    const flags = this.#sendFlags;
    this.#push(this.#firstWords.sendAll, fd, low, high, length, flags, userHigh(SEND, generation));
  }

  /** sendAll of what a struct msghdr at this address names. */
  sendMessage(fd: number, generation: number, low: number, high: number, length: number): void {
    this.#trace?.submitted('send', fd, null, 0, length);
    const flags = this.#sendFlags;
    const user = userHigh(SEND, generation);
    this.#push(this.#firstWords.sendMessage, fd, low, high, ONE_MESSAGE, flags, user);
  }

  /** Ends a request that is under way: it completes with ECANCELED, if it does not otherwise. */
  cancel(kind: Kind, fd: number, generation: number): void {
    this.#trace?.submitted('cancel', fd, null, 0, 0);
    // The request is named by its user_data, which takes the place of an address.
    const target = userHigh(kind, generation);
    this.#push(this.#firstWords.cancel, NO_FD, fd, target, 0, 0, userHigh(CANCEL, 0));
  }

  /** Closes a descriptor. Its number may come back from `accept` in the same io_uring_enter. */
  close(fd: number): void {
    this.#trace?.submitted('close', fd, null, 0, 0);
    this.#push(this.#firstWords.close, fd, 0, 0, 0, 0, userHigh(CLOSE, 0));
  }

  /** One completion when the descriptor becomes readable. */
  watch(fd: number): void {
    this.#trace?.submitted('poll', fd, null, 0, 0);
    this.#push(this.#firstWords.watch, fd, 0, 0, 0, this.#pollFlags, userHigh(WATCH, 0));
  }

  #push(
    first: number,
    fd: number,
    addressLow: number,
    addressHigh: number,
    length: number,
    flags: number,
    user: number,
  ): void {
    const { submissions } = this.#ring;
    if (submissions.full && !submissions.overfull) this.#ring.makeRoom();
    const userLow = fd;
    submissions.push(first, fd, addressLow, addressHigh, length, flags, userLow, user);
  }
}

interface FirstWords {
  readonly accept: number;
  readonly receive: number;
  readonly receiveOnce: number;
  readonly send: number;
  readonly sendAll: number;
  readonly sendMessage: number;
  readonly cancel: number;
  readonly close: number;
  readonly watch: number;
}

/** The first word of each kind's entries: opcode (8 bits), IOSQE_ flags (8), ioprio (16). */
function firstWords(posix: Posix): FirstWords {
  const c = posix.constants;
  const word = (opcode: number, flags = 0, ioprio = 0) => opcode | (flags << 8) | (ioprio << 16);
  const quiet = c.IOSQE_CQE_SKIP_SUCCESS;
  return {
    accept: word(c.IORING_OP_ACCEPT, 0, c.IORING_ACCEPT_MULTISHOT),
    receive: word(c.IORING_OP_RECV, c.IOSQE_BUFFER_SELECT, c.IORING_RECV_MULTISHOT),
    receiveOnce: word(c.IORING_OP_RECV, c.IOSQE_BUFFER_SELECT),
    send: word(c.IORING_OP_SEND, quiet),
    sendAll: word(c.IORING_OP_SEND),
    sendMessage: word(c.IORING_OP_SENDMSG),
    cancel: word(c.IORING_OP_ASYNC_CANCEL, quiet),
    close: word(c.IORING_OP_CLOSE, quiet),
    watch: word(c.IORING_OP_POLL_ADD),
  };
}

/** What a struct msghdr counts as, for want of a length. */
const ONE_MESSAGE = 1;
/** Operations that take no descriptor want this one. */
const NO_FD = -1;
