/**
 * The syscalls as one typed object. It is passed to its callers, not imported by them: the
 * recorder can wrap it, and a simulated kernel with the same face can stand in for it.
 *
 * In every call: the man page's name and argument order; bytes are `(buffer, offset, length)`; the
 * result is the kernel's, `>= 0`, or `-errno`. Nothing throws but misuse (a TypeError or RangeError
 * that names the argument).
 */
import type { Constants } from './constants.ts';
import type { EpollCalls } from './epoll.ts';
import type { ErrnoCalls } from './errno.ts';
import type { FdCalls } from './fd.ts';
import type { IoUringCalls } from './io-uring.ts';
import type { KqueueCalls } from './kqueue.ts';
import type { Layouts } from './layouts.ts';
import type { MemoryCalls } from './memory.ts';
import type { MessageCalls } from './message.ts';
import type { PollCalls } from './poll.ts';
import type { ProcessCalls } from './process.ts';
import type { SelectCalls } from './select.ts';
import type { SignalCalls } from './signal.ts';
import type { SocketCalls } from './socket.ts';
import type { TimerfdCalls } from './timerfd.ts';

export interface Posix
  extends FdCalls,
    TimerfdCalls,
    SocketCalls,
    MessageCalls,
    SelectCalls,
    PollCalls,
    EpollCalls,
    KqueueCalls,
    IoUringCalls,
    SignalCalls,
    MemoryCalls,
    ProcessCalls,
    ErrnoCalls {
  /** The C headers' constants, under their C names. What the platform lacks is absent. */
  readonly constants: Constants;
  /** The layouts of the C structs that options and control messages carry; structs.ts uses them. */
  readonly layouts: Layouts;
}
