import { expect, test } from 'vitest';
import { available, availableIn, type Posix, posix } from '../../src/posix/index.ts';

test('Linux has everything but kqueue', () => {
  const lacking = Object.entries(available).filter(([, is]) => !is);
  expect(lacking).toEqual([['kqueue', false]]);
});

test('a feature is there where its function is', () => {
  const { accept4, ...rest } = posix;
  expect(accept4).toBeTypeOf('function');
  expect(availableIn(rest as Posix)).toEqual({ ...available, accept4: false });
});
