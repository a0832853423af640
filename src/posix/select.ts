/** select and pselect, and the macros that go with them. */

export type SelectConstant = 'FD_SETSIZE' | 'FD_SET_WORDS';

/**
 * The caller's Int32Arrays are the fd_sets, whole: `FD_SET_WORDS` words of 32 bits, descriptor `fd`
 * being bit `fd & 31` of word `fd >> 5`. A descriptor of FD_SETSIZE (1024) or more has no bit.
 */
export interface SelectCalls {
  /**
   * Waits until one of the descriptors below `nfds` is ready; leaves the bits of those that are.
   * After a negative result the sets are as they were.
   * @param nfds the highest descriptor plus one; more than FD_SETSIZE is a RangeError.
   * @param readfds room for FD_SETSIZE bits (less is a RangeError), or null; so the other two.
   * @param timeoutMs rounded up to microseconds; 0 looks and returns, negative waits without end.
   * @returns how many bits are left, 0 after the timeout, or -errno (EBADF, EINTR, EINVAL, ENOMEM).
   * @see select(2)
   */
  select(
    nfds: number,
    readfds: Int32Array | null,
    writefds: Int32Array | null,
    exceptfds: Int32Array | null,
    timeoutMs: number,
  ): number;

  /**
   * select under another signal mask, with a timeout in nanoseconds.
   * @param sigmask signals to block for its duration, or null to leave the mask as it is.
   * @returns as select.
   * @see pselect(2)
   */
  pselect(
    nfds: number,
    readfds: Int32Array | null,
    writefds: Int32Array | null,
    exceptfds: Int32Array | null,
    timeoutMs: number,
    sigmask: readonly number[] | null,
  ): number;
}

/** Sets the descriptor's bit. RangeError for one that has no bit: C would write past the set. */
export function FD_SET(fd: number, set: Int32Array): void {
  set[wordOf(fd, set)] |= 1 << (fd & 31);
}

/** Clears the descriptor's bit. RangeError for one that has no bit. */
export function FD_CLR(fd: number, set: Int32Array): void {
  set[wordOf(fd, set)] &= ~(1 << (fd & 31));
}

/** Whether the descriptor's bit is set. RangeError for one that has no bit. */
export function FD_ISSET(fd: number, set: Int32Array): boolean {
  return (set[wordOf(fd, set)] & (1 << (fd & 31))) !== 0;
}

/** Clears every bit. */
export function FD_ZERO(set: Int32Array): void {
  set.fill(0);
}

function wordOf(fd: number, set: Int32Array): number {
  if (!(fd >= 0 && fd < set.length * 32)) {
    throw new RangeError(`"fd" must be within the set: ${fd} of ${set.length * 32}`);
  }
  return fd >> 5;
}
