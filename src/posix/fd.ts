/** Any descriptor: read, write, close, and the descriptors that are made of nothing else. */

export type FdConstant = 'O_CLOEXEC' | 'O_NONBLOCK';

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
}
