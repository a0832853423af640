import { expect, test } from 'vitest';
import { check, errorName, posix, SyscallError } from '../../src/posix/index.ts';

const { EADDRINUSE, EBADF, ECHILD } = posix.constants;

test('check passes results through', () => {
  expect([0, 7].map((result) => check(result, 'read'))).toEqual([0, 7]);
});

test('check throws what failed, where, and why', () => {
  const detail = { address: '127.0.0.1', port: 6379 };
  const failure = expect(() => check(-EADDRINUSE, 'bind', detail));
  failure.toThrow(SyscallError);
  failure.toThrow(
    expect.objectContaining({
      message: 'bind EADDRINUSE 127.0.0.1:6379',
      code: 'EADDRINUSE',
      errno: EADDRINUSE,
      syscall: 'bind',
      ...detail,
    }),
  );
});

test('without a detail the error has none', () => {
  const error = new SyscallError(EBADF, 'read');
  expect(error.message).toBe('read EBADF');
  expect(error).not.toHaveProperty('address');
  expect(error).not.toHaveProperty('port');
});

test('an errno without a name is told as a number', () => {
  expect([EBADF, ECHILD].map(errorName)).toEqual(['EBADF', 'ECHILD']);
  expect(errorName(4000)).toBe('errno 4000');
});
