/**
 * The store's memory, from the server's own syscalls: memfd_create, ftruncate, mmap. Each thread
 * and each process maps the same memfd. The size only reserves addresses: the kernel commits a page
 * when it is first touched, so a large region costs an idle server nothing.
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
  const c = posix.constants;
  const protection = c.PROT_READ | c.PROT_WRITE;
  const memory = posix.mmap(
    lengthBytes,
    protection,
    c.MAP_SHARED | c.MAP_NORESERVE,
    fd,
    offsetBytes,
  );
  if (typeof memory === 'number') throw new Error(`mmap: ${check(memory, 'mmap')}`);
  const words = new Int32Array(memory);
  const bytes = new Uint8Array(memory);
  return {
    bytes,
    words,
    wait: (index, value, timeoutMs) =>
      posix.futex(words, index, c.FUTEX_WAIT, value, timeoutMs) !== -c.ETIMEDOUT,
    wake(index, count) {
      posix.futex(words, index, c.FUTEX_WAKE, count);
    },
    discard(offset, length) {
      // madvise takes whole pages alone: those that lie within.
      const page = posix.getpagesize();
      const start = Math.ceil(offset / page) * page;
      const end = Math.floor((offset + length) / page) * page;
      if (end > start) posix.madvise(bytes, start, end - start, c.MADV_REMOVE);
    },
  };
}
