/**
 * kqueue(2), macOS and the BSDs: the kernel keeps the list, as epoll does, but reading and writing
 * are two filters, each added and deleted by itself, and changes travel with the wait.
 *
 * Compiled on Linux, never run there: its tests need one of those systems.
 */
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { FAILED, type Poller, READABLE, READY_EVENTS, READY_WORDS, WRITABLE } from './poller.ts';

export function create(posix: Posix): Poller {
  const {
    KEVENT_WORDS,
    EV_ADD,
    EVFILT_WRITE,
    EVFILT_READ,
    EV_DELETE,
    KEVENT_IDENT,
    KEVENT_UDATA,
    KEVENT_FILTER,
    KEVENT_FILTER_BYTES,
    KEVENT_FLAGS,
    KEVENT_FLAGS_BYTES,
    EV_ERROR,
    EV_EOF,
  } = posix.constants;
  const ready = new Int32Array(READY_EVENTS * READY_WORDS);
  const kq = check(posix.kqueue(), 'kqueue');
  const events = new Int32Array(READY_EVENTS * KEVENT_WORDS);
  const change = new Int32Array(KEVENT_WORDS);
  const changeView = new DataView(change.buffer);
  const eventView = new DataView(events.buffer);

  function add(fd: number, generation: number, interest: number): number {
    return apply(fd, filterOf(interest), EV_ADD, generation);
  }

  /** The filter that is not wanted goes first; that it was not there is no error. */
  function modify(fd: number, generation: number, interest: number): number {
    const other = interest & READABLE ? EVFILT_WRITE : EVFILT_READ;
    apply(fd, other, EV_DELETE, generation);
    return apply(fd, filterOf(interest), EV_ADD, generation);
  }

  function remove(fd: number): number {
    const read = apply(fd, EVFILT_READ, EV_DELETE, 0);
    const write = apply(fd, EVFILT_WRITE, EV_DELETE, 0);
    return Math.max(read, write);
  }

  function wait(timeoutMs: number): number {
    const count = posix.kevent(kq, null, 0, events, READY_EVENTS, timeoutMs);
    for (let i = 0; i < count; i++) {
      const event = i * KEVENT_WORDS * 4;
      ready[i * READY_WORDS] = eventView.getInt32(event + KEVENT_IDENT, true);
      ready[i * READY_WORDS + 1] = eventView.getInt32(event + KEVENT_UDATA, true);
      ready[i * READY_WORDS + 2] = readinessOf(event);
    }
    return count;
  }

  function close(): void {
    posix.close(kq);
  }

  function filterOf(interest: number): number {
    return interest & READABLE ? EVFILT_READ : EVFILT_WRITE;
  }

  function readinessOf(event: number): number {
    const filter = small(event + KEVENT_FILTER, KEVENT_FILTER_BYTES);
    const flags = small(event + KEVENT_FLAGS, KEVENT_FLAGS_BYTES);
    const failed = flags & (EV_ERROR | EV_EOF) ? FAILED : 0;
    return (filter === EVFILT_READ ? READABLE : WRITABLE) | failed;
  }

  /** filter and flags have 16 bits on most systems, 32 on NetBSD. */
  function small(at: number, lengthBytes: number): number {
    return lengthBytes === 2 ? eventView.getInt16(at, true) : eventView.getInt32(at, true);
  }

  function apply(fd: number, filter: number, flags: number, generation: number): number {
    change.fill(0);
    changeView.setInt32(KEVENT_IDENT, fd, true);
    put(KEVENT_FILTER, filter, KEVENT_FILTER_BYTES);
    put(KEVENT_FLAGS, flags, KEVENT_FLAGS_BYTES);
    changeView.setInt32(KEVENT_UDATA, generation, true);
    return posix.kevent(kq, change, 1, null, 0, 0);
  }

  function put(at: number, value: number, lengthBytes: number): void {
    if (lengthBytes === 2) changeView.setInt16(at, value, true);
    else changeView.setInt32(at, value, true);
  }

  return { ready, edgeTriggered: false, add, modify, remove, wait, close };
}
