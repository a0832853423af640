/** Threads, processes and their limits. */

export type ProcessConstant = never;

export interface ProcessCalls {
  /**
   * The kernel's number for the calling thread, as strace and /proc show it. Linux alone.
   * @see gettid(2)
   */
  gettid(): number;

  /**
   * Names the calling thread, as `strace -Y`, `ps -T` and /proc show it.
   * @param name at most 15 bytes of UTF-8; more is a RangeError.
   * @returns 0 or -errno.
   * @see pthread_setname_np(3)
   */
  pthread_setname_np(name: string): number;

  /**
   * @returns the calling thread's name, or -errno.
   * @see pthread_getname_np(3)
   */
  pthread_getname_np(): string | number;
}
