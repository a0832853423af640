import type { EpollConstant } from './epoll.ts';
import type { PollConstant } from './poll.ts';
import type { ProcessConstant } from './process.ts';
import type { SignalConstant } from './signal.ts';

/** The C headers' constants that the addon exports; read from the headers when it is built. */
export type Constants = Readonly<Record<ConstantName, number>>;

type ConstantName =
  | 'O_NONBLOCK'
  | 'O_CLOEXEC'
  | PollConstant
  | EpollConstant
  | SignalConstant
  | ProcessConstant;
