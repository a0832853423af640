/** How many clients the process can have at all: each takes a descriptor. */
import type { Posix } from '../posix/posix.ts';
import type { Log } from './log.ts';

/**
 * As many of the wanted clients as RLIMIT_NOFILE leaves room for, and says so where it is fewer.
 * Node has raised the soft limit to the hard one at its start.
 */
export function affordableClients(posix: Posix, wanted: number, log: Log): number {
  const limit = { soft: Number.POSITIVE_INFINITY };
  posix.getrlimit(posix.constants.RLIMIT_NOFILE, limit);
  const affordable = Math.max(1, limit.soft - RESERVED_DESCRIPTORS);
  if (wanted <= affordable) return wanted;
  log.warning(
    `maxclients lowered from ${wanted} to ${affordable}: ` +
      `this process may open ${limit.soft} descriptors (raise it with ulimit -n)`,
  );
  return affordable;
}

/** Node's own (some twenty), listeners, memfds and pollers of all threads. Redis keeps 32. */
const RESERVED_DESCRIPTORS = 64;
