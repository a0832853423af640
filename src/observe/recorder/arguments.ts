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

/** Every part of what has moved, in its order: `bytes[start, start + length)`. */
export function eachPart(
  args: readonly unknown[],
  result: number,
  take: (bytes: Uint8Array, start: number, length: number) => void,
): void {
  const [, buffer, where, amount] = args;
  const pairs = where instanceof Uint32Array ? where : undefined;
  if (buffer instanceof Uint8Array && pairs === undefined) {
    take(buffer, where as number, Math.min(result, amount as number));
    return;
  }
  // One message of recvmmsg carries the length that was moved.
  let left = pairs?.length === 3 ? pairs[2] : result;
  const iov = Array.isArray(buffer) ? buffer : ((buffer as { iov?: unknown[] } | null)?.iov ?? []);
  const count = pairs === undefined ? iov.length : (amount as number);
  for (let i = 0; i < count && left > 0; i++) {
    const bytes = pairs === undefined ? iov[i] : buffer;
    if (!(bytes instanceof Uint8Array)) return;
    const length = Math.min(left, pairs === undefined ? bytes.length : pairs[2 * i + 1]);
    take(bytes, pairs === undefined ? 0 : pairs[2 * i], length);
    left -= length;
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

/** struct epoll_event: the events, and the descriptor that was put into its data. */
export function keepEvents(
  ring: CallRing,
  record: number,
  args: readonly unknown[],
  count: number,
  { constants }: Posix,
): void {
  const events = args[1] as Int32Array;
  const { EPOLL_EVENT_WORDS, EPOLL_EVENT_DATA } = constants;
  for (let i = 0; i < count; i++) {
    const at = i * EPOLL_EVENT_WORDS;
    ring.keepReady(record, events[at + EPOLL_EVENT_DATA], events[at]);
  }
}

/** struct pollfd: the descriptor, and what happened in the upper half of its second word. */
export function keepPolled(
  ring: CallRing,
  record: number,
  args: readonly unknown[],
  _result: number,
  { constants }: Posix,
): void {
  const [fds, count] = args as [Int32Array, number];
  for (let i = 0; i < count; i++) {
    const at = i * constants.POLLFD_WORDS;
    const happened = fds[at + 1] >>> 16;
    if (happened !== 0) ring.keepReady(record, fds[at], happened);
  }
}

/** The sets that may be read and written, as select has left them. */
export function keepSelected(ring: CallRing, record: number, args: readonly unknown[]): void {
  const [bound, readable, writable] = args as [number, Int32Array | null, Int32Array | null];
  for (let fd = 0; fd < bound; fd++) {
    const word = (readable?.[fd >>> 5] ?? 0) | (writable?.[fd >>> 5] ?? 0);
    if ((word & (1 << (fd & 31))) !== 0) ring.keepReady(record, fd, 1);
  }
}
