/**
 * Who is measured beside whom: our own I/O models, and what they are compared with. `epoll:2` is a
 * model with two threads.
 */
import { floor, floorThreads } from '../measure/targets/floor.ts';
import { nodeNet } from '../measure/targets/node-net.ts';
import { redis } from '../measure/targets/redis.ts';
import { syskv } from '../measure/targets/syskv.ts';
import type { Target } from '../measure/targets/target.ts';
import { posix } from '../posix/native.ts';
import { MODE_NAMES, type Mode, type ModeName, modeOf } from '../server/modes.ts';

const REFERENCES: Readonly<Record<string, () => Target>> = {
  'redis-server': () => redis('redis-server'),
  'valkey-server': () => redis('valkey-server'),
  'node-net': nodeNet,
  floor,
  'floor-threads': floorThreads,
};

export const REFERENCE_NAMES: readonly string[] = Object.keys(REFERENCES);
export const PEER_NAMES: readonly string[] = [...MODE_NAMES, ...REFERENCE_NAMES];

export const USUAL_PEERS: readonly string[] = [
  'epoll',
  'io_uring',
  'redis-server',
  'valkey-server',
  'node-net',
  'floor',
];

/** Ratios are to the first of these that is there. */
const STANDARDS: readonly string[] = ['redis-server', 'valkey-server'];

/**
 * @param tellsPauses whether our own servers write a line for each garbage collection: their
 * parent has to go on reading, or they will stand still once the pipe is full.
 * @returns undefined where there is none of that name.
 */
export function peerOf(name: string, tellsPauses = true): Target | undefined {
  if (Object.hasOwn(REFERENCES, name)) return REFERENCES[name]();
  const [, mode, threads] = /^([\w-]+?)(?::([1-9]\d?))?$/.exec(name) ?? [];
  const known = MODE_NAMES.find((one) => one === mode);
  return known === undefined ? undefined : ofMode(name, known, threads, tellsPauses);
}

function ofMode(
  name: string,
  modeName: ModeName,
  threads: string | undefined,
  tellsPauses: boolean,
): Target {
  const mode: Mode = modeOf(modeName);
  return syskv({
    name,
    mode: modeName,
    summary: threads === undefined ? mode.summary : `${mode.summary}, ${threads} threads`,
    refusal: mode.refusal?.(posix) ?? '',
    limit: null,
    flags: threads === undefined ? [] : ['--threads', threads],
    tellsPauses,
  });
}

/** Who the ratios are to, of these; '' where it is none of them. */
export function standardOf(names: readonly string[]): string {
  return STANDARDS.find((name) => names.includes(name)) ?? '';
}
