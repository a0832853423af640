/** Buffers that hold unfinished requests: some are kept, the others go back to the kernel. */
import { expect, test } from 'vitest';
import { Words } from '../../src/bytes/words.ts';
import { posix } from '../../src/posix/native.ts';
import { HeldBuffers, takenBytes } from '../../src/server/held-buffers.ts';

const LONG_BYTES = 1024 ** 2;

test('a long buffer is a mapping: given back, its views are empty', () => {
  const buffers = new HeldBuffers(posix);
  const bytes = buffers.take(LONG_BYTES);
  bytes.fill(1);
  buffers.giveBack(bytes);
  expect(bytes.length).toBe(0);
});

test('a shorter one is kept for the next request that is not much shorter', () => {
  const buffers = new HeldBuffers(posix);
  const bytes = buffers.take(10_000);
  buffers.giveBack(bytes);
  expect(buffers.take(100)).not.toBe(bytes);
  expect(buffers.take(9000)).toBe(bytes);
  expect(buffers.take(9000)).not.toBe(bytes);
});

test.each([
  ['many', 10_000, 140, 128],
  ['many bytes', 256 * 1024, 40, 32],
])('of %s the eldest goes', (_name, length, count, kept) => {
  const buffers = new HeldBuffers(posix);
  const all = Array.from({ length: count }, () => buffers.take(length));
  for (const bytes of all) buffers.giveBack(bytes);
  expect(all.map((bytes) => bytes.length > 0)).toEqual(all.map((_, i) => i >= count - kept));
});

test('fifty clients that send 64 KiB at a time need no new ones', () => {
  const buffers = new HeldBuffers(posix);
  const take = () => Array.from({ length: 50 }, () => buffers.take(65_600));
  const first = take();
  for (const bytes of first) buffers.giveBack(bytes);
  expect(new Set(take())).toEqual(new Set(first));
});

test('where nothing can be mapped, the heap serves', () => {
  const { constants, munmap } = posix;
  const buffers = new HeldBuffers({ constants, munmap, mmap: () => -constants.ENOMEM });
  const bytes = buffers.take(LONG_BYTES);
  buffers.giveBack(bytes);
  expect(bytes.length).toBe(LONG_BYTES);
});

test('what a mapping takes is what was written into it', () => {
  const buffers = new HeldBuffers(posix);
  expect(takenBytes(buffers.take(LONG_BYTES), 10)).toBe(10);
  expect(takenBytes(buffers.take(100), 10)).toBe(100);
  expect(takenBytes(undefined, 0)).toBe(0);
});

test('a list of numbers grows through them', () => {
  const list = new Words(new HeldBuffers(posix), 2);
  list.words.set([7, 8]);
  list.resize(100_000, 2);
  expect([list.words.length, list.words[0], list.words[1]]).toEqual([100_000, 7, 8]);
  list.release();
  expect(list.words.length).toBe(0);
});
