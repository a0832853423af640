/**
 * select(2), everywhere: two bitmaps, one bit a descriptor, which the kernel overwrites with its
 * answer: so they are copied before each call, and read from end to end after it. A bitmap has
 * FD_SETSIZE bits (1024): a descriptor beyond cannot be watched, however few there are.
 */
import type { Posix } from '../../posix/posix.ts';
import { FAILED, type Poller, READABLE, READY_EVENTS, READY_WORDS, WRITABLE } from './poller.ts';

export function create(posix: Posix): Poller {
  const { FD_SETSIZE, EINVAL, ENOENT } = posix.constants;
  const ready = new Int32Array(READY_EVENTS * READY_WORDS);
  const words = FD_SETSIZE / BITS;
  const wantRead = new Int32Array(words);
  const wantWrite = new Int32Array(words);
  const canRead = new Int32Array(words);
  const canWrite = new Int32Array(words);
  const generations = new Int32Array(FD_SETSIZE);
  /** One more than the highest watched descriptor: select's first argument. */
  let bound = 0;

  function add(fd: number, generation: number, interest: number): number {
    // FD_SET would write past the end of the set: the bug that this limit is known for.
    if (fd >= FD_SETSIZE) return -EINVAL;
    bound = Math.max(bound, fd + 1);
    return modify(fd, generation, interest);
  }

  function modify(fd: number, generation: number, interest: number): number {
    put(wantRead, fd, (interest & READABLE) !== 0);
    put(wantWrite, fd, (interest & WRITABLE) !== 0);
    generations[fd] = generation;
    return 0;
  }

  function remove(fd: number): number {
    if (fd >= FD_SETSIZE) return -ENOENT;
    put(wantRead, fd, false);
    put(wantWrite, fd, false);
    while (bound > 0 && !has(wantRead, bound - 1) && !has(wantWrite, bound - 1)) bound--;
    return 0;
  }

  function wait(timeoutMs: number): number {
    canRead.set(wantRead);
    canWrite.set(wantWrite);
    const answered = posix.select(bound, canRead, canWrite, null, timeoutMs);
    if (answered <= 0) return answered;
    let found = 0;
    for (let fd = 0; fd < bound && found < READY_EVENTS; fd++) {
      const readiness = (has(canRead, fd) ? READABLE : 0) | (has(canWrite, fd) ? WRITABLE : 0);
      if (readiness === 0) continue;
      ready[found * READY_WORDS] = fd;
      ready[found * READY_WORDS + 1] = generations[fd];
      // An error has no set of its own here: it makes the descriptor readable and writable.
      ready[found * READY_WORDS + 2] = readiness | FAILED;
      found++;
    }
    return found;
  }

  function close(): void {
    bound = 0;
  }

  return { ready, edgeTriggered: false, add, modify, remove, wait, close };
}

const BITS = 32;

/** FD_ISSET: bit `fd` of the set, in the words that the kernel uses on little-endian machines. */
function has(set: Int32Array, fd: number): boolean {
  return (set[fd >>> 5] & (1 << (fd & 31))) !== 0;
}

/** FD_SET and FD_CLR. */
function put(set: Int32Array, fd: number, on: boolean): void {
  if (on) set[fd >>> 5] |= 1 << (fd & 31);
  else set[fd >>> 5] &= ~(1 << (fd & 31));
}
