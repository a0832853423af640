/** How many clients the process can have at all: each takes a descriptor. */
import type { Posix } from '../posix/posix.ts';
import type { Log } from './log.ts';

/**
 * As many of the wanted clients as RLIMIT_NOFILE leaves room for. Node has raised the soft limit to
 * the hard one at its start.
 */
export function affordableClients(posix: Posix, wanted: number): number {
  return Math.min(wanted, Math.max(1, descriptorLimit(posix) - RESERVED_DESCRIPTORS));
}

/** The same, saying so where it is fewer. */
export function lowerClients(posix: Posix, wanted: number, log: Log): number {
  const affordable = affordableClients(posix, wanted);
  if (wanted > affordable) {
    log.warning(
      `maxclients lowered from ${wanted} to ${affordable}: this process may open ` +
        `${descriptorLimit(posix)} descriptors (raise it with ulimit -n)`,
    );
  }
  return affordable;
}

function descriptorLimit(posix: Posix): number {
  const limit = { soft: Number.POSITIVE_INFINITY };
  posix.getrlimit(posix.constants.RLIMIT_NOFILE, limit);
  return limit.soft;
}

/** Node's own (some twenty), listeners, memfds and pollers of all threads. Redis keeps 32. */
const RESERVED_DESCRIPTORS = 64;
