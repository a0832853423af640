/** What the process can have at all: each client takes a descriptor, each thread takes some. */
import { readdirSync } from 'node:fs';
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

/**
 * Whether another thread can be started. One that runs out of descriptors while it loads dies, and
 * Node can't tell a main thread that is blocked.
 */
export function affordsThread(posix: Posix): boolean {
  try {
    return descriptorLimit(posix) - readdirSync('/dev/fd').length >= THREAD_DESCRIPTORS;
  } catch {
    // The listing itself takes one.
    return false;
  }
}

/** A thread opens all of its modules at about the same time: some 80. It keeps four. */
const THREAD_DESCRIPTORS = 100;

/** Node's own (some twenty), listeners, memfds and pollers of all threads. Redis keeps 32. */
const RESERVED_DESCRIPTORS = 64;
