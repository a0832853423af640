/** Any descriptor: read, write, close, and the descriptors that are made of nothing else. */

export type FdConstant =
  | 'EFD_CLOEXEC'
  | 'EFD_NONBLOCK'
  | 'EFD_SEMAPHORE'
  | 'FD_CLOEXEC'
  | 'F_ADD_SEALS'
  | 'F_DUPFD'
  | 'F_DUPFD_CLOEXEC'
  | 'F_GETFD'
  | 'F_GETFL'
  | 'F_GETNOSIGPIPE'
  | 'F_GETOWN'
  | 'F_GETPIPE_SZ'
  | 'F_GETSIG'
  | 'F_GET_SEALS'
  | 'F_SEAL_GROW'
  | 'F_SEAL_SEAL'
  | 'F_SEAL_SHRINK'
  | 'F_SEAL_WRITE'
  | 'F_SETFD'
  | 'F_SETFL'
  | 'F_SETNOSIGPIPE'
  | 'F_SETOWN'
  | 'F_SETPIPE_SZ'
  | 'F_SETSIG'
  | 'O_APPEND'
  | 'O_CLOEXEC'
  | 'O_CREAT'
  | 'O_DIRECT'
  | 'O_DIRECTORY'
  | 'O_EXCL'
  | 'O_NOFOLLOW'
  | 'O_NONBLOCK'
  | 'O_PATH'
  | 'O_RDONLY'
  | 'O_RDWR'
  | 'O_TMPFILE'
  | 'O_TRUNC'
  | 'O_WRONLY';

/**
 * Several buffers as one: an array of whole views, or, without allocation, one view with
 * `pairs` of offset and length in it.
 */
export interface FdCalls {
  /**
   * Reads at most `length` bytes into `buffer` at `offset`.
   * @returns bytes read, 0 at end of file, or -errno (EAGAIN, EINTR, EBADF, ECONNRESET, …).
   * @see read(2)
   */
  read(fd: number, buffer: Uint8Array, offset: number, length: number): number;

  /**
   * Writes at most `length` bytes of `buffer` from `offset`.
   * @returns bytes written, perhaps fewer, or -errno (EAGAIN, EPIPE, EBADF, …).
   * @see write(2)
   */
  write(fd: number, buffer: Uint8Array, offset: number, length: number): number;

  /**
   * Fills several buffers in turn: an array of whole views, or `iovcnt` pairs (offset, length)
   * within one view, which allocates nothing.
   * @returns bytes read in all, or -errno. At most 1024 buffers.
   * @see readv(2)
   */
  readv(fd: number, iov: readonly Uint8Array[]): number;
  readv(fd: number, iov: Uint8Array, pairs: Uint32Array, iovcnt: number): number;

  /**
   * Writes several buffers in turn; the two forms of readv.
   * @returns bytes written in all, or -errno.
   * @see writev(2)
   */
  writev(fd: number, iov: readonly Uint8Array[]): number;
  writev(fd: number, iov: Uint8Array, pairs: Uint32Array, iovcnt: number): number;

  /**
   * Closes the descriptor. It is gone even where the answer is -EINTR: never call again.
   * @returns 0 or -errno (EBADF, EIO).
   * @see close(2)
   */
  close(fd: number): number;

  /**
   * Asks or sets what belongs to a descriptor: F_GETFL and F_SETFL (O_NONBLOCK), F_GETFD and
   * F_SETFD (FD_CLOEXEC), F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_ADD_SEALS, … Commands that take a
   * pointer in C (locks) are refused with a RangeError.
   * @returns what the command answers, 0 for most that set, or -errno (EBADF, EINVAL, EPERM, …).
   * @see fcntl(2)
   */
  fcntl(fd: number, cmd: number, arg?: number): number;

  /**
   * Makes a second descriptor for the same open file: the lowest free number.
   * @returns the new descriptor, without FD_CLOEXEC, or -errno (EBADF, EMFILE).
   * @see dup(2)
   */
  dup(oldfd: number): number;

  /**
   * Makes `newfd` a second descriptor of what `oldfd` is; what `newfd` was is closed first.
   * @returns newfd, or -errno (EBADF, EBUSY, EINTR).
   * @see dup2(2)
   */
  dup2(oldfd: number, newfd: number): number;

  /**
   * dup2 with O_CLOEXEC, and no success where both are equal. Not on macOS.
   * @returns newfd, or -errno (EINVAL where they are equal, EBADF, EBUSY, EINTR).
   * @see dup3(2)
   */
  dup3(oldfd: number, newfd: number, flags: number): number;

  /**
   * Makes a pipe: `pipefd[0]` is its end to read from, `pipefd[1]` its end to write to. `flags`:
   * O_CLOEXEC, O_NONBLOCK, O_DIRECT. Not on macOS.
   * @returns 0, or -errno (EMFILE, ENFILE, EINVAL), `pipefd` being unchanged.
   * @see pipe2(2)
   */
  pipe2(pipefd: Int32Array, flags: number): number;

  /**
   * Makes a counter that is a descriptor. A read takes its value, a write adds to it, both as 8
   * bytes in the machine's byte order. `flags`: EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE. Linux,
   * FreeBSD.
   * @returns the descriptor, or -errno (EMFILE, ENFILE, EINVAL, ENOMEM).
   * @see eventfd(2)
   */
  eventfd(initval: number, flags: number): number;

  /**
   * Opens a file; `mode` (0 where absent) counts where O_CREAT makes one.
   * @returns the descriptor, or -errno (ENOENT, EACCES, EEXIST, EMFILE, …).
   * @see open(2)
   */
  open(pathname: string, flags: number, mode?: number): number;

  /**
   * Removes a name, such as a UNIX socket's.
   * @returns 0, or -errno (ENOENT, EACCES, EISDIR, …).
   * @see unlink(2)
   */
  unlink(pathname: string): number;
}
