/**
 * poll(2), everywhere: the list of what is watched is ours, and the kernel gets the whole of it
 * with every call. No limit on descriptors, but a wait costs by what is watched, not by what is
 * ready.
 */
import type { Posix } from '../../posix/posix.ts';
import { FAILED, type Poller, READABLE, READY_EVENTS, READY_WORDS, WRITABLE } from './poller.ts';

export function create(posix: Posix): Poller {
  const { POLLFD_WORDS, EEXIST, ENOENT, POLLIN, POLLOUT, POLLERR, POLLHUP, POLLNVAL } =
    posix.constants;
  const ready = new Int32Array(READY_EVENTS * READY_WORDS);
  /** struct pollfd's, without gaps: the last one takes a removed one's place. */
  let watched = new Int32Array(INITIAL_WATCHED * POLLFD_WORDS);
  let generations = new Int32Array(INITIAL_WATCHED);
  let count = 0;
  /** Where a descriptor stands in `watched`; undefined: not at all. */
  const positions: (number | undefined)[] = [];
  /** Where the next walk over the answers begins, so that none is always the last. */
  let first = 0;

  function add(fd: number, generation: number, interest: number): number {
    if (positions[fd] !== undefined) return -EEXIST;
    if (count === generations.length) grow();
    positions[fd] = count++;
    return modify(fd, generation, interest);
  }

  function modify(fd: number, generation: number, interest: number): number {
    const position = positions[fd];
    if (position === undefined) return -ENOENT;
    watched[position * POLLFD_WORDS] = fd;
    watched[position * POLLFD_WORDS + 1] = maskOf(interest);
    generations[position] = generation;
    return 0;
  }

  function remove(fd: number): number {
    const position = positions[fd];
    if (position === undefined) return -ENOENT;
    positions[fd] = undefined;
    count--;
    if (position < count) {
      const last = count * POLLFD_WORDS;
      watched.copyWithin(position * POLLFD_WORDS, last, last + POLLFD_WORDS);
      generations[position] = generations[count];
      positions[watched[position * POLLFD_WORDS]] = position;
    }
    return 0;
  }

  function wait(timeoutMs: number): number {
    const answered = posix.poll(watched, count, timeoutMs);
    let found = 0;
    let position = first < count ? first : 0;
    for (let left = count; left > 0 && found < answered && found < READY_EVENTS; left--) {
      const mask = watched[position * POLLFD_WORDS + 1] >>> 16;
      if (mask !== 0) {
        ready[found * READY_WORDS] = watched[position * POLLFD_WORDS];
        ready[found * READY_WORDS + 1] = generations[position];
        ready[found * READY_WORDS + 2] = readinessOf(mask);
        found++;
      }
      position = position + 1 < count ? position + 1 : 0;
    }
    first = position;
    return answered < 0 ? answered : found;
  }

  function close(): void {
    count = 0;
  }

  function maskOf(interest: number): number {
    return (interest & READABLE ? POLLIN : 0) | (interest & WRITABLE ? POLLOUT : 0);
  }

  function readinessOf(mask: number): number {
    return (
      (mask & POLLIN ? READABLE : 0) |
      (mask & POLLOUT ? WRITABLE : 0) |
      (mask & (POLLERR | POLLHUP | POLLNVAL) ? FAILED : 0)
    );
  }

  function grow(): void {
    const larger = new Int32Array(watched.length * 2);
    larger.set(watched);
    watched = larger;
    const more = new Int32Array(generations.length * 2);
    more.set(generations);
    generations = more;
  }

  return { ready, edgeTriggered: false, add, modify, remove, wait, close };
}

/** Doubles as needed; most servers that are looked at never get here. */
const INITIAL_WATCHED = 64;
