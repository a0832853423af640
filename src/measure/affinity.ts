/** Server on one CPU, load on another: the load must not take the server's time. */
import type { Posix } from '../posix/posix.ts';
import { threadsOf } from './account.ts';

export interface Pinning {
  /** Empty: wherever the kernel likes. */
  readonly serverCpus: readonly number[];
  readonly clientCpus: readonly number[];
}

export const UNPINNED: Pinning = { serverCpus: [], clientCpus: [] };

/** The first two CPUs that this process may use; with fewer than two, nobody is pinned. */
export function choosePinning(posix: Posix): Pinning {
  const allowed: number[] = [];
  if (typeof posix.sched_getaffinity !== 'function') return UNPINNED;
  if (posix.sched_getaffinity(0, allowed) < 0 || allowed.length < 2) return UNPINNED;
  return { serverCpus: [allowed[0]], clientCpus: [allowed[1]] };
}

/** Why server and load were not kept apart; '' where they were. */
export function whyUnpinned({ serverCpus }: Pinning, isWanted: boolean): string {
  if (!isWanted) return '--no-pin';
  return serverCpus.length > 0 ? '' : 'this process may use fewer than two';
}

/** Moves every thread of the processes; those that they start later inherit it. */
export function pin(posix: Posix, pids: readonly number[], cpus: readonly number[]): void {
  if (cpus.length === 0) return;
  for (const pid of pids) {
    // A thread that has just ended gives ESRCH, which concerns nobody.
    for (const thread of threadsOf(pid)) posix.sched_setaffinity(thread, cpus);
  }
}
