import { openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check, posix } from '../../src/posix/index.ts';
import { ADDON, startChild } from './child.ts';
import { closing, NO_FD, openMemory, openPipe } from './descriptors.ts';

const { constants } = posix;
const { MAP_SHARED, MAP_PRIVATE, MAP_ANONYMOUS, MADV_DONTNEED, EBADF, EINVAL } = constants;
const READ_WRITE = constants.PROT_READ | constants.PROT_WRITE;
const PAGE = posix.getpagesize();

function mapped(result: ArrayBuffer | number): ArrayBuffer {
  if (typeof result === 'number') throw new Error(`mmap: errno ${-result}`);
  return result;
}

function anonymous(lengthBytes: number): ArrayBuffer {
  return mapped(posix.mmap(lengthBytes, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

test('anonymous memory is zero, writable, and gone after munmap', () => {
  const buffer = anonymous(2 * PAGE);
  const view = new Uint8Array(buffer);
  expect(view.every((byte) => byte === 0)).toBe(true);
  view[2 * PAGE - 1] = 7;
  expect(view[2 * PAGE - 1]).toBe(7);
  expect(posix.munmap(buffer)).toBe(0);
  expect([buffer.byteLength, view.length, view[0]]).toEqual([0, 0, undefined]);
});

test('two mappings of one memfd are the same bytes', () => {
  const fd = openMemory(PAGE);
  const one = new Int32Array(mapped(posix.mmap(PAGE, READ_WRITE, MAP_SHARED, fd, 0)));
  const other = new Int32Array(mapped(posix.mmap(PAGE, READ_WRITE, MAP_SHARED, fd, 0)));
  Atomics.add(one, 5, 42);
  expect(Atomics.load(other, 5)).toBe(42);
});

test('a mapping may begin within the file, but not end outside of it', () => {
  const fd = openMemory(2 * PAGE);
  expect(mapped(posix.mmap(PAGE, READ_WRITE, MAP_SHARED, fd, PAGE)).byteLength).toBe(PAGE);
  expect(() => posix.mmap(PAGE + 1, READ_WRITE, MAP_SHARED, fd, PAGE)).toThrow(/"length"/);
  expect(() => posix.mmap(PAGE, READ_WRITE, MAP_SHARED, fd, 2 * PAGE)).toThrow(RangeError);
});

test('mmap: errors come back as -errno', () => {
  expect(posix.mmap(0, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)).toBe(-EINVAL);
  expect(posix.mmap(PAGE, READ_WRITE, MAP_SHARED, NO_FD, 0)).toBe(-EBADF);
  expect(posix.mmap(PAGE, READ_WRITE, MAP_ANONYMOUS, -1, 0)).toBe(-EINVAL);
});

test('what could fault on access is refused', () => {
  const unsealed = closing(posix.memfd_create('unsealed', 0));
  posix.ftruncate(unsealed, PAGE);
  const file = closing(openSync(process.execPath, 'r'));
  const [pipe] = openPipe();
  for (const fd of [unsealed, file, pipe]) {
    expect(() => posix.mmap(PAGE, READ_WRITE, MAP_SHARED, fd, 0)).toThrow(/"fd"/);
    expect(() => posix.mmap(PAGE, READ_WRITE, MAP_PRIVATE, fd, 0)).toThrow(RangeError);
  }
  const MAP_FIXED = 0x10;
  const flags = MAP_PRIVATE | MAP_ANONYMOUS;
  expect(() => posix.mmap(PAGE, constants.PROT_READ, flags, -1, 0)).toThrow(/"prot"/);
  expect(() => posix.mmap(PAGE, READ_WRITE | 4, flags, -1, 0)).toThrow(/"prot"/);
  expect(() => posix.mmap(PAGE, READ_WRITE, flags | MAP_FIXED, -1, 0)).toThrow(/"flags"/);
});

test('4 GiB can be mapped, and not a byte more', () => {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | constants.MAP_NORESERVE;
  const buffer = mapped(posix.mmap(2 ** 32, READ_WRITE, flags, -1, 0));
  const view = new Uint32Array(buffer);
  view[2 ** 30 - 1] = 1;
  expect(view[2 ** 30 - 1]).toBe(1);
  posix.munmap(buffer);
  expect(() => posix.mmap(2 ** 32 + 1, READ_WRITE, flags, -1, 0)).toThrow(/"length"/);
});

test('munmap takes a live mapping alone', () => {
  const buffer = anonymous(PAGE);
  posix.munmap(buffer);
  expect(() => posix.munmap(buffer)).toThrow(TypeError);
  expect(() => posix.munmap(new ArrayBuffer(PAGE))).toThrow(/"buffer"/);
  expect(() => posix.munmap(new Uint8Array(anonymous(PAGE)) as never)).toThrow(TypeError);
  expect(() => posix.munmap(posix.signalBlock.buffer as ArrayBuffer)).toThrow(TypeError);
  expect(() => posix.munmap(undefined as never)).toThrow(TypeError);
});

test('a mapping cannot be posted to another thread', () => {
  const buffer = anonymous(PAGE);
  // Node 20 copies what cannot be transferred; later ones throw.
  try {
    structuredClone(buffer, { transfer: [buffer] });
  } catch {}
  expect(buffer.byteLength).toBe(PAGE);
});

test('a mapping that nobody holds is unmapped by the collector', async () => {
  const child = startChild(`
    const { readFileSync } = require('node:fs');
    const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('memfd:lost').length - 1;
    const fd = posix.memfd_create('lost', c.MFD_ALLOW_SEALING);
    posix.ftruncate(fd, 4096);
    posix.fcntl(fd, c.F_ADD_SEALS, c.F_SEAL_SHRINK);
    require('node:v8').setFlagsFromString('--expose-gc');
    const gc = require('node:vm').runInNewContext('gc');
    (() => { for (let i = 0; i < 8; i++) posix.mmap(4096, 3, c.MAP_SHARED, fd, 0); })();
    say(mappings());
    const look = () => {
      gc();
      if (mappings() === 0) say('none');
      else setImmediate(look);
    };
    setImmediate(look);
  `);
  expect(await child.exited).toEqual({ status: 0, signal: null });
  expect(child.lines).toEqual(['8', 'none']);
});

test.each(['kept', 'given back'])('a thread ends with its mapping %s', async (fate) => {
  const thread = `
    const posix = require(${JSON.stringify(ADDON)});
    const c = posix.constants;
    globalThis.kept = posix.mmap(1 << 20, 3, c.MAP_PRIVATE | c.MAP_ANONYMOUS, -1, 0);
    if (${fate === 'given back'}) posix.munmap(kept);
  `;
  const child = startChild(`
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(thread)}, { eval: true });
    worker.on('exit', (code) => say('ended with ' + code));
  `);
  expect(await child.exited).toEqual({ status: 0, signal: null });
  expect(child.lines).toEqual(['ended with 0']);
});

test('MADV_DONTNEED gives pages back: they are zero again', () => {
  const view = new Uint8Array(anonymous(2 * PAGE)).fill(1);
  expect(posix.madvise(view, PAGE, PAGE, MADV_DONTNEED)).toBe(0);
  expect([view[PAGE - 1], view[PAGE]]).toEqual([1, 0]);
});

test('madvise: an error of the kernel', () => {
  const view = new Uint8Array(anonymous(PAGE));
  // There is no file to take the pages from.
  expect(posix.madvise(view, 0, PAGE, constants.MADV_REMOVE)).toBe(-EINVAL);
});

test('madvise takes whole pages of a mapping, and harmless advice', () => {
  const view = new Uint8Array(anonymous(2 * PAGE));
  const MADV_HWPOISON = 100;
  const MADV_GUARD_INSTALL = 102;
  expect(() => posix.madvise(view, 1, PAGE, MADV_DONTNEED)).toThrow(/"offset"/);
  expect(() => posix.madvise(view, 0, PAGE - 1, MADV_DONTNEED)).toThrow(/"length"/);
  expect(() => posix.madvise(view, PAGE, 2 * PAGE, MADV_DONTNEED)).toThrow(RangeError);
  expect(() => posix.madvise(view, 0, PAGE, MADV_HWPOISON)).toThrow(/"advice"/);
  expect(() => posix.madvise(view, 0, PAGE, MADV_GUARD_INSTALL)).toThrow(/"advice"/);
  expect(() => posix.madvise(new Uint8Array(PAGE), 0, PAGE, MADV_DONTNEED)).toThrow(TypeError);
});

test('addressOf counts bytes within a mapping, and knows nothing of other memory', () => {
  const buffer = anonymous(PAGE);
  const start = posix.addressOf(new Uint8Array(buffer));
  expect(start % PAGE).toBe(0);
  expect(posix.addressOf(new Uint8Array(buffer, 100))).toBe(start + 100);
  expect(() => posix.addressOf(new Uint8Array(PAGE))).toThrow(/memory from mmap/);
  posix.munmap(buffer);
  expect(() => posix.addressOf(new Uint8Array(0))).toThrow(TypeError);
});

test('memfd_create, ftruncate: errors and misuse', () => {
  expect(posix.memfd_create('x', 0x40000000)).toBe(-EINVAL);
  expect(() => posix.memfd_create('x'.repeat(250), 0)).toThrow(/"name"/);
  expect(posix.memfd_create('x'.repeat(249), 0)).toSatisfy((fd: number) => closing(fd) >= 0);
  expect(posix.ftruncate(openMemory(PAGE), 0)).toBe(-constants.EPERM);
  expect(posix.ftruncate(NO_FD, 0)).toBe(-EBADF);
  expect(() => posix.ftruncate(NO_FD, -1)).toThrow(/"length"/);
});

test('fallocate punches a hole: zero again', () => {
  const fd = openMemory(2 * PAGE);
  const view = new Uint8Array(mapped(posix.mmap(2 * PAGE, READ_WRITE, MAP_SHARED, fd, 0))).fill(1);
  const punch = constants.FALLOC_FL_PUNCH_HOLE | constants.FALLOC_FL_KEEP_SIZE;
  expect(posix.fallocate(fd, punch, PAGE, PAGE)).toBe(0);
  expect([view[0], view[PAGE]]).toEqual([1, 0]);
  expect(posix.fallocate(fd, punch, 0, 0)).toBe(-EINVAL);
  expect(() => posix.fallocate(fd, punch, 0, 0.5)).toThrow(/"length"/);
});

test('a futex wakes a sleeper of another process', async () => {
  const fd = openMemory(PAGE);
  const words = new Int32Array(mapped(posix.mmap(PAGE, READ_WRITE, MAP_SHARED, fd, 0)));
  const child = startChild(`
    const fd = require('node:fs').openSync('/proc/${process.pid}/fd/${fd}', 'r+');
    const words = new Int32Array(posix.mmap(${PAGE}, 3, c.MAP_SHARED, fd, 0));
    say('asleep soon');
    say(posix.futex(words, 3, c.FUTEX_WAIT, 0, 10000));
  `);
  await child.said(1);
  // It sleeps as soon as there is somebody to wake.
  while (posix.futex(words, 3, constants.FUTEX_WAKE, 1) === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await child.exited;
  expect(child.lines[1]).toBe('0');
});

test('a futex: another value, a timeout, nobody to wake', () => {
  const words = new Int32Array(4);
  expect(posix.futex(words, 1, constants.FUTEX_WAIT, 9, -1)).toBe(-constants.EAGAIN);
  expect(posix.futex(words, 1, constants.FUTEX_WAIT, 0, 0.5)).toBe(-constants.ETIMEDOUT);
  expect(posix.futex(words, 1, constants.FUTEX_WAKE, 1)).toBe(0);
});

test('a futex beyond the view, without a timeout, or of another operation is misuse', () => {
  const words = new Int32Array(4);
  const FUTEX_CMP_REQUEUE = 4;
  expect(() => posix.futex(words, 4, constants.FUTEX_WAKE, 1)).toThrow(/"index"/);
  expect(() => posix.futex(words, 0, constants.FUTEX_WAIT, 1)).toThrow(/"timeoutMs"/);
  expect(() => posix.futex(words, 0, FUTEX_CMP_REQUEUE, 1)).toThrow(/"op"/);
});

test('memory is given back for good: a thousand mappings one after the other', () => {
  for (let round = 0; round < 1000; round++) {
    expect(check(posix.munmap(anonymous(1 << 20)), 'munmap')).toBe(0);
  }
});
