/**
 * `syskv/posix`: the raw syscalls, for anyone who wants a socket option that Node never exposed.
 */
export type { AddressAnswer, SocketAddress } from './address.ts';
export { type Available, availableIn, type Feature } from './available.ts';
export type { ConstantName, Constants } from './constants.ts';
export { describe } from './describe.ts';
export { check, errorName, type SyscallDetail, SyscallError } from './errors.ts';
export type { Layout, Layouts } from './layouts.ts';
export type { ControlMessage, IncomingMessage, OutgoingMessage } from './message.ts';
export { available, posix } from './native.ts';
export type { Posix } from './posix.ts';
export {
  type ResourceLimit,
  type ResourceUsage,
  WEXITSTATUS,
  WIFEXITED,
  WIFSIGNALED,
  WTERMSIG,
} from './process.ts';
export { FD_CLR, FD_ISSET, FD_SET, FD_ZERO } from './select.ts';
export {
  type Codec,
  type Credentials,
  type Linger,
  type Structs,
  structsOf,
  type TcpInfo,
} from './structs.ts';
export type { TimerSpec, Timespec } from './timerfd.ts';
