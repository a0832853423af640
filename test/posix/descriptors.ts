/** Descriptors for one test: closed when it ends. */
import { onTestFinished } from 'vitest';
import { check, posix } from '../../src/posix/index.ts';

const { constants } = posix;

/** Closes the descriptor when the test ends. */
export function closing(fd: number): number {
  onTestFinished(() => {
    posix.close(fd);
  });
  return fd;
}

/** A pipe: [reading end, writing end]. */
export function openPipe(): [number, number] {
  const ends = new Int32Array(2);
  check(posix.pipe2(ends, constants.O_CLOEXEC | constants.O_NONBLOCK), 'pipe2');
  return [closing(ends[0]), closing(ends[1])];
}

/** Two connected UNIX stream sockets. */
export function openPair(): [number, number] {
  const ends = new Int32Array(2);
  check(posix.socketpair(constants.AF_UNIX, constants.SOCK_STREAM, 0, ends), 'socketpair');
  return [closing(ends[0]), closing(ends[1])];
}

/** A memfd of `lengthBytes` that can be mapped. */
export function openMemory(lengthBytes: number): number {
  const fd = closing(
    check(posix.memfd_create('test', constants.MFD_ALLOW_SEALING), 'memfd_create'),
  );
  check(posix.ftruncate(fd, lengthBytes), 'ftruncate');
  check(posix.fcntl(fd, constants.F_ADD_SEALS, constants.F_SEAL_SHRINK), 'fcntl');
  return fd;
}

export function writeText(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  check(posix.write(fd, bytes, 0, bytes.length), 'write');
}

/** A number that no open descriptor has. */
export const NO_FD = 1_000_000;
