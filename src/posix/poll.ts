/** poll and ppoll. */

export type PollConstant =
  | 'POLLFD_WORDS'
  | 'POLLIN'
  | 'POLLPRI'
  | 'POLLOUT'
  | 'POLLERR'
  | 'POLLHUP'
  | 'POLLNVAL'
  | 'POLLRDHUP';

/**
 * The caller's Int32Array is the array of `struct pollfd`, `POLLFD_WORDS` = 2 words each: the
 * descriptor (negative: skip this one), then `events` in the low and `revents` in the high 16 bits.
 */
export interface PollCalls {
  /**
   * Waits until one of `nfds` descriptors is ready.
   * @param fds room for `nfds * POLLFD_WORDS` words (less is a RangeError).
   * @param timeoutMs whole milliseconds; 0 looks and returns, -1 waits without end.
   * @returns how many have `revents`, 0 after the timeout, or -errno (EINTR, EINVAL, ENOMEM).
   * @see poll(2)
   */
  poll(fds: Int32Array, nfds: number, timeoutMs: number): number;

  /**
   * poll under another signal mask, with fractions of a millisecond. Absent on macOS.
   * @param timeoutMs negative waits without end.
   * @param sigmask signals to block for its duration, or null to leave the mask as it is.
   * @returns as poll.
   * @see ppoll(2)
   */
  ppoll(
    fds: Int32Array,
    nfds: number,
    timeoutMs: number,
    sigmask: readonly number[] | null,
  ): number;
}
