/** What this platform has: a call that it lacks is absent from `posix`, never a stub. */
import type { Posix } from './posix.ts';

/**
 * Whether the addon was built with each family. Whether the running kernel permits it is another
 * question, which the call itself answers (io_uring_setup: -EPERM, -ENOSYS).
 */
export interface Available {
  readonly epoll: boolean;
  readonly kqueue: boolean;
  readonly io_uring: boolean;
  readonly memfd: boolean;
  readonly futex: boolean;
}

export function availableIn(posix: Posix): Available {
  return {
    epoll: 'epoll_wait' in posix,
    kqueue: 'kevent' in posix,
    io_uring: 'io_uring_setup' in posix,
    memfd: 'memfd_create' in posix,
    futex: 'futex' in posix,
  };
}
