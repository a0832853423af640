/**
 * What a stop promises in every mode: clients that wait in the backlog are accepted; what each
 * connection has received, at most what its receive buffer holds, is answered; and nothing is reset
 * over bytes that nobody has read.
 */
import { ACCEPT_AGAIN, acceptFailures } from './accept.ts';
import type { DriverContext } from './driver.ts';

/** Half of the second within which a stop must be done: for clients that are slow to read. */
export const DRAIN_MS = 500;
/** As many as the kernel lets wait by default (net.core.somaxconn); more may come all the time. */
const MOST_ACCEPTED = 4096;
/** A client that is in the middle of sending sends the next segment sooner. */
const QUIET_MS = 20;

/**
 * Accepts the clients that wait, without waiting for more, until `open` says no. `flags`:
 * SOCK_NONBLOCK or 0. A listener that was shut down has none left.
 */
export function acceptRest(
  { posix }: DriverContext,
  listener: number,
  flags: number,
  open: (fd: number) => boolean,
): void {
  const { F_GETFL, F_SETFL, O_NONBLOCK, SOCK_CLOEXEC } = posix.constants;
  const failureOf = acceptFailures(posix);
  const before = posix.fcntl(listener, F_GETFL);
  if (before < 0) return;
  posix.fcntl(listener, F_SETFL, before | O_NONBLOCK);
  for (let i = 0; i < MOST_ACCEPTED; i++) {
    const fd = posix.accept4(listener, null, SOCK_CLOEXEC | flags);
    if (fd < 0 && failureOf(-fd) !== ACCEPT_AGAIN) break;
    if (fd >= 0 && !open(fd)) break;
  }
  // Another process may have the same listener, and serve on.
  posix.fcntl(listener, F_SETFL, before);
}

/** Whether as much has been received since the stop as can have come before it. */
export function hasHadItsShare(
  context: DriverContext,
  { fd, afterStopBytes }: { readonly fd: number; readonly afterStopBytes: number },
): boolean {
  return afterStopBytes > 0 && afterStopBytes >= receiveBufferBytes(context, fd);
}

/** How much a connection can have received before a stop; it grows while it is read from. */
export function receiveBufferBytes({ posix }: DriverContext, fd: number): number {
  const { SOL_SOCKET, SO_RCVBUF } = posix.constants;
  const value = new Int32Array(1);
  posix.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, new Uint8Array(value.buffer));
  return value[0];
}

/** The stop as a thread that blocks goes through it. */
export class Farewell {
  readonly #context: DriverContext;
  #deadlineMs = 0;
  /** Connections that have been answered, and may be sending still. */
  readonly #fds: number[] = [];

  constructor(context: DriverContext) {
    this.#context = context;
  }

  /** A stop was asked for, so long ago that no more is waited for. */
  get isLate(): boolean {
    if (!this.#context.stop.requested()) return false;
    if (this.#deadlineMs === 0) this.#deadlineMs = performance.now() + DRAIN_MS;
    return performance.now() >= this.#deadlineMs;
  }

  /**
   * Closes the descriptor once nothing comes any more: with bytes unread, close would send RST, and
   * that can overtake the replies. FIN can't go first: on a socket that is shut down for reading,
   * as a stop does it, the kernel answers with RST to whatever comes behind it.
   */
  leave(fd: number): void {
    this.#fds.push(fd);
  }

  /** The thread serves nobody any more. */
  finish(): void {
    const { posix, service } = this.#context;
    while (this.#fds.length > 0 && !this.isLate) {
      posix.poll(new Int32Array(0), 0, QUIET_MS);
      if (this.#discard() === 0) break;
    }
    this.#discard();
    for (const fd of this.#fds.splice(0)) posix.close(fd);
    service.stopped();
  }

  /** Throws away what has come. Returns how much it was. */
  #discard(): number {
    const { posix, transfer, input } = this.#context;
    let bytes = 0;
    for (const fd of this.#fds) {
      posix.shutdown(fd, posix.constants.SHUT_RD);
      for (let i = 0; i < READS; i++) {
        const received = transfer.receive(fd, input, 0, input.length);
        if (received <= 0) break;
        bytes += received;
      }
    }
    return bytes;
  }
}

/** From one connection at a time: 1 MiB. */
const READS = 16;
