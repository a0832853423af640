/**
 * The I/O models that the suites run under: all there are, so a new one is tested from its start.
 */
import { posix } from '../../src/posix/native.ts';
import { MODE_NAMES, type ModeName, modeOf } from '../../src/server/modes.ts';

const JUDGED = MODE_NAMES.map((mode) => ({ mode, refusal: modeOf(mode).refusal?.(posix) ?? '' }));

/** Those that this machine can run. */
export const MODES = JUDGED.filter(({ refusal }) => refusal === '').map(({ mode }) => mode);

/** Those that it can't, with what the server says about it. */
export const REFUSED_MODES = JUDGED.filter(({ refusal }) => refusal !== '');

/** The modes that serve a second client while the first one stays connected. */
export const CONCURRENT_MODES = MODES.filter((mode) => mode !== 'blocking');

/** One thread has many clients; `--threads` repeats the whole of it. */
export const EVENT_LOOPS = MODES.filter((mode) => modeOf(mode).threading === 'loops');

/** The main thread accepts, and each worker keeps one client. */
export const CREWS = MODES.filter((mode) => modeOf(mode).threading === 'crew');

/** Those that move bytes by the pair of calls that `--io` names. */
export const IO_MODES = MODES.filter((mode) => modeOf(mode).ownTransfer !== true);

/** How many clients are served at one time with so many threads. */
export function capacityOf(mode: ModeName, threads: number): number {
  return modeOf(mode).threading === 'loops' ? Number.POSITIVE_INFINITY : threads;
}

/** Flags for so many clients at one time at least, and no more threads than that takes. */
export function roomFor(mode: ModeName, clients: number): string[] {
  const needed = capacityOf(mode, 1) === 1 && modeOf(mode).threading !== 'none';
  return ['--mode', mode, ...(needed ? ['--threads', String(clients)] : [])];
}

/** `--io`, and the pair of calls that strace shows for it. */
export const TRANSFERS = [
  { io: 'recvmsg', receive: 'recvmsg', send: 'sendmsg' },
  { io: 'recv', receive: 'recvfrom', send: 'sendto' },
  { io: 'read', receive: 'read', send: 'write' },
  { io: 'readv', receive: 'readv', send: 'writev' },
  { io: 'recvfrom', receive: 'recvfrom', send: 'sendto' },
  { io: 'recvmmsg', receive: 'recvmmsg', send: 'sendmmsg' },
] as const;
