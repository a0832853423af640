import { expect, test } from 'vitest';
import { FD_CLR, FD_ISSET, FD_SET, FD_ZERO, posix } from '../../src/posix/index.ts';
import { openPipe, writeText } from './descriptors.ts';

const { FD_SETSIZE, FD_SET_WORDS, EBADF, EINVAL } = posix.constants;

function setOf(...fds: number[]): Int32Array {
  const set = new Int32Array(FD_SET_WORDS);
  for (const fd of fds) FD_SET(fd, set);
  return set;
}

test('select leaves the bits of the descriptors that are ready', () => {
  const [reader, writer] = openPipe();
  const [silent] = openPipe();
  writeText(writer, 'x');
  const readable = setOf(reader, silent);
  const writable = setOf(writer);
  expect(posix.select(FD_SETSIZE, readable, writable, null, -1)).toBe(2);
  expect(readable).toEqual(setOf(reader));
  expect(writable).toEqual(setOf(writer));
});

test('pselect does so under a signal mask', () => {
  const [reader, writer] = openPipe();
  writeText(writer, 'x');
  const { SIGUSR2 } = posix.constants;
  expect(posix.pselect(reader + 1, setOf(reader), null, null, 0.5, [SIGUSR2])).toBe(1);
  expect(posix.pselect(reader + 1, setOf(reader), null, null, -1, null)).toBe(1);
});

test('nothing ready: 0 after the timeout, and no bit is left', () => {
  const [reader] = openPipe();
  const readable = setOf(reader);
  expect(posix.select(FD_SETSIZE, readable, null, null, 0.5)).toBe(0);
  expect(readable).toEqual(setOf());
  expect(posix.pselect(FD_SETSIZE, null, null, null, 0.5, null)).toBe(0);
});

test('errors come back as -errno', () => {
  const [reader, writer] = openPipe();
  posix.close(reader);
  const rc = posix.select(reader + 1, setOf(reader), null, null, 0);
  expect(rc).toBe(-EBADF);
  expect(posix.pselect(reader + 1, setOf(reader), null, null, 0, null)).toBe(-EBADF);
  expect(writer).toBeGreaterThan(reader);
  expect(EINVAL).toBeGreaterThan(0);
});

test('FD_SETSIZE descriptors are allowed, and not one more', () => {
  expect(posix.select(FD_SETSIZE, setOf(), null, null, 0)).toBe(0);
  expect(() => posix.select(FD_SETSIZE + 1, setOf(), null, null, 0)).toThrow(/"nfds"/);
  expect(() => posix.pselect(FD_SETSIZE + 1, setOf(), null, null, 0, null)).toThrow(RangeError);
  expect(() => posix.select(-1, null, null, null, 0)).toThrow(RangeError);
});

test('a set shorter than FD_SETSIZE bits is misuse, whatever nfds is', () => {
  const short = new Int32Array(FD_SET_WORDS - 1);
  expect(() => posix.select(1, short, null, null, 0)).toThrow(/"readfds"/);
  expect(() => posix.select(1, null, short, null, 0)).toThrow(/"writefds"/);
  expect(() => posix.select(1, null, null, short, 0)).toThrow(/"exceptfds"/);
  expect(() => posix.pselect(1, new Uint8Array(128) as never, null, null, 0, null)).toThrow(
    TypeError,
  );
});

test('the macros set, test and clear one bit', () => {
  const set = setOf(0, 31, 32, FD_SETSIZE - 1);
  expect([0, 31, 32, FD_SETSIZE - 1].every((fd) => FD_ISSET(fd, set))).toBe(true);
  expect(FD_ISSET(1, set)).toBe(false);
  FD_CLR(31, set);
  expect(FD_ISSET(31, set)).toBe(false);
  FD_ZERO(set);
  expect(set).toEqual(setOf());
});

test('a descriptor of FD_SETSIZE or more has no bit', () => {
  expect(() => FD_SET(FD_SETSIZE, setOf())).toThrow(RangeError);
  expect(() => FD_ISSET(FD_SETSIZE, setOf())).toThrow(RangeError);
  expect(() => FD_CLR(-1, setOf())).toThrow(RangeError);
});
