/**
 * The store's memory, from the server's own syscalls: memfd_create, ftruncate, mmap. Each thread
 * and each process maps the same memfd; a single thread has memory of its own, which the kernel may
 * give it in huge pages. The size only reserves addresses: the kernel commits a page when it is
 * first touched, so a large region costs an idle server nothing.
 */
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { SharedRegion } from '../store/region.ts';

/** A memfd of `lengthBytes`, sealed against shrinking: a mapping of it can never fault. */
export function createRegionFile(posix: Posix, lengthBytes: number): number {
  const c = posix.constants;
  const fd = check(
    posix.memfd_create('syskv', c.MFD_CLOEXEC | c.MFD_ALLOW_SEALING),
    'memfd_create',
  );
  check(posix.ftruncate(fd, lengthBytes), 'ftruncate');
  check(posix.fcntl(fd, c.F_ADD_SEALS, c.F_SEAL_SHRINK | c.F_SEAL_GROW), 'fcntl');
  return fd;
}

/**
 * Maps `lengthBytes` of the file at `offsetBytes`; a futex on its words wakes other mappings too.
 */
export function mapRegion(
  posix: Posix,
  fd: number,
  offsetBytes: number,
  lengthBytes: number,
): SharedRegion {
  const { MAP_SHARED, MAP_NORESERVE, MADV_REMOVE } = posix.constants;
  const memory = reserve(posix, lengthBytes, MAP_SHARED | MAP_NORESERVE, fd, offsetBytes);
  return regionOf(posix, memory, MADV_REMOVE);
}

/**
 * Memory of this thread alone. Huge pages, where the kernel has them to give
 * (/sys/kernel/mm/transparent_hugepage/enabled: `madvise` or `always`), save looking up where each
 * page lies: a table of many gigabytes is read at random.
 */
export function ownRegion(posix: Posix, lengthBytes: number): SharedRegion {
  const { MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE } = posix.constants;
  const { MADV_DONTNEED, MADV_HUGEPAGE } = posix.constants;
  const memory = reserve(posix, lengthBytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  const region = regionOf(posix, memory, MADV_DONTNEED);
  // Refused by a kernel without them, which does no harm.
  if (MADV_HUGEPAGE !== undefined) {
    posix.madvise(region.bytes, 0, wholePages(posix, lengthBytes), MADV_HUGEPAGE);
  }
  return region;
}

function reserve(
  posix: Posix,
  lengthBytes: number,
  flags: number,
  fd: number,
  offsetBytes: number,
): ArrayBuffer {
  const { PROT_READ, PROT_WRITE } = posix.constants;
  const memory = posix.mmap(lengthBytes, PROT_READ | PROT_WRITE, flags, fd, offsetBytes);
  if (typeof memory === 'number') throw new Error(`mmap: ${check(memory, 'mmap')}`);
  return memory;
}

/** `advice`: the one by which this kind of memory gives pages back. */
function regionOf(posix: Posix, memory: ArrayBuffer, advice: number): SharedRegion {
  const { FUTEX_WAIT, FUTEX_WAKE, ETIMEDOUT } = posix.constants;
  const words = new Int32Array(memory);
  const bytes = new Uint8Array(memory);
  return {
    bytes,
    words,
    wait: (index, value, timeoutMs) =>
      posix.futex(words, index, FUTEX_WAIT, value, timeoutMs) !== -ETIMEDOUT,
    wake(index, count) {
      posix.futex(words, index, FUTEX_WAKE, count);
    },
    discard(offset, length) {
      // madvise takes whole pages alone: those that lie within.
      const page = posix.getpagesize();
      const start = Math.ceil(offset / page) * page;
      const end = wholePages(posix, offset + length);
      if (end > start) posix.madvise(bytes, start, end - start, advice);
    },
  };
}

function wholePages(posix: Posix, lengthBytes: number): number {
  const page = posix.getpagesize();
  return Math.floor(lengthBytes / page) * page;
}
