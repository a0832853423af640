/** The same random requests to us, in each I/O model, and to Redis 7.0: the same replies. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { requireTool } from '../support/tools.ts';
import { type Peer, type Request, redis, syskv } from './peer.ts';
import { BITS, CONNECTION, KEYS, STRINGS, TRANSACTIONS } from './requests.ts';

requireTool('redis-server', 'redis-server');

/** Two connections: what one of them does, the other one watches. */
interface Step {
  readonly by: 0 | 1;
  readonly requests: readonly Request[];
}

/** Requests of one run, of which each connection sends some at a time. */
function steps(request: fc.Arbitrary<Request>): fc.Arbitrary<Step[]> {
  const step = fc.record({
    by: fc.constantFrom(0 as const, 1 as const),
    requests: fc.array(request, { minLength: 10, maxLength: 10 }),
  });
  return fc.array(step, { minLength: 10, maxLength: 10 });
}

const SEED = 20_240_607;
const REQUESTS_A_RUN = 100;

const MIXED = fc.oneof(
  { weight: 4, arbitrary: STRINGS },
  { weight: 2, arbitrary: BITS },
  { weight: 3, arbitrary: KEYS },
  { weight: 2, arbitrary: TRANSACTIONS },
  { weight: 1, arbitrary: CONNECTION },
);

const REQUESTS: Readonly<Record<string, number>> = { epoll: 22_000, 'thread-pool': 4_000 };
const REQUESTS_ELSEWHERE = 1_500;

describe.each(MODES)('random requests, in mode %s', (mode) => {
  const requests = REQUESTS[mode] ?? REQUESTS_ELSEWHERE;
  // Where there is room for one client only, it says all of it.
  const clients = mode === 'blocking' ? 1 : 2;
  let peers: Peer[] = [];
  beforeAll(() => {
    peers = [redis(), syskv('--mode', mode)];
  });
  afterAll(() => Promise.all(peers.map((peer) => peer.end())));

  test(`${requests} of them`, { timeout: 180_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps(MIXED), async (run) => {
        const [theirs, ours] = await Promise.all(peers.map((peer) => replay(peer, run, clients)));
        expect(ours).toEqual(theirs);
      }),
      { seed: SEED, numRuns: requests / REQUESTS_A_RUN },
    );
  });
});

/** Nothing that follows is to depend on how fast this machine is at the moment. */
const PREPARATION: readonly Request[] = [
  ['FLUSHALL'],
  ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'],
  ['CONFIG', 'SET', 'slowlog-log-slower-than', '-1'],
  ['CONFIG', 'SET', 'timeout', '0'],
  ['SLOWLOG', 'RESET'],
];

/** Requests and replies, as one can read them. */
async function replay(peer: Peer, run: readonly Step[], clients: 1 | 2): Promise<string[]> {
  const conversations = [await peer.converse()];
  if (clients === 2) conversations.push(await peer.converse());
  try {
    await conversations[0].tell(PREPARATION);
    const told: string[] = [];
    for (const { by, requests } of run)
      told.push(...(await conversations[by % clients].tell(requests)));
    return told;
  } finally {
    for (const conversation of conversations) conversation.close();
  }
}
