/**
 * Signals for a thread that stands in a syscall: Node's own handlers run from its event loop, which
 * such a thread never reaches.
 */

export type SignalConstant =
  | 'SIG_DFL'
  | 'SIG_IGN'
  | 'SIG_NOTIFY'
  | 'SIGNAL_COUNT'
  | 'SIGNAL_EVENTFD'
  | 'SIGNAL_EVENTFD_SLOTS'
  | 'SIGNAL_SHUTDOWN'
  | 'SIGNAL_SHUTDOWN_SLOTS'
  | 'SIGNAL_KEEP_BACKLOG'
  | 'SIGHUP'
  | 'SIGINT'
  | 'SIGQUIT'
  | 'SIGABRT'
  | 'SIGKILL'
  | 'SIGUSR1'
  | 'SIGUSR2'
  | 'SIGSEGV'
  | 'SIGPIPE'
  | 'SIGALRM'
  | 'SIGTERM'
  | 'SIGCHLD'
  | 'SIGCONT'
  | 'SIGSTOP'
  | 'SIGXFSZ'
  | 'SIG_BLOCK'
  | 'SIG_UNBLOCK'
  | 'SIG_SETMASK'
  | 'SA_RESTART'
  | 'SA_RESETHAND'
  | 'SA_NODEFER'
  | 'SA_NOCLDSTOP'
  | 'SA_NOCLDWAIT';

export interface SignalCalls {
  /**
   * The words that the SIG_NOTIFY handler uses: one block for the whole process, which every thread
   * sees. Use Atomics on it.
   *
   * - `SIGNAL_COUNT + signum`: how often that signal has come.
   * - `SIGNAL_EVENTFD` and the `SIGNAL_EVENTFD_SLOTS - 1` words behind it: descriptors (an eventfd;
   *   make it non-blocking) that the handler writes eight bytes to. -1 is a free slot: take one
   *   with `Atomics.compareExchange`.
   * - `SIGNAL_SHUTDOWN` and the `SIGNAL_SHUTDOWN_SLOTS - 1` words behind it: sockets that the
   *   handler calls `shutdown(fd, SHUT_RD)` on, so that the thread blocked in accept4 (EINVAL) or
   *   recvmsg (0) returns. Give the slot back before the descriptor is closed: its number is used
   *   again at once. A listener that is shut down resets the clients in its backlog. With
   *   SIGNAL_KEEP_BACKLOG or-ed to its number it is left alone while there are any: accept4 then
   *   returns with one of them. For a listener that one thread alone accepts from.
   *
   * Any signal that SIG_NOTIFY watches fires every slot.
   */
  readonly signalBlock: Int32Array;

  /**
   * Sets what a signal does: SIG_DFL, SIG_IGN, or SIG_NOTIFY (count it, then fire the slots of
   * `signalBlock`). It takes the place of a handler that `process.on` installed.
   * @param flags SA_RESTART, SA_RESETHAND, SA_NODEFER, SA_NOCLDSTOP, SA_NOCLDWAIT; others are a
   *   RangeError. Nothing is added: without SA_RESTART a blocked call returns -EINTR; with
   *   SA_RESETHAND the second signal does what it does by default.
   * @throws RangeError for the signals that a fault raises (SIGSEGV, SIGBUS, SIGILL, SIGFPE,
   *   SIGTRAP): a handler that returns would run into the same fault without end.
   * @returns 0 or -EINVAL (no such signal; SIGKILL and SIGSTOP).
   * @see sigaction(2)
   */
  sigaction(signum: number, action: number, flags: number): number;

  /**
   * Sends a signal; 0 only asks whether the process is there.
   * @returns 0 or -errno (EINVAL, EPERM, ESRCH).
   * @see kill(2)
   */
  kill(pid: number, sig: number): number;

  /**
   * Changes the calling thread's set of blocked signals. A thread that blocks a signal leaves it
   * to the others.
   * @param how SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK.
   * @param set signal numbers, or null to change nothing.
   * @param oldset is emptied and filled with the set before the call.
   * @returns 0 or -EINVAL.
   * @see pthread_sigmask(3)
   */
  pthread_sigmask(how: number, set: readonly number[] | null, oldset?: number[]): number;
}
