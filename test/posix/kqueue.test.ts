import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';

const IS_LINUX = process.platform === 'linux';

test('where there is no kqueue its functions and constants are absent, not stubs', () => {
  expect('kqueue' in posix).toBe(!IS_LINUX);
  expect('kevent' in posix).toBe(!IS_LINUX);
  expect('EVFILT_READ' in posix.constants).toBe(!IS_LINUX);
});
