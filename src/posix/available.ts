/**
 * What this build has beyond POSIX. A function that the platform lacks is absent, never a stub.
 * What was built in may still be refused by the kernel or its policy: io_uring answers -ENOSYS or
 * -EPERM.
 */
import type { Posix } from './posix.ts';

/** Each feature by the function that cannot be there without it. */
const FEATURES = {
  accept4: 'accept4',
  dup3: 'dup3',
  epoll: 'epoll_create1',
  eventfd: 'eventfd',
  futex: 'futex',
  io_uring: 'io_uring_setup',
  kqueue: 'kqueue',
  memfd: 'memfd_create',
  pipe2: 'pipe2',
  recvmmsg: 'recvmmsg',
  timerfd: 'timerfd_create',
} as const satisfies Readonly<Record<string, keyof Posix>>;

export type Feature = keyof typeof FEATURES;

/** Which features are there: `kqueue` is false on Linux, `epoll` is false elsewhere. */
export type Available = Readonly<Record<Feature, boolean>>;

export function availableIn(posix: Posix): Available {
  const entries = Object.entries(FEATURES).map(([feature, name]) => [
    feature,
    typeof posix[name] === 'function',
  ]);
  return Object.freeze(Object.fromEntries(entries));
}
