/** Asking the kernel for an io_uring, with the best flags that it knows. */
import type { Posix } from '../../posix/posix.ts';

/**
 * Makes an io_uring for requests of the calling thread alone.
 *
 * @param params IO_URING_PARAMS_WORDS words, which the kernel fills in.
 * @returns the descriptor or -errno (io_uring_setup(2)).
 */
export function setUp(
  posix: Posix,
  submissions: number,
  completions: number,
  params: Uint32Array,
): number {
  const c = posix.constants;
  let result = -c.EINVAL;
  for (const flags of flagSets(posix)) {
    params.fill(0);
    params[c.IO_URING_PARAMS_FLAGS] = flags;
    params[c.IO_URING_PARAMS_CQ_ENTRIES] = completions;
    result = posix.io_uring_setup(submissions, params);
    // An unknown flag is EINVAL: an older kernel may know the next set.
    if (result !== -c.EINVAL) break;
  }
  return result;
}

/**
 * From the newest kernel to the oldest that will do.
 *
 * DEFER_TASKRUN runs what completes inside our own io_uring_enter, and never interrupts us for it:
 * with default flags io_uring costs more than epoll. It wants SINGLE_ISSUER. NO_SQARRAY leaves out
 * an indirection that nobody needs. SUBMIT_ALL goes on behind an entry that failed, whose error
 * comes as a completion like any other.
 */
function flagSets(posix: Posix): number[] {
  const c = posix.constants;
  const common =
    c.IORING_SETUP_CLAMP |
    c.IORING_SETUP_CQSIZE |
    c.IORING_SETUP_SUBMIT_ALL |
    c.IORING_SETUP_SINGLE_ISSUER;
  return [
    common | c.IORING_SETUP_DEFER_TASKRUN | c.IORING_SETUP_NO_SQARRAY, // Linux 6.6
    common | c.IORING_SETUP_DEFER_TASKRUN, // Linux 6.1
    common | c.IORING_SETUP_COOP_TASKRUN, // Linux 6.0
  ];
}
