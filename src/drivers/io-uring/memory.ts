/**
 * Memory that the kernel is told an address of: mapped, so that the garbage collector neither moves
 * it nor takes it while an operation is under way.
 */
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';

/** Maps `lengthBytes` of zeroed memory of our own. */
export function mapMemory(posix: Posix, lengthBytes: number): ArrayBuffer {
  const { MAP_PRIVATE, MAP_ANONYMOUS } = posix.constants;
  return map(posix, lengthBytes, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/** Maps the part of an io_uring that `offset` (IORING_OFF_…) names. */
export function mapRing(posix: Posix, fd: number, lengthBytes: number, offset: number) {
  const { MAP_SHARED, MAP_POPULATE } = posix.constants;
  return map(posix, lengthBytes, MAP_SHARED | MAP_POPULATE, fd, offset);
}

function map(posix: Posix, lengthBytes: number, flags: number, fd: number, offset: number) {
  const { PROT_READ, PROT_WRITE } = posix.constants;
  const memory = posix.mmap(lengthBytes, PROT_READ | PROT_WRITE, flags, fd, offset);
  if (typeof memory === 'number') check(memory, 'mmap');
  return memory as ArrayBuffer;
}

/** The two halves of an address, as the kernel's structs hold them on a little-endian machine. */
export function lowHalf(address: number): number {
  return (address % WORD) | 0;
}

export function highHalf(address: number): number {
  return Math.floor(address / WORD) | 0;
}

const WORD = 2 ** 32;
