/** Finding the bytes and the ready descriptors among the arguments of a call that has returned. */
import type { Posix } from '../../posix/posix.ts';
import type { CallRing } from './ring.ts';

/**
 * (fd, buffer, offset, length, …), (fd, view, pairs, count, …) or (fd, message, …): of several
 * parts the first one is kept.
 */
export function keepTransfer(
  ring: CallRing,
  record: number,
  args: readonly unknown[],
  result: number,
): void {
  const [, buffer, where, amount] = args;
  // The numbers behind the descriptor say what is in strace's first lines anyway.
  ring.numberCount[record] = 1;
  if (!(buffer instanceof Uint8Array)) {
    keepMessage(ring, record, buffer, result);
  } else if (typeof where === 'number') {
    ring.keepBytes(record, buffer, where, Math.min(result, amount as number));
  } else if (where instanceof Uint32Array) {
    // Triples of recvmmsg and sendmmsg carry the length that was moved.
    const moved = where.length === 3 ? where[2] : result;
    ring.keepBytes(record, buffer, where[0], Math.min(where[1], moved));
    ring.moved[record] = moved;
  }
}

/** The forms with plain objects: a message, or an array of views. */
function keepMessage(ring: CallRing, record: number, message: unknown, result: number): void {
  const iov = Array.isArray(message) ? message : (message as { iov?: unknown[] } | null)?.iov;
  const first = iov?.[0];
  if (first instanceof Uint8Array) {
    ring.keepBytes(record, first, 0, Math.min(result, first.length));
  }
  ring.moved[record] = result;
}

export function keepWait(
  ring: CallRing,
  record: number,
  args: readonly unknown[],
  result: number,
  posix: Posix,
): void {
  const [first, second, third] = args;
  if (first instanceof Int32Array) keepPolled(ring, record, first, args[1] as number, posix);
  else if (second instanceof Int32Array && !(third instanceof Int32Array)) {
    keepEvents(ring, record, second, result, posix);
  }
  if (second instanceof Int32Array && (third === null || third instanceof Int32Array)) {
    keepSelected(ring, record, first as number, second, third);
  }
}

/** struct epoll_event: the events, and the descriptor that was put into its data. */
function keepEvents(
  ring: CallRing,
  record: number,
  events: Int32Array,
  count: number,
  { constants }: Posix,
): void {
  const { EPOLL_EVENT_WORDS, EPOLL_EVENT_DATA } = constants;
  for (let i = 0; i < count; i++) {
    const at = i * EPOLL_EVENT_WORDS;
    ring.keepReady(record, events[at + EPOLL_EVENT_DATA], events[at]);
  }
}

/** struct pollfd: the descriptor, and what happened in the upper half of its second word. */
function keepPolled(
  ring: CallRing,
  record: number,
  fds: Int32Array,
  count: number,
  { constants }: Posix,
): void {
  for (let i = 0; i < count; i++) {
    const at = i * constants.POLLFD_WORDS;
    const happened = fds[at + 1] >>> 16;
    if (happened !== 0) ring.keepReady(record, fds[at], happened);
  }
}

function keepSelected(
  ring: CallRing,
  record: number,
  bound: number,
  readable: Int32Array,
  writable: Int32Array | null,
): void {
  for (let fd = 0; fd < bound; fd++) {
    const bit = 1 << (fd & 31);
    const ready = (readable[fd >>> 5] | (writable?.[fd >>> 5] ?? 0)) & bit;
    if (ready !== 0) ring.keepReady(record, fd, 1);
  }
}
