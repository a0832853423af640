/**
 * kqueue: on macOS and the BSDs alone (ask `available.kqueue`). Linux does not compile it, and no
 * test of this project has run it.
 */

export type KqueueConstant =
  | 'KEVENT_WORDS'
  | 'KEVENT_IDENT'
  | 'KEVENT_FILTER'
  | 'KEVENT_FILTER_BYTES'
  | 'KEVENT_FLAGS'
  | 'KEVENT_FLAGS_BYTES'
  | 'KEVENT_FFLAGS'
  | 'KEVENT_DATA'
  | 'KEVENT_UDATA'
  | 'EVFILT_READ'
  | 'EVFILT_WRITE'
  | 'EVFILT_SIGNAL'
  | 'EVFILT_TIMER'
  | 'EVFILT_USER'
  | 'NOTE_TRIGGER'
  | 'EV_ADD'
  | 'EV_DELETE'
  | 'EV_ENABLE'
  | 'EV_DISABLE'
  | 'EV_ONESHOT'
  | 'EV_CLEAR'
  | 'EV_EOF'
  | 'EV_ERROR';

/**
 * The caller's Int32Arrays hold the system's own `struct kevent`, `KEVENT_WORDS` words each. The
 * other KEVENT_ constants are byte offsets within one: ident and udata have a pointer's width, data
 * 64 bits, fflags 32; filter and flags have KEVENT_FILTER_BYTES and KEVENT_FLAGS_BYTES (2 or 4).
 */
export interface KqueueCalls {
  /**
   * @returns the queue's descriptor or -errno (EMFILE, ENFILE, ENOMEM).
   * @see kqueue(2)
   */
  kqueue(): number;

  /**
   * Makes `nchanges` changes, then waits for at most `nevents` events.
   * @param changelist room for `nchanges` events (less is a RangeError), or null if there are none.
   * @param timeoutMs fractions allowed; negative waits without end.
   * @returns how many events, 0 after the timeout, or -errno (EACCES, EBADF, EINTR, ENOENT, …).
   * @see kevent(2)
   */
  kevent(
    kq: number,
    changelist: Int32Array | null,
    nchanges: number,
    eventlist: Int32Array | null,
    nevents: number,
    timeoutMs: number,
  ): number;
}
