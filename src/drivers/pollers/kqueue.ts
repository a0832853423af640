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
  const c = posix.constants;
  const ready = new Int32Array(READY_EVENTS * READY_WORDS);
  const kq = check(posix.kqueue(), 'kqueue');
  const events = new Int32Array(READY_EVENTS * c.KEVENT_WORDS);
  const change = new Int32Array(c.KEVENT_WORDS);
  const changeView = new DataView(change.buffer);
  const eventView = new DataView(events.buffer);

  function add(fd: number, generation: number, interest: number): number {
    return apply(fd, filterOf(interest), c.EV_ADD, generation);
  }

  /** The filter that is not wanted goes first; that it was not there is no error. */
  function modify(fd: number, generation: number, interest: number): number {
    const other = interest & READABLE ? c.EVFILT_WRITE : c.EVFILT_READ;
    apply(fd, other, c.EV_DELETE, generation);
    return apply(fd, filterOf(interest), c.EV_ADD, generation);
  }

  function remove(fd: number): number {
    const read = apply(fd, c.EVFILT_READ, c.EV_DELETE, 0);
    const write = apply(fd, c.EVFILT_WRITE, c.EV_DELETE, 0);
    return Math.max(read, write);
  }

  function wait(timeoutMs: number): number {
    const count = posix.kevent(kq, null, 0, events, READY_EVENTS, timeoutMs);
    for (let i = 0; i < count; i++) {
      const event = i * c.KEVENT_WORDS * 4;
      ready[i * READY_WORDS] = eventView.getInt32(event + c.KEVENT_IDENT, true);
      ready[i * READY_WORDS + 1] = eventView.getInt32(event + c.KEVENT_UDATA, true);
      ready[i * READY_WORDS + 2] = readinessOf(event);
    }
    return count;
  }

  function close(): void {
    posix.close(kq);
  }

  function filterOf(interest: number): number {
    return interest & READABLE ? c.EVFILT_READ : c.EVFILT_WRITE;
  }

  function readinessOf(event: number): number {
    const filter = small(event + c.KEVENT_FILTER, c.KEVENT_FILTER_BYTES);
    const flags = small(event + c.KEVENT_FLAGS, c.KEVENT_FLAGS_BYTES);
    const failed = flags & (c.EV_ERROR | c.EV_EOF) ? FAILED : 0;
    return (filter === c.EVFILT_READ ? READABLE : WRITABLE) | failed;
  }

  /** filter and flags have 16 bits on most systems, 32 on NetBSD. */
  function small(at: number, lengthBytes: number): number {
    return lengthBytes === 2 ? eventView.getInt16(at, true) : eventView.getInt32(at, true);
  }

  function apply(fd: number, filter: number, flags: number, generation: number): number {
    change.fill(0);
    changeView.setInt32(c.KEVENT_IDENT, fd, true);
    put(c.KEVENT_FILTER, filter, c.KEVENT_FILTER_BYTES);
    put(c.KEVENT_FLAGS, flags, c.KEVENT_FLAGS_BYTES);
    changeView.setInt32(c.KEVENT_UDATA, generation, true);
    return posix.kevent(kq, change, 1, null, 0, 0);
  }

  function put(at: number, value: number, lengthBytes: number): void {
    if (lengthBytes === 2) changeView.setInt16(at, value, true);
    else changeView.setInt32(at, value, true);
  }

  return { ready, edgeTriggered: false, add, modify, remove, wait, close };
}
