/**
 * The C headers' constants that the addon exports, under their C names; read from the headers when
 * it is built. Each family names its own. What the platform lacks is absent (`undefined`).
 */
import type { EpollConstant } from './epoll.ts';
import type { ErrnoConstant } from './errno.ts';
import type { FdConstant } from './fd.ts';
import type { IoUringConstant } from './io-uring.ts';
import type { KqueueConstant } from './kqueue.ts';
import type { MemoryConstant } from './memory.ts';
import type { MessageConstant } from './message.ts';
import type { PollConstant } from './poll.ts';
import type { ProcessConstant } from './process.ts';
import type { SelectConstant } from './select.ts';
import type { SignalConstant } from './signal.ts';
import type { SocketConstant } from './socket.ts';
import type { TimerfdConstant } from './timerfd.ts';

export type ConstantName =
  | ErrnoConstant
  | FdConstant
  | TimerfdConstant
  | SocketConstant
  | MessageConstant
  | SelectConstant
  | PollConstant
  | EpollConstant
  | KqueueConstant
  | IoUringConstant
  | SignalConstant
  | MemoryConstant
  | ProcessConstant;

export type Constants = Readonly<Record<ConstantName, number>>;
