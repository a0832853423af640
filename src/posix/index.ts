/** `syskv/posix`: the raw syscalls, for anyone who wants a socket option that Node never exposed. */
export type { Constants } from './constants.ts';
export { check, errorName, SyscallError, type SyscallDetail } from './errors.ts';
export { posix } from './native.ts';
export type { Posix } from './posix.ts';
