/** What `compare` can measure: every I/O model that there is, and the references. */
import { floor, floorThreads } from '../../measure/targets/floor.ts';
import { nodeNet } from '../../measure/targets/node-net.ts';
import { redis } from '../../measure/targets/redis.ts';
import { syskv } from '../../measure/targets/syskv.ts';
import type { Limit, Target } from '../../measure/targets/target.ts';
import { posix } from '../../posix/native.ts';
import { MODE_NAMES, type Mode, modeOf } from '../../server/modes.ts';

let targets: readonly Target[] | undefined;

/** Asked for once: it starts redis-server to learn its version. */
export function allTargets(): readonly Target[] {
  targets ??= [
    ...MODE_NAMES.map((name) => ofMode(name, modeOf(name))),
    nodeNet(),
    redis('redis-server'),
    floor(),
    floorThreads(),
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
const LIMITS: Readonly<Record<string, Limit>> = {
  select: { clients: 1024, ownNeed: 64, why: 'its bitmaps end at descriptor 1023' },
};

/** How many clients a model can serve at once, by what it is. */
function limitOf({ threading, threads }: Mode): Limit | null {
  switch (threading) {
    case 'none':
      return { clients: 1, ownNeed: 0, why: 'it serves one client at a time' };
    case 'crew': {
      return {
        clients: threads,
        ownNeed: 0,
        why: `each client keeps one of its ${threads} threads`,
      };
    }
    case 'processes': {
      const why = `each of its ${threads} processes serves one client at a time`;
      return { clients: threads, ownNeed: 0, why };
    }
    default:
      return null;
  }
}
