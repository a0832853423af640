import { expect, test } from 'vitest';
import { check, describe, errorName, posix, SyscallError } from '../../src/posix/index.ts';

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

test('an errno has its name, negated or not; one without a name is told as a number', () => {
  expect([EBADF, ECHILD].map(errorName)).toEqual(['EBADF', 'ECHILD']);
  expect([-EBADF, -ECHILD].map(errorName)).toEqual(['EBADF', 'ECHILD']);
  expect([4000, -4000].map(errorName)).toEqual(['errno 4000', 'errno 4000']);
});

test('strerror tells what the C library says of an error number', () => {
  expect(posix.strerror(EBADF)).toBe('Bad file descriptor');
  expect(posix.strerror(4000)).toContain('4000');
  expect(() => posix.strerror('9' as never)).toThrow('"errnum" must be an integer, not a string');
});

test('describe puts the call, the text and the name of a result together', () => {
  expect(describe(-EADDRINUSE, 'bind')).toBe('bind: Address already in use (EADDRINUSE)');
  expect(describe(posix.close(-1), 'close')).toBe('close: Bad file descriptor (EBADF)');
  expect(describe(7, 'accept4')).toBe('accept4 returned 7');
});
