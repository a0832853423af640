/** Turning -errno into an exception, worded as Node words its own. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** Where a call was aimed at, for the message. */
export interface SyscallDetail {
  address?: string;
  port?: number;
}

/** A failed syscall: `code` EADDRINUSE, `errno` 98, `syscall` 'bind', and where it was aimed at. */
export class SyscallError extends Error {
  readonly code: string;
  /** The positive errno. */
  readonly errno: number;
  readonly syscall: string;
  declare readonly address?: string;
  declare readonly port?: number;

  constructor(errno: number, syscall: string, detail: SyscallDetail = {}) {
    const code = errorName(errno);
    const port = detail.port === undefined ? '' : `:${detail.port}`;
    const where = detail.address === undefined ? '' : ` ${detail.address}${port}`;
    super(`${syscall} ${code}${where}`);
    this.name = 'SyscallError';
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    if (detail.address !== undefined) this.address = detail.address;
    if (detail.port !== undefined) this.port = detail.port;
  }
}

/**
 * `EADDRINUSE` for 98, and for -98 as a call returns it; `errno 4000` for a number that this
 * platform does not name.
 */
export function errorName(errno: number): string {
  const number = Math.abs(errno);
  return getSystemErrorMap().get(-number)?.[0] ?? otherName(number) ?? `errno ${number}`;
}

/** Node's map leaves out what libuv never meets: ECHILD, EDEADLK. */
function otherName(errno: number): string | undefined {
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0];
}

/**
 * Passes a result that is no error through, and throws a SyscallError for -errno. For set-up and
 * tear-down; the hot path handles negative results as values.
 */
export function check(result: number, syscall: string, detail?: SyscallDetail): number {
  if (result < 0) throw new SyscallError(-result, syscall, detail);
  return result;
}
