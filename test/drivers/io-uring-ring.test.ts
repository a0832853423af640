import { describe, expect, onTestFinished, test } from 'vitest';
import { kindOf, Requests, WATCH } from '../../src/drivers/io-uring/requests.ts';
import { Ring } from '../../src/drivers/io-uring/ring.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';
import { openPair, writeText } from '../posix/descriptors.ts';
import { KERNELS, requireIoUring } from './kernels.ts';

requireIoUring();

const c = posix.constants;
const NOP = c.IORING_OP_NOP;

/** What has completed, as the low halves of user_data. */
function taken({ completions }: Ring): number[] {
  const users: number[] = [];
  for (let left = completions.available(); left > 0; left--) {
    completions.take();
    users.push(completions.userLow);
  }
  return users;
}

describe.each(KERNELS)('a ring of $kernel', ({ posix: kernel }) => {
  function openRing(submissions: number, completions: number): Ring {
    const ring = new Ring(kernel, submissions, completions);
    onTestFinished(() => ring.close());
    return ring;
  }

  test('a request comes back with its user_data and its result', () => {
    const ring = openRing(4, 8);
    ring.submissions.push(NOP, -1, 0, 0, 0, 0, -5, 0x7fffffff);
    ring.wait(1, -1);
    ring.completions.take();
    const { userLow, userHigh, result } = ring.completions;
    expect([userLow, userHigh, result]).toEqual([-5, 0x7fffffff, 0]);
  });

  test('completions come in the order of the requests, round and round the ring', () => {
    const ring = openRing(4, 8);
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < 4; i++) ring.submissions.push(NOP, -1, 0, 0, 0, 0, 4 * round + i, 0);
      ring.wait(4, -1);
      expect(taken(ring)).toEqual([0, 1, 2, 3].map((i) => 4 * round + i));
    }
  });

  test('a wait ends when its time is up', () => {
    const ring = openRing(4, 8);
    const startedAtMs = performance.now();
    ring.wait(1, 20);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(19);
    expect(ring.completions.available()).toBe(0);
  });

  test('more requests than the ring holds are handed over in between', () => {
    const ring = openRing(4, 64);
    const requests = new Requests(kernel, ring);
    // Closing no descriptor fails, which is told.
    for (let i = 0; i < 21; i++) requests.close(-1 - i);
    ring.submit();
    expect(taken(ring)).toEqual(Array.from({ length: 21 }, (_, i) => -1 - i));
  });

  test('completions that find no room come when there is some', () => {
    const ring = openRing(8, 8);
    for (let i = 0; i < 8; i++) ring.submissions.push(NOP, -1, 0, 0, 0, 0, i, 0);
    ring.wait(8, -1);
    expect(ring.overflowed).toBe(false);
    for (let i = 8; i < 16; i++) ring.submissions.push(NOP, -1, 0, 0, 0, 0, i, 0);
    ring.wait(8, 0);
    expect(ring.overflowed).toBe(true);
    const users = taken(ring);
    while (users.length < 16) {
      ring.wait(1, -1);
      users.push(...taken(ring));
    }
    expect(users).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(ring.overflowed).toBe(false);
  });

  test('a watched descriptor is told of once', () => {
    const ring = openRing(4, 8);
    const [here, there] = openPair();
    new Requests(kernel, ring).watch(here);
    ring.wait(1, 0);
    expect(ring.completions.available()).toBe(0);
    writeText(there, 'x');
    ring.wait(1, -1);
    expect(taken(ring)).toEqual([here]);
    expect(kindOf(ring.completions.userHigh)).toBe(WATCH);
    ring.wait(1, 0);
    expect(ring.completions.available()).toBe(0);
  });
});

describe('entries that the kernel does not take', () => {
  /** Refuses the first so many calls that offer something. */
  function refusing(errno: number, times: number): Posix {
    let left = times;
    return {
      ...posix,
      io_uring_enter(fd, toSubmit, ...rest) {
        if (toSubmit > 0 && left-- > 0) return -errno;
        return posix.io_uring_enter(fd, toSubmit, ...rest);
      },
    };
  }

  function openRing(kernel: Posix): Ring {
    const ring = new Ring(kernel, 4, 16);
    onTestFinished(() => ring.close());
    return ring;
  }

  function push({ submissions }: Ring, user: number): number {
    const entry = submissions.end;
    submissions.push(NOP, -1, 0, 0, 0, 0, user, 0);
    return entry;
  }

  test('are offered again by the next wait, and count as taken only then', () => {
    const ring = openRing(refusing(c.EAGAIN, 1));
    const requests = new Requests(posix, ring);
    const entry = push(ring, 7);
    ring.wait(1, 1);
    expect(requests.hasTaken(entry)).toBe(false);
    expect(taken(ring)).toEqual([]);
    ring.wait(1, 1);
    expect(requests.hasTaken(entry)).toBe(true);
    expect(taken(ring)).toEqual([7]);
  });

  test('are offered until they are taken where nobody is to sleep', () => {
    const ring = openRing(refusing(c.EBUSY, 3));
    push(ring, 7);
    ring.wait(0, 0);
    expect(taken(ring)).toEqual([7]);
  });

  test('wait behind the ring where it is full, in their order', () => {
    const ring = openRing(refusing(c.EAGAIN, 2));
    const entries = Array.from({ length: 10 }, (_, i) => push(ring, i));
    expect(ring.submissions.overfull).toBe(true);
    ring.wait(10, 1);
    expect(ring.submissions.overfull).toBe(true);
    ring.wait(10, 1);
    ring.wait(10, -1);
    expect(taken(ring)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(entries).toEqual(Array.from({ length: 10 }, (_, i) => entries[0] + i));
  });

  test('a kernel that goes on refusing keeps nobody for ever', () => {
    const ring = openRing(refusing(c.EAGAIN, Number.POSITIVE_INFINITY));
    const entry = push(ring, 7);
    ring.submit();
    expect(new Requests(posix, ring).hasTaken(entry)).toBe(false);
  });
});
