/** `syskv/posix`: the raw syscalls, for anyone who wants a socket option that Node never exposed. */
export type { Constants } from './constants.ts';
export { check, errorName, type SyscallDetail, SyscallError } from './errors.ts';
export { posix } from './native.ts';
export type { Posix } from './posix.ts';
