/** Memory that the kernel shares: mmap, memfd, futex. */

export type MemoryConstant =
  | 'PROT_READ'
  | 'PROT_WRITE'
  | 'MAP_SHARED'
  | 'MAP_PRIVATE'
  | 'MAP_ANONYMOUS'
  | 'MAP_NORESERVE'
  | 'MAP_POPULATE'
  | 'MAP_LOCKED'
  | 'MADV_NORMAL'
  | 'MADV_RANDOM'
  | 'MADV_SEQUENTIAL'
  | 'MADV_WILLNEED'
  | 'MADV_DONTNEED'
  | 'MADV_FREE'
  | 'MADV_REMOVE'
  | 'MADV_HUGEPAGE'
  | 'MADV_NOHUGEPAGE'
  | 'MADV_DONTDUMP'
  | 'MADV_DODUMP'
  | 'MADV_COLD'
  | 'MADV_PAGEOUT'
  | 'MADV_POPULATE_READ'
  | 'MADV_POPULATE_WRITE'
  | 'MADV_COLLAPSE'
  | 'MFD_CLOEXEC'
  | 'MFD_ALLOW_SEALING'
  | 'F_ADD_SEALS'
  | 'F_GET_SEALS'
  | 'F_SEAL_SEAL'
  | 'F_SEAL_SHRINK'
  | 'F_SEAL_GROW'
  | 'F_SEAL_WRITE'
  | 'FALLOC_FL_KEEP_SIZE'
  | 'FALLOC_FL_PUNCH_HOLE'
  | 'FUTEX_WAIT'
  | 'FUTEX_WAKE'
  | 'FUTEX_PRIVATE_FLAG';

export interface MemoryCalls {
  /**
   * Maps memory: anonymous, a memfd, or a ring of an io_uring. It stays mapped until `munmap` or
   * until the collector takes the ArrayBuffer, which it is in no hurry to do: a mapping is not
   * counted as memory that collecting gives back. Each thread maps for itself; the ArrayBuffer
   * cannot be posted to another.
   *
   * A typed array cannot be told that a page is gone, so a RangeError refuses what could fault:
   * `prot` other than PROT_READ | PROT_WRITE, flags other than the constants here (no MAP_FIXED),
   * a file other than a memfd that carries F_SEAL_SHRINK and holds offset + length already, and
   * more of a ring than there is.
   *
   * @param length in bytes, at most 4 GiB.
   * @param fd -1 with MAP_ANONYMOUS.
   * @param offset in bytes, a multiple of the page size.
   * @returns the ArrayBuffer, or -errno (EACCES, EBADF, EINVAL, ENOMEM, EPERM; ENOTSUP where the
   *   runtime takes no external memory).
   * @see mmap(2)
   */
  mmap(
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ): ArrayBuffer | number;

  /**
   * Detaches the ArrayBuffer (its views become empty), then unmaps. No operation of Node's thread
   * pool or of an io_uring may still be using the memory. TypeError for anything that is not a
   * mapping, or not any more.
   * @returns 0 or -errno.
   * @see munmap(2)
   */
  munmap(buffer: ArrayBuffer): number;

  /**
   * Tells the kernel how a part of a mapping will be used; MADV_DONTNEED gives its pages back.
   * `offset` (within the mapping) and `length` are multiples of the page size. Only for memory
   * from mmap that is no ring, and only the advice that has a constant here.
   * @returns 0 or -errno (EAGAIN, EINVAL, EIO, ENOMEM, EPERM).
   * @see madvise(2)
   */
  madvise(buffer: Uint8Array, offset: number, length: number, advice: number): number;

  /**
   * Where a view of memory from mmap begins, for an io_uring submission: an exact integer (user
   * space ends below 2^53). No libc call. Other memory is a TypeError: the collector moves it, or
   * takes it, under the kernel's hands. Keep the ArrayBuffer reachable for as long as the address
   * is in use.
   */
  addressOf(buffer: Uint8Array): number;

  /** @returns bytes in a page. @see getpagesize(2) */
  getpagesize(): number;

  /**
   * A file of memory without a name in any directory. Linux and FreeBSD have it; the addon exposes
   * it on Linux.
   * @param name at most 249 bytes, shown in /proc/PID/maps.
   * @param flags MFD_CLOEXEC, MFD_ALLOW_SEALING.
   * @returns the descriptor or -errno (EINVAL, EMFILE, ENFILE, ENOMEM).
   * @see memfd_create(2)
   */
  memfd_create(name: string, flags: number): number;

  /**
   * Sets a file's length in bytes.
   * @returns 0 or -errno (EBADF, EFBIG, EINVAL; EPERM for a sealed file).
   * @see ftruncate(2)
   */
  ftruncate(fd: number, length: number): number;

  /**
   * Reserves a part of a file, or gives it back: FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE.
   * Linux alone.
   * @param offset in bytes, as `length`.
   * @returns 0 or -errno (EBADF, EINVAL, ENOSPC, EOPNOTSUPP, EPERM).
   * @see fallocate(2)
   */
  fallocate(fd: number, mode: number, offset: number, length: number): number;

  /**
   * FUTEX_WAIT sleeps while `words[index]` is `value`; FUTEX_WAKE wakes at most `value` sleepers.
   * Without FUTEX_PRIVATE_FLAG it works between processes that map the same memfd. Other
   * operations are a RangeError. Linux alone.
   * @param timeoutMs FUTEX_WAIT's, relative, fractions allowed; negative waits without end.
   * @returns FUTEX_WAIT: 0 when woken, or -errno (EAGAIN: the value was another; EINTR, ETIMEDOUT).
   *   FUTEX_WAKE: how many were woken.
   * @see futex(2)
   */
  futex(words: Int32Array, index: number, op: number, value: number, timeoutMs?: number): number;
}
