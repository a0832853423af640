import { expect, test } from 'vitest';
import { check, posix, type TimerSpec } from '../../src/posix/index.ts';
import { closing, NO_FD } from './descriptors.ts';

const { constants } = posix;
const { CLOCK_MONOTONIC, EBADF, EINVAL, TFD_CLOEXEC } = constants;

const NEVER = { seconds: 0, nanoseconds: 0 };
const HOUR: TimerSpec = {
  interval: { seconds: 60, nanoseconds: 5 },
  value: { seconds: 3600, nanoseconds: 0 },
};

function openTimer(): number {
  return closing(check(posix.timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC), 'timerfd_create'));
}

test('a timer that is read tells how often it has expired', () => {
  const fd = openTimer();
  const soon = { interval: NEVER, value: { seconds: 0, nanoseconds: 1000 } };
  const expirations = new BigUint64Array(1);
  expect(posix.timerfd_settime(fd, 0, soon, null)).toBe(0);
  expect(posix.read(fd, new Uint8Array(expirations.buffer), 0, 8)).toBe(8);
  expect(expirations[0]).toBe(1n);
});

test('timerfd_gettime tells the rest and the interval', () => {
  const fd = openTimer();
  const rest: Partial<TimerSpec> = {};
  posix.timerfd_settime(fd, 0, HOUR, null);
  expect(posix.timerfd_gettime(fd, rest)).toBe(0);
  expect(rest.interval).toEqual(HOUR.interval);
  expect([3599, 3600]).toContain(rest.value?.seconds);
});

test('timerfd_settime tells the setting until now', () => {
  const fd = openTimer();
  const before: Partial<TimerSpec> = {};
  posix.timerfd_settime(fd, 0, HOUR, null);
  expect(posix.timerfd_settime(fd, 0, { interval: NEVER, value: NEVER }, before)).toBe(0);
  expect(before.interval).toEqual(HOUR.interval);
});

test('errors: an unknown clock, no descriptor', () => {
  expect(posix.timerfd_create(4711, 0)).toBe(-EINVAL);
  expect(posix.timerfd_settime(NO_FD, 0, HOUR, null)).toBe(-EBADF);
  expect(posix.timerfd_gettime(NO_FD, {})).toBe(-EBADF);
});

test.each([
  ['new_value.interval', { value: NEVER }],
  ['new_value.value', { interval: NEVER, value: 7 }],
  ['new_value.value.seconds', { interval: NEVER, value: { seconds: -1, nanoseconds: 0 } }],
  ['new_value.value.nanoseconds', { interval: NEVER, value: { seconds: 0, nanoseconds: 1e9 } }],
])('misuse names %s', (name, timer) => {
  const message = new RegExp(`"${name.replaceAll('.', '\\.')}" must be`);
  expect(() => posix.timerfd_settime(NO_FD, 0, timer as never, null)).toThrow(message);
});
