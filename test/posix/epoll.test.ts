import { expect, test } from 'vitest';
import { check, posix } from '../../src/posix/index.ts';
import { closing, NO_FD, openPipe, writeText } from './descriptors.ts';

const { constants } = posix;
const { EPOLL_EVENT_WORDS, EPOLL_EVENT_DATA } = constants;

function openEpoll(): number {
  return closing(check(posix.epoll_create1(constants.EPOLL_CLOEXEC), 'epoll_create1'));
}

function roomFor(events: number): Int32Array {
  return new Int32Array(events * EPOLL_EVENT_WORDS);
}

/** A readable pipe in an epoll set, with 7 and 0xfffffffe as its data. */
function readyEpoll(): number {
  const [reader, writer] = openPipe();
  const epfd = openEpoll();
  const { EPOLL_CTL_ADD, EPOLLIN } = constants;
  check(posix.epoll_ctl(epfd, EPOLL_CTL_ADD, reader, EPOLLIN, 7, 0xfffffffe), 'epoll_ctl');
  writeText(writer, 'x');
  return epfd;
}

test('an event carries its bits and both words of its data', () => {
  const events = roomFor(4);
  expect(posix.epoll_wait(readyEpoll(), events, 4, -1)).toBe(1);
  expect(events[0]).toBe(constants.EPOLLIN);
  expect(events[EPOLL_EVENT_DATA]).toBe(7);
  expect(events[EPOLL_EVENT_DATA + 1] >>> 0).toBe(0xfffffffe);
});

test('the second event lies EPOLL_EVENT_WORDS behind the first', () => {
  const epfd = openEpoll();
  for (const data of [1, 2]) {
    const [reader, writer] = openPipe();
    posix.epoll_ctl(epfd, constants.EPOLL_CTL_ADD, reader, constants.EPOLLIN, data, 0);
    writeText(writer, 'x');
  }
  const events = roomFor(2);
  expect(posix.epoll_wait(epfd, events, 2, -1)).toBe(2);
  const data = [events[EPOLL_EVENT_DATA], events[EPOLL_EVENT_WORDS + EPOLL_EVENT_DATA]];
  expect(data.sort()).toEqual([1, 2]);
});

test('a change and a removal of interest', () => {
  const [reader, writer] = openPipe();
  const epfd = openEpoll();
  writeText(writer, 'x');
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_ADD, reader, 0, 0, 0)).toBe(0);
  expect(posix.epoll_wait(epfd, roomFor(1), 1, 0)).toBe(0);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_MOD, reader, constants.EPOLLIN, 0, 0)).toBe(0);
  expect(posix.epoll_wait(epfd, roomFor(1), 1, 0)).toBe(1);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_DEL, reader, 0, 0, 0)).toBe(0);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_ADD, reader, 0, 0, 0)).toBe(0);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_DEL, reader)).toBe(0);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_DEL, reader)).toBe(-constants.ENOENT);
  const { EPOLL_CTL_ADD } = constants;
  expect(() => posix.epoll_ctl(epfd, EPOLL_CTL_ADD, reader)).toThrow('"events" must be an integer');
  expect(posix.epoll_wait(epfd, roomFor(1), 1, 0)).toBe(0);
});

test('epoll_pwait and epoll_pwait2 report the same event', () => {
  const epfd = readyEpoll();
  expect(posix.epoll_pwait(epfd, roomFor(1), 1, -1, [constants.SIGUSR2])).toBe(1);
  expect(posix.epoll_pwait(epfd, roomFor(1), 1, -1, null)).toBe(1);
  expect(posix.epoll_pwait2(epfd, roomFor(1), 1, 0.5, [constants.SIGUSR2])).toBe(1);
  expect(posix.epoll_pwait2(epfd, roomFor(1), 1, -1, null)).toBe(1);
});

test('epoll_pwait2 takes a fraction of a millisecond as its timeout', () => {
  expect(posix.epoll_pwait2(openEpoll(), roomFor(1), 1, 0.25, null)).toBe(0);
});

test('errors come back as -errno', () => {
  const epfd = openEpoll();
  expect(posix.epoll_create1(0x7fffffff)).toBe(-constants.EINVAL);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_ADD, NO_FD, 0, 0, 0)).toBe(-constants.EBADF);
  expect(posix.epoll_ctl(epfd, constants.EPOLL_CTL_DEL, 0, 0, 0, 0)).toBe(-constants.ENOENT);
  expect(posix.epoll_wait(NO_FD, roomFor(1), 1, 0)).toBe(-constants.EBADF);
  expect(posix.epoll_wait(epfd, roomFor(1), 0, 0)).toBe(-constants.EINVAL);
  expect(posix.epoll_pwait(NO_FD, roomFor(1), 1, 0, null)).toBe(-constants.EBADF);
  expect(posix.epoll_pwait2(NO_FD, roomFor(1), 1, 0, null)).toBe(-constants.EBADF);
});

test('as many events as the view holds are allowed, and not one more', () => {
  const epfd = openEpoll();
  expect(posix.epoll_wait(epfd, roomFor(4), 4, 0)).toBe(0);
  expect(() => posix.epoll_wait(epfd, roomFor(4), 5, 0)).toThrow(RangeError);
  expect(() => posix.epoll_pwait(epfd, roomFor(4), 5, 0, null)).toThrow(RangeError);
  expect(() => posix.epoll_pwait2(epfd, roomFor(4), 5, 0, null)).toThrow(RangeError);
  expect(() => posix.epoll_wait(epfd, roomFor(4), 0x7fffffff, 0)).toThrow(RangeError);
});

test('a signal set that is none is misuse', () => {
  const epfd = openEpoll();
  expect(() => posix.epoll_pwait(epfd, roomFor(1), 1, 0, [0])).toThrow(/"sigmask"/);
  expect(() => posix.epoll_pwait(epfd, roomFor(1), 1, 0, [65])).toThrow(RangeError);
  expect(() => posix.epoll_pwait(epfd, roomFor(1), 1, 0, ['2'] as never)).toThrow(TypeError);
  expect(() => posix.epoll_pwait(epfd, roomFor(1), 1, 0, 2 as never)).toThrow(TypeError);
});

test('a getter in the signal set that detaches the events is too early to do harm', () => {
  const epfd = readyEpoll();
  const events = roomFor(1);
  const signals: number[] = [];
  Object.defineProperty(signals, 0, {
    get: () => {
      structuredClone(events.buffer, { transfer: [events.buffer as ArrayBuffer] });
      return 2;
    },
  });
  expect(() => posix.epoll_pwait(epfd, events, 1, 0, signals)).toThrow(/"events".*detached/);
});

test('arguments of a wrong type are named', () => {
  const epfd = openEpoll();
  expect(() => posix.epoll_create1('0' as never)).toThrow(/"flags"/);
  expect(() => posix.epoll_ctl(epfd, 1, Number.NaN, 0, 0, 0)).toThrow(/"fd"/);
  expect(() => posix.epoll_wait(epfd, new Uint8Array(12) as never, 1, 0)).toThrow(/"events"/);
  expect(() => posix.epoll_pwait2(epfd, roomFor(1), 1, Number.NaN, null)).toThrow(/"timeoutMs"/);
});
