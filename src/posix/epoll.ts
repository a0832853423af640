/** epoll: absent where the platform lacks it (ask `available.epoll`). */

export type EpollConstant =
  | 'EPOLL_EVENT_WORDS'
  | 'EPOLL_EVENT_DATA'
  | 'EPOLL_CLOEXEC'
  | 'EPOLL_CTL_ADD'
  | 'EPOLL_CTL_MOD'
  | 'EPOLL_CTL_DEL'
  | 'EPOLLIN'
  | 'EPOLLPRI'
  | 'EPOLLOUT'
  | 'EPOLLERR'
  | 'EPOLLHUP'
  | 'EPOLLRDHUP'
  | 'EPOLLET'
  | 'EPOLLONESHOT'
  | 'EPOLLEXCLUSIVE';

/**
 * The kernel writes its own `struct epoll_event` into the caller's Int32Array: event i begins at
 * word `i * EPOLL_EVENT_WORDS` (3 words on x86-64, where the struct is packed, else 4) with the
 * event bits; its data, two words low then high, begin `EPOLL_EVENT_DATA` words further.
 */
export interface EpollCalls {
  /**
   * @param flags EPOLL_CLOEXEC or 0.
   * @returns the epoll descriptor or -errno (EINVAL, EMFILE, ENFILE, ENOMEM).
   * @see epoll_create1(2)
   */
  epoll_create1(flags: number): number;

  /**
   * Adds, changes or removes the interest in `fd`. `dataLow` and `dataHigh` are 32 bits each and
   * come back with every event: a descriptor and a generation tell a stale event from a new one.
   * EPOLL_CTL_DEL needs the first three arguments alone.
   * @returns 0 or -errno (EBADF, EEXIST, EINVAL, ENOENT, ENOMEM, ENOSPC, EPERM).
   * @see epoll_ctl(2)
   */
  epoll_ctl(
    epfd: number,
    op: number,
    fd: number,
    events: number,
    dataLow: number,
    dataHigh: number,
  ): number;
  /** The same for EPOLL_CTL_DEL: the interest in `fd` ends. */
  epoll_ctl(epfd: number, op: number, fd: number): number;

  /**
   * Waits for events.
   * @param events room for `maxevents * EPOLL_EVENT_WORDS` words (less is a RangeError).
   * @param timeoutMs whole milliseconds; 0 looks and returns, -1 waits without end.
   * @returns how many events, 0 after the timeout, or -errno (EBADF, EINTR, EINVAL).
   * @see epoll_wait(2)
   */
  epoll_wait(epfd: number, events: Int32Array, maxevents: number, timeoutMs: number): number;

  /**
   * epoll_wait under another signal mask: the signals in `sigmask` are blocked for its duration.
   * @param sigmask signal numbers, or null to leave the mask as it is.
   * @returns as epoll_wait.
   * @see epoll_pwait(2)
   */
  epoll_pwait(
    epfd: number,
    events: Int32Array,
    maxevents: number,
    timeoutMs: number,
    sigmask: readonly number[] | null,
  ): number;

  /**
   * epoll_pwait whose timeout has nanoseconds: fractions of a millisecond count.
   * @returns as epoll_wait; -ENOSYS before Linux 5.11.
   * @see epoll_pwait2(2)
   */
  epoll_pwait2(
    epfd: number,
    events: Int32Array,
    maxevents: number,
    timeoutMs: number,
    sigmask: readonly number[] | null,
  ): number;
}
