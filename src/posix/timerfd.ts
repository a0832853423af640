/**
 * Timers that are descriptors: read 8 bytes of one to learn how often it has expired. Linux,
 * FreeBSD.
 */

export type TimerfdConstant =
  | 'CLOCK_BOOTTIME'
  | 'CLOCK_MONOTONIC'
  | 'CLOCK_REALTIME'
  | 'TFD_CLOEXEC'
  | 'TFD_NONBLOCK'
  | 'TFD_TIMER_ABSTIME'
  | 'TFD_TIMER_CANCEL_ON_SET';

/** struct timespec: `nanoseconds` is below 1,000,000,000. */
export interface Timespec {
  seconds: number;
  nanoseconds: number;
}

/**
 * struct itimerspec: first expiry after `value` (zero: disarmed), then every `interval` (zero:
 * once).
 */
export interface TimerSpec {
  interval: Timespec;
  value: Timespec;
}

export interface TimerfdCalls {
  /**
   * Makes a disarmed timer on the clock CLOCK_MONOTONIC, CLOCK_REALTIME or CLOCK_BOOTTIME. `flags`:
   * TFD_CLOEXEC, TFD_NONBLOCK.
   * @returns the descriptor, or -errno (EINVAL, EMFILE, ENFILE, ENOMEM).
   * @see timerfd_create(2)
   */
  timerfd_create(clockid: number, flags: number): number;

  /**
   * Arms or disarms the timer. `flags`: TFD_TIMER_ABSTIME (`value` is a time of the clock),
   * TFD_TIMER_CANCEL_ON_SET. `oldValue` is filled in with the setting until now.
   * @returns 0, or -errno (EBADF, EINVAL).
   * @see timerfd_settime(2)
   */
  timerfd_settime(
    fd: number,
    flags: number,
    newValue: TimerSpec,
    oldValue: Partial<TimerSpec> | null,
  ): number;

  /**
   * Fills in how long it is until the next expiry, and the interval.
   * @returns 0, or -errno (EBADF, EINVAL).
   * @see timerfd_gettime(2)
   */
  timerfd_gettime(fd: number, currValue: Partial<TimerSpec>): number;
}
