import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { NO_FD, openPipe, writeText } from './descriptors.ts';

const { POLLFD_WORDS, POLLIN, POLLOUT, POLLNVAL, EINVAL } = posix.constants;

const reventsOf = (fds: Int32Array, index: number) => fds[index * POLLFD_WORDS + 1] >>> 16;

function readyPipe(): Int32Array {
  const [reader, writer] = openPipe();
  writeText(writer, 'x');
  return new Int32Array([reader, POLLIN, writer, POLLOUT, -1, POLLIN, reader, 0]);
}

test('poll reports what is ready in the high half of the second word', () => {
  const fds = readyPipe();
  expect(posix.poll(fds, 4, -1)).toBe(2);
  expect([0, 1, 2, 3].map((index) => reventsOf(fds, index))).toEqual([POLLIN, POLLOUT, 0, 0]);
});

test('ppoll does so under a signal mask', () => {
  const fds = readyPipe();
  expect(posix.ppoll(fds, 4, 0.5, [posix.constants.SIGUSR2])).toBe(2);
  expect(posix.ppoll(fds, 4, -1, null)).toBe(2);
});

test('nothing ready: 0 after the timeout', () => {
  const [reader] = openPipe();
  expect(posix.poll(new Int32Array([reader, POLLIN]), 1, 1)).toBe(0);
  expect(posix.ppoll(new Int32Array([reader, POLLIN]), 1, 0.1, null)).toBe(0);
});

test('a descriptor that is not open has POLLNVAL', () => {
  const fds = new Int32Array([NO_FD, POLLIN]);
  expect(posix.poll(fds, 1, 0)).toBe(1);
  expect(reventsOf(fds, 0)).toBe(POLLNVAL);
});

test('more descriptors than the limit of open files: EINVAL', () => {
  const limit = { soft: 0, hard: 0 };
  posix.getrlimit(posix.constants.RLIMIT_NOFILE, limit);
  const few = { soft: 64, hard: limit.hard };
  const fds = new Int32Array(65 * POLLFD_WORDS).fill(-1);
  posix.setrlimit(posix.constants.RLIMIT_NOFILE, few);
  const rcs = [posix.poll(fds, 65, 0), posix.ppoll(fds, 65, 0, null)];
  posix.setrlimit(posix.constants.RLIMIT_NOFILE, limit);
  expect(rcs).toEqual([-EINVAL, -EINVAL]);
});

test('as many pollfds as the view holds are allowed, and not one more', () => {
  const fds = new Int32Array(2 * POLLFD_WORDS).fill(-1);
  expect(posix.poll(fds, 2, 0)).toBe(0);
  expect(() => posix.poll(fds, 3, 0)).toThrow(/"nfds"/);
  expect(() => posix.ppoll(fds, 3, 0, null)).toThrow(RangeError);
  expect(() => posix.poll(fds, -1, 0)).toThrow(RangeError);
});

test('arguments of a wrong type are named', () => {
  expect(() => posix.poll(new Float64Array(2) as never, 1, 0)).toThrow(/"fds"/);
  expect(() => posix.ppoll(new Int32Array(2), 1, '1' as never, null)).toThrow(/"timeoutMs"/);
});
