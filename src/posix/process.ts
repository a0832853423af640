/** Threads, processes and their limits. */

export type ProcessConstant =
  | 'RUSAGE_SELF'
  | 'RUSAGE_CHILDREN'
  | 'RUSAGE_THREAD'
  | 'RLIMIT_NOFILE'
  | 'RLIMIT_CORE'
  | 'RLIMIT_NPROC'
  | 'RLIMIT_MEMLOCK'
  | 'RLIMIT_AS'
  | 'WNOHANG'
  | 'WUNTRACED'
  | 'WCONTINUED'
  | 'CLOCK_REALTIME'
  | 'CLOCK_MONOTONIC'
  | 'CLOCK_PROCESS_CPUTIME_ID'
  | 'CLOCK_THREAD_CPUTIME_ID'
  | 'PR_SET_PDEATHSIG'
  | 'PR_SET_DUMPABLE'
  | 'PR_GET_DUMPABLE'
  | 'PR_SET_TIMERSLACK'
  | 'PR_GET_TIMERSLACK'
  | 'PR_SET_PTRACER'
  | 'PR_SET_CHILD_SUBREAPER'
  | 'PR_SET_NO_NEW_PRIVS';

/** `struct rusage`, its fields without the `ru_`: times in microseconds, maxrss in bytes. */
export interface ResourceUsage {
  /** Microseconds in user code. */
  utime: number;
  /** Microseconds in the kernel. */
  stime: number;
  /** The most bytes that were resident at once. */
  maxrss: number;
  /** Page faults without I/O, and with. */
  minflt: number;
  majflt: number;
  /** Context switches: because it waited, and because its time was up. */
  nvcsw: number;
  nivcsw: number;
}

/** `struct rlimit`; RLIM_INFINITY is Infinity. */
export interface ResourceLimit {
  soft: number;
  hard: number;
}

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

  /**
   * Keeps a thread on the given CPUs. Linux alone.
   * @param pid a thread's number, 0 for the calling thread; Node's other threads are not moved.
   * @param cpus numbers from 0 to 1023.
   * @returns 0 or -errno (EINVAL: none of them exists or is allowed; EPERM, ESRCH).
   * @see sched_setaffinity(2)
   */
  sched_setaffinity(pid: number, cpus: readonly number[]): number;

  /**
   * @param cpus is emptied and filled with the CPUs that the thread may run on.
   * @returns 0 or -errno (ESRCH).
   * @see sched_getaffinity(2)
   */
  sched_getaffinity(pid: number, cpus: number[]): number;

  /**
   * Ends the process at once, with all its threads, whatever they are doing: no exit handler runs
   * and nothing is flushed. `process.exit` waits for each Worker, for ever if one is blocked in a
   * call.
   * @param status its low eight bits are what the parent sees.
   * @see _exit(2); strace shows exit_group(2)
   */
  _exit(status: number): never;

  /** Lets another thread run. @returns 0. @see sched_yield(2) */
  sched_yield(): number;

  /**
   * What was used so far, written into `usage`.
   * @param who RUSAGE_SELF, RUSAGE_CHILDREN or, on Linux, RUSAGE_THREAD.
   * @returns 0 or -EINVAL.
   * @see getrusage(2)
   */
  getrusage(who: number, usage: Partial<ResourceUsage>): number;

  /**
   * A limit of this process, written into `limit`.
   * @returns 0 or -EINVAL.
   * @see getrlimit(2)
   */
  getrlimit(resource: number, limit: Partial<ResourceLimit>): number;

  /**
   * Changes a limit of this process; Infinity is RLIM_INFINITY.
   * @returns 0 or -errno (EINVAL: soft above hard; EPERM: hard raised without the right).
   * @see setrlimit(2)
   */
  setrlimit(resource: number, limit: Readonly<ResourceLimit>): number;

  /**
   * The operations of prctl that take a number: those that have a constant here; others are a
   * RangeError. PR_SET_PDEATHSIG fires when the *thread* that started this process ends. Linux
   * alone.
   * @returns 0 (a PR_GET_: the value) or -errno (EINVAL, EPERM).
   * @see prctl(2)
   */
  prctl(option: number, arg2: number): number;

  /**
   * Waits for a child to change state. Not for the children of node:child_process, which waits for
   * its own: the second call gets ECHILD.
   * @param status one word, to be read with WIFEXITED and its like.
   * @param options WNOHANG, WUNTRACED, WCONTINUED.
   * @returns the child's PID, 0 where WNOHANG found none ready, or -errno (ECHILD, EINTR, EINVAL).
   * @see waitpid(2)
   */
  waitpid(pid: number, status: Int32Array, options: number): number;

  /**
   * A clock, in microseconds: with the kernel's nanoseconds as a fraction as far as a double holds
   * them (CLOCK_MONOTONIC to the nanosecond for 100 days; CLOCK_REALTIME to a quarter of a
   * microsecond).
   * @returns microseconds or -EINVAL.
   * @see clock_gettime(2)
   */
  clock_gettime(clockid: number): number;
}

/** Whether the child ended by itself. */
export function WIFEXITED(status: number): boolean {
  return (status & 0x7f) === 0;
}

/** The exit status of a child that ended by itself. */
export function WEXITSTATUS(status: number): number {
  return (status >> 8) & 0xff;
}

/** Whether a signal ended the child. */
export function WIFSIGNALED(status: number): boolean {
  const signal = status & 0x7f;
  return signal !== 0 && signal !== 0x7f;
}

/** The signal that ended the child. */
export function WTERMSIG(status: number): number {
  return status & 0x7f;
}
