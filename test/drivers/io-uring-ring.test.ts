import { describe, expect, onTestFinished, test } from 'vitest';
import { kindOf, Requests, WATCH } from '../../src/drivers/io-uring/requests.ts';
import { Ring } from '../../src/drivers/io-uring/ring.ts';
import { posix } from '../../src/posix/native.ts';
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
