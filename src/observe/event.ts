/**
 * What happened: one system call, or a remark about a thread. Both strace and the recorder give it.
 */

export interface Call {
  readonly kind: 'call';
  /** The kernel's number of the thread; 0 where the log does not tell. */
  readonly tid: number;
  /** The thread's name as the kernel has it (`strace -Y`); '' where the log does not tell. */
  readonly threadName: string;
  /** Microseconds since 1970, or since midnight in a log of `-tt`. */
  readonly startUs: number;
  /** Microseconds until it returned; null where the log does not tell, or it never returned. */
  durationUs: number | null;
  /** As the log names it: `recvmsg`. */
  readonly name: string;
  /** What stands between the parentheses. */
  readonly text: string;
  /** The first argument where that is a number: for most of these calls, the descriptor. */
  readonly fd: number;
  /** What the descriptor is, as `-yy` prints it: `TCP:[127.0.0.1:6379->127.0.0.1:45100]`. */
  readonly file: string;
  /** The kernel's answer; null where there was none (`?`), or it never came. */
  readonly result: number | null;
  /** What a descriptor that is the answer is, as `file`. */
  readonly resultFile: string;
  /** `EAGAIN`; '' where it went well. */
  readonly error: string;
  /** What stands behind the answer: `(in [7])`, `(Timeout)`. */
  readonly outcome: string;
  /** strace made the answer up (`-e inject`). */
  readonly injected: boolean;
  readonly state: 'returned' | 'unfinished' | 'detached';
  /** The bytes that moved, as far as they were logged. */
  readonly bytes: Uint8Array;
  /** How many moved; 0 for calls that move none. */
  readonly movedBytes: number;
}

export interface Remark {
  readonly kind: 'remark';
  readonly what: 'signal' | 'stopped' | 'exited' | 'killed';
  readonly tid: number;
  readonly threadName: string;
  readonly startUs: number;
  /** `SIGINT`, a status, or the whole text. */
  readonly text: string;
}

export type Event = Call | Remark;
