/**
 * One client, served to its end on a thread that blocks: recvmsg, run, send all, again. The body of
 * `blocking`, and of the workers of the thread and process modes.
 */
import { abandonConnection } from './abandon.ts';
import {
  type CloseReason,
  type DriverContext,
  PLACED_BYTES,
  type Place,
  POSTPONED_MS,
  type Session,
} from './driver.ts';
import { LINGER_BYTES, LINGER_MS } from './linger.ts';
import { type Farewell, receiveBufferBytes } from './stopping.ts';
import { Unsent } from './unsent.ts';
import type { Waits } from './waits.ts';

/**
 * Serves the connected descriptor and closes it. `slot` is this thread's place in the stop's list
 * of descriptors to shut down, so that a stop wakes the blocked recvmsg.
 */
export function converse(
  context: DriverContext,
  waits: Waits,
  farewell: Farewell,
  fd: number,
  slot: number,
): void {
  const { posix, service, stop, out } = context;
  service.turn();
  const session = service.open(fd, 0, out);
  limitSends(context, fd);
  waits.open();
  stop.guard(slot, fd);
  let failure: number;
  try {
    failure = exchange(context, waits, farewell, fd, session);
  } catch (error) {
    stop.guard(slot, -1);
    out.clear();
    abandonConnection(context, fd, session);
    throw error;
  }
  // Before close: the number may belong to somebody else right after it.
  stop.guard(slot, -1);
  out.clear();
  const reason = reasonOf(context, session, failure);
  service.close(fd, session, reason, failure);
  if (stop.requested() && reason !== 'error') farewell.leave(fd);
  else posix.close(fd);
}

/** Alternates receiving and sending until one side ends. Returns 0 or the errno that ended it. */
function exchange(
  context: DriverContext,
  waits: Waits,
  farewell: Farewell,
  fd: number,
  session: Session,
): number {
  const { posix, service, stop, transfer, input, out } = context;
  const { EINTR, EAGAIN } = posix.constants;
  let afterStopBytes = 0;
  for (;;) {
    const failure = sendAll(context, waits, farewell, fd);
    if (failure !== 0) return failure;
    if (session.closing) {
      if (session.lingering) linger(context, fd);
      return 0;
    }
    if (session.paused) {
      session.receive(input, 0, 0, out);
      continue;
    }
    if (session.postponed && !stop.requested()) {
      waitAWhile(context, waits);
      service.turn();
      session.receive(input, 0, 0, out);
      continue;
    }
    waits.beforeReceive(fd);
    const { place } = session;
    const wanted = place === undefined ? input.length : roomIn(place);
    const received =
      place === undefined
        ? transfer.receive(fd, input, 0, wanted)
        : transfer.receive(fd, place.bytes, place.start, wanted);
    if (received === -EINTR) continue;
    if (received === -EAGAIN && !service.overdue(fd)) continue;
    if (received < 0) return -received;
    if (received === 0) {
      session.end(out);
      return sendAll(context, waits, farewell, fd);
    }
    service.turn();
    if (place !== undefined) session.placed?.(received);
    if (session.place === undefined || place === undefined) {
      session.receive(input, 0, place === undefined ? received : 0, out);
    }
    // The stop's shutdown(SHUT_RD) leaves what was received readable, until a receive returns 0;
    // and Linux goes on queueing what a busy client sends after it, so there is a bound.
    if (!stop.requested()) continue;
    afterStopBytes += received;
    if (afterStopBytes >= receiveBufferBytes(context, fd) || farewell.isLate) {
      return sendAll(context, waits, farewell, fd);
    }
  }
}

function roomIn({ start, end }: Place): number {
  return Math.min(end - start, PLACED_BYTES);
}

/** Sends what `out` holds, however many calls it takes. Returns 0 or an errno. */
function sendAll(context: DriverContext, waits: Waits, farewell: Farewell, fd: number): number {
  const { posix, service, transfer, out } = context;
  const { EINTR, EAGAIN } = posix.constants;
  if (out.insertion !== null) return sendLoan(context, waits, farewell, fd);
  let sent = 0;
  while (sent < out.length) {
    const taken = transfer.send(fd, out.bytes, sent, out.length - sent);
    if (taken >= 0) sent += taken;
    else if (taken === -EAGAIN && service.killed(fd)) return EAGAIN;
    else if (taken !== -EINTR && taken !== -EAGAIN) return -taken;
    else waits.look();
    // A slow reader may have taken some of it each time.
    if (sent < out.length && farewell.isLate) return EAGAIN;
  }
  out.clear();
  return 0;
}

/** The same for a reply whose value is lent, which is given back whatever happens. */
function sendLoan(context: DriverContext, waits: Waits, farewell: Farewell, fd: number): number {
  const { posix, service, transfer, out } = context;
  const { EINTR, EAGAIN } = posix.constants;
  const unsent = Unsent.of(out);
  let failure = 0;
  while (!unsent.done && failure === 0) {
    const result = unsent.send(transfer, fd);
    if (result < 0 && result !== -EINTR && result !== -EAGAIN) failure = -result;
    // A call that has not sent everything has waited for a client that is slow to read.
    else if (!unsent.done && (farewell.isLate || service.killed(fd))) failure = EAGAIN;
    else if (!unsent.done) waits.look();
  }
  unsent.drop();
  out.clear();
  return failure;
}

/**
 * A stop can wake a thread that waits for input by shutting the socket down for reading, but not
 * one that waits for a client to read: so no send waits for long before it looks up.
 */
function limitSends({ posix, structs }: DriverContext, fd: number): void {
  const { SOL_SOCKET, SO_SNDTIMEO } = posix.constants;
  posix.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, structs.timeoutMs.encode(SEND_TIMEOUT_MS));
}

/** Until it is time to look again, or a stop is asked for. */
function waitAWhile({ posix, stop }: DriverContext, waits: Waits): void {
  waits.look();
  posix.poll(new Int32Array([stop.eventfd, posix.constants.POLLIN]), 1, POSTPONED_MS);
}

/** FIN behind the last reply, then throw away what the peer still sends: see linger.ts. */
function linger({ posix, structs, stop, transfer, input }: DriverContext, fd: number): void {
  const { SHUT_WR, SOL_SOCKET, SO_RCVTIMEO } = posix.constants;
  posix.shutdown(fd, SHUT_WR);
  posix.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, structs.timeoutMs.encode(LINGER_MS));
  const deadlineMs = performance.now() + LINGER_MS;
  let leftBytes = LINGER_BYTES;
  while (leftBytes > 0 && performance.now() < deadlineMs && !stop.requested()) {
    const received = transfer.receive(fd, input, 0, input.length);
    if (received <= 0) return;
    leftBytes -= received;
  }
}

function reasonOf(context: DriverContext, session: Session, failure: number): CloseReason {
  const { EAGAIN } = context.posix.constants;
  if (context.stop.requested()) {
    if (failure === 0) return 'shutdown';
    return failure === EAGAIN ? 'unread' : 'error';
  }
  if (failure === EAGAIN) return 'timeout';
  if (failure !== 0) return 'error';
  return session.closing ? 'closing' : 'end';
}

/** Well under the second within which a stop must be done. */
const SEND_TIMEOUT_MS = 100;
