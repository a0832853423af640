/** What an `accept4` that failed means, the same for every mode. */
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { type DriverContext, LISTENER_SLOT } from './driver.ts';
import type { Waits } from './waits.ts';

/** Try again at once: the call was interrupted, or the client that was next has gone. */
export const ACCEPT_AGAIN = 0;
/** Nobody is waiting (a non-blocking listener). */
export const ACCEPT_EMPTY = 1;
/** The process or the system has run out of descriptors or memory: pause, or the loop spins. */
export const ACCEPT_EXHAUSTED = 2;
/** The listener was shut down (EINVAL) or is none: stop accepting. */
export const ACCEPT_CLOSED = 3;

export type AcceptFailure = 0 | 1 | 2 | 3;

/**
 * Sorts accept4's errors. Linux passes errors that were pending on the new socket through accept
 * (accept(2), "Error handling"): they concern that client alone, as ECONNABORTED does.
 */
export function acceptFailures(posix: Posix): (errno: number) => AcceptFailure {
  const c = posix.constants;
  const kinds = new Map<number, AcceptFailure>();
  for (const errno of [c.EMFILE, c.ENFILE, c.ENOBUFS, c.ENOMEM]) kinds.set(errno, ACCEPT_EXHAUSTED);
  for (const errno of [c.EINVAL, c.EBADF, c.ENOTSOCK]) kinds.set(errno, ACCEPT_CLOSED);
  kinds.set(c.EAGAIN, ACCEPT_EMPTY);
  return (errno) => kinds.get(errno) ?? ACCEPT_AGAIN;
}

/**
 * Waits for the next client on a blocking listener. -1 when a stop has ended the accepting.
 * `waits`: of a thread that has something else to look after.
 */
export function acceptBlocking(context: DriverContext, listener: number, waits?: Waits): number {
  const { posix, stop } = context;
  const failureOf = acceptFailures(posix);
  while (!stop.requested()) {
    waits?.beforeAccept();
    // Only for as long as it waits: a listener that is shut down resets those in its backlog.
    stop.guard(LISTENER_SLOT, listener);
    const fd = stop.requested()
      ? -posix.constants.EINTR
      : posix.accept4(listener, null, posix.constants.SOCK_CLOEXEC);
    stop.guard(LISTENER_SLOT, -1);
    if (fd >= 0) return fd;
    const failure = failureOf(-fd);
    // The stop shuts the listener down; nothing else may.
    if (failure === ACCEPT_CLOSED && !stop.requested()) check(fd, 'accept4');
    if (failure === ACCEPT_EXHAUSTED) pause(context, -fd);
  }
  return -1;
}

/** Out of descriptors: wait a little, or accept4 fails again at once, for ever. */
function pause({ posix, service, stop }: DriverContext, errno: number): void {
  service.acceptFailed(errno);
  const waiting = new Int32Array([stop.eventfd, posix.constants.POLLIN]);
  posix.poll(waiting, 1, EXHAUSTED_PAUSE_MS);
}

/** Long enough to cost nothing, short enough that a freed descriptor is used soon. */
export const EXHAUSTED_PAUSE_MS = 100;

/** A burst of new clients must not keep the connected ones waiting for longer than this many. */
export const ACCEPTS_A_TURN = 64;
