/** What a call has answered, in words for people. */
import { errorName } from './errors.ts';
import { posix } from './native.ts';

/**
 * `bind: Address already in use (EADDRINUSE)` for `describe(-98, 'bind')`, with the C library's
 * text; `accept4 returned 7` for a result that is no error.
 * @see strerror(3)
 */
export function describe(result: number, call: string): string {
  if (result >= 0) return `${call} returned ${result}`;
  return `${call}: ${posix.strerror(-result)} (${errorName(result)})`;
}
