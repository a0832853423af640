/** What `compare` can measure: every I/O model that there is, and the references. */
import { nodeNet } from '../../measure/targets/node-net.ts';
import { redis } from '../../measure/targets/redis.ts';
import { syskv } from '../../measure/targets/syskv.ts';
import type { Target } from '../../measure/targets/target.ts';
import { posix } from '../../posix/native.ts';
import { MODE_NAMES, type Mode, modeOf } from '../../server/modes.ts';

let targets: readonly Target[] | undefined;

/** Asked for once: it starts redis-server to learn its version. */
export function allTargets(): readonly Target[] {
  targets ??= [
    ...MODE_NAMES.map((name) => ofMode(name, modeOf(name))),
    nodeNet(),
    redis('redis-server'),
  ];
  return targets;
}

function ofMode(name: string, mode: Mode): Target {
  return syskv({
    mode: name,
    summary: mode.summary,
    refusal: mode.refusal?.(posix) ?? '',
    limit: LIMITS[name] ?? limitOf(mode),
  });
}

/** What is peculiar to one model. */
const LIMITS: Readonly<Record<string, string>> = {
  select: 'its bitmaps end at descriptor 1023',
};

/** Why a model leaves clients unserved. */
function limitOf({ threading, threads }: Mode): string {
  switch (threading) {
    case 'none':
      return 'it serves one client at a time';
    case 'crew':
      return `each client keeps one of its ${threads} threads`;
    case 'processes':
      return `each of its ${threads} processes serves one client at a time`;
    default:
      return '';
  }
}
