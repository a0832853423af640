import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { check, posix } from '../../src/posix/index.ts';
import { closing, NO_FD, openPipe, writeText } from './descriptors.ts';
import { bytesOf, textOf } from './sockets.ts';

const { constants } = posix;
const { EAGAIN, EBADF, EINVAL, EISDIR, ENOENT, O_CLOEXEC, O_NONBLOCK } = constants;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'syskv-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test('read and write move the bytes at an offset', () => {
  const [reader, writer] = openPipe();
  const buffer = new Uint8Array(8);
  expect(posix.write(writer, bytesOf('..hello'), 2, 5)).toBe(5);
  expect(posix.read(reader, buffer, 1, 7)).toBe(5);
  expect(textOf(buffer, 0, 7)).toBe('\0hello\0');
});

test('read answers 0 at the end, and -EAGAIN where nothing is there yet', () => {
  const [reader, writer] = openPipe();
  expect(posix.read(reader, new Uint8Array(1), 0, 1)).toBe(-EAGAIN);
  posix.close(writer);
  expect(posix.read(reader, new Uint8Array(1), 0, 1)).toBe(0);
});

test('a view over shared memory, and one in the middle of a buffer', () => {
  const [reader, writer] = openPipe();
  const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 4);
  writeText(writer, 'abcdef');
  expect(posix.read(reader, shared, 1, 3)).toBe(3);
  expect(new Uint8Array(shared.buffer)).toEqual(Uint8Array.of(0, 0, 0, 97, 98, 99, 0, 0));
});

test('readv and writev with whole views', () => {
  const [reader, writer] = openPipe();
  const parts = [new Uint8Array(2), new Uint8Array(0), new Uint8Array(4)];
  expect(posix.writev(writer, [bytesOf('he'), bytesOf('llo')])).toBe(5);
  expect(posix.readv(reader, parts)).toBe(5);
  expect(parts.map((part) => textOf(part, 0, 4))).toEqual(['he', '', 'llo\0']);
});

test('readv and writev with pairs of offset and length', () => {
  const [reader, writer] = openPipe();
  const buffer = new Uint8Array(8);
  expect(posix.writev(writer, bytesOf('lohel'), Uint32Array.of(2, 3, 0, 2), 2)).toBe(5);
  expect(posix.readv(reader, buffer, Uint32Array.of(6, 2, 0, 3), 2)).toBe(5);
  expect(textOf(buffer, 0, 8)).toBe('llo\0\0\0he');
});

test.each(['read', 'write'] as const)('%s of no descriptor is EBADF', (name) => {
  expect(posix[name](NO_FD, new Uint8Array(1), 0, 1)).toBe(-EBADF);
});

test.each(['readv', 'writev'] as const)('%s of no descriptor is EBADF', (name) => {
  expect(posix[name](NO_FD, [new Uint8Array(1)])).toBe(-EBADF);
});

test('close gives the descriptor back once', () => {
  const fd = check(posix.open('/dev/null', O_CLOEXEC), 'open');
  expect(posix.close(fd)).toBe(0);
  expect(posix.close(fd)).toBe(-EBADF);
});

test('fcntl sets O_NONBLOCK and FD_CLOEXEC', () => {
  const fd = closing(check(posix.open('/dev/null', constants.O_RDWR), 'open'));
  expect(posix.fcntl(fd, constants.F_SETFL, O_NONBLOCK)).toBe(0);
  expect(posix.fcntl(fd, constants.F_GETFL) & O_NONBLOCK).toBe(O_NONBLOCK);
  expect(posix.fcntl(fd, constants.F_SETFD, constants.FD_CLOEXEC)).toBe(0);
  expect(posix.fcntl(fd, constants.F_GETFD)).toBe(constants.FD_CLOEXEC);
});

test('fcntl duplicates above a number', () => {
  const fd = closing(check(posix.open('/dev/null', O_CLOEXEC), 'open'));
  expect(closing(posix.fcntl(fd, constants.F_DUPFD_CLOEXEC, 200))).toBeGreaterThanOrEqual(200);
});

test('fcntl answers EBADF, and refuses the commands that take a pointer', () => {
  const F_GETLK = 5;
  expect(posix.fcntl(NO_FD, constants.F_GETFL)).toBe(-EBADF);
  expect(() => posix.fcntl(NO_FD, F_GETLK, 4096)).toThrow(/"cmd" must be .*integer/);
});

test('dup, dup2 and dup3 make descriptors of the same pipe', () => {
  const [reader, writer] = openPipe();
  const one = closing(check(posix.dup(writer), 'dup'));
  const other = closing(check(posix.dup(writer), 'dup'));
  expect(posix.dup2(writer, one)).toBe(one);
  expect(posix.dup3(writer, other, O_CLOEXEC)).toBe(other);
  writeText(one, 'a');
  writeText(other, 'b');
  expect(posix.read(reader, new Uint8Array(4), 0, 4)).toBe(2);
});

test('dup, dup2 and dup3 of no descriptor', () => {
  expect(posix.dup(NO_FD)).toBe(-EBADF);
  expect(posix.dup2(NO_FD, NO_FD)).toBe(-EBADF);
  expect(posix.dup3(0, 0, 0)).toBe(-EINVAL);
});

test('pipe2 sets the flags of both ends', () => {
  for (const end of openPipe()) {
    expect(posix.fcntl(end, constants.F_GETFL) & O_NONBLOCK).toBe(O_NONBLOCK);
    expect(posix.fcntl(end, constants.F_GETFD)).toBe(constants.FD_CLOEXEC);
  }
});

test('pipe2 with an unknown flag is EINVAL and leaves the array as it was', () => {
  const ends = Int32Array.of(-7, -7);
  expect(posix.pipe2(ends, 1)).toBe(-EINVAL);
  expect(ends).toEqual(Int32Array.of(-7, -7));
});

test('an eventfd counts what is written to it', () => {
  const fd = closing(
    check(posix.eventfd(3, constants.EFD_CLOEXEC | constants.EFD_NONBLOCK), 'eventfd'),
  );
  const counter = new BigUint64Array([4n]);
  const bytes = new Uint8Array(counter.buffer);
  expect(posix.write(fd, bytes, 0, 8)).toBe(8);
  expect(posix.read(fd, bytes, 0, 8)).toBe(8);
  expect(counter[0]).toBe(7n);
  expect(posix.read(fd, bytes, 0, 8)).toBe(-EAGAIN);
});

test('eventfd with an unknown flag is EINVAL', () => {
  expect(posix.eventfd(0, 1 << 30)).toBe(-EINVAL);
});

test('open creates with the mode, unlink removes', () => {
  const path = join(folder(), 'fïle');
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  const fd = closing(check(posix.open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600), 'open'));
  writeText(fd, 'x');
  expect(posix.unlink(path)).toBe(0);
  expect(posix.open(path, O_WRONLY)).toBe(-ENOENT);
});

test('unlink answers ENOENT, and EISDIR for a folder', () => {
  const path = folder();
  expect(posix.unlink(join(path, 'none'))).toBe(-ENOENT);
  expect(posix.unlink(path)).toBe(-EISDIR);
});

test('a path with NUL is refused rather than cut', () => {
  const path = join(folder(), 'kept');
  writeFileSync(path, '');
  expect(() => posix.unlink(`${path}\0.txt`)).toThrow(/"pathname" must be a string without NUL/);
  expect(posix.unlink(path)).toBe(0);
});
