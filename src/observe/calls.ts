/** The calls by what they do, under the kernel's names and under glibc's. */

const RECEIVING = ['recvmsg', 'recvfrom', 'recv', 'read', 'readv', 'recvmmsg'];
const SENDING = ['sendmsg', 'sendto', 'send', 'write', 'writev', 'sendmmsg'];
const ACCEPTING = ['accept', 'accept4'];

/**
 * What io_uring is asked for and answers, as the recorder writes it: no system calls by themselves.
 */
export const SUBMISSION = 'sqe_';
export const COMPLETION = 'cqe_';

/** Calls that bring bytes: of io_uring, the answer. */
export const RECEIVES: ReadonlySet<string> = new Set([...RECEIVING, `${COMPLETION}recv`]);
/** Calls that take bytes: of io_uring, what was asked for. */
export const SENDS: ReadonlySet<string> = new Set([...SENDING, `${SUBMISSION}send`]);
export const ACCEPTS: ReadonlySet<string> = new Set([...ACCEPTING, `${COMPLETION}accept`]);

/** Calls in which a thread waits for one of many descriptors. */
export const WAITS: ReadonlySet<string> = new Set([
  'epoll_wait',
  'epoll_pwait',
  'epoll_pwait2',
  'poll',
  'ppoll',
  'select',
  'pselect6',
  'pselect',
  'kevent',
  'io_uring_enter',
]);

/** Calls that may keep a thread asleep until somebody else does something. */
export function mayBlock(name: string): boolean {
  return BLOCKING.has(name);
}

const BLOCKING = new Set([
  ...RECEIVING,
  ...SENDING,
  ...ACCEPTING,
  ...WAITS,
  ...['connect', 'futex'],
]);

/**
 * What strace is asked for. A name that an architecture lacks would be an error without its `?`.
 */
export const TRACED: readonly string[] = [
  ...['socket', 'bind', 'listen', 'connect', 'setsockopt', 'close', 'shutdown'],
  ...RECEIVING,
  ...SENDING,
  ...ACCEPTING,
  ...WAITS,
  ...['epoll_create1', 'epoll_ctl', 'io_uring_setup', 'io_uring_register', 'futex'],
  // What an interrupted poll or futex wait goes on as: seen where strace comes in the middle of it.
  'restart_syscall',
].map((name) => `?${name}`);
