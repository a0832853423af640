/** Conversations chosen by hand, to us in each I/O model and to Redis 7.0: the same replies. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { requireTool } from '../support/tools.ts';
import { CONVERSATIONS, requestsOf } from './conversations.ts';
import { type Peer, redis, syskv } from './peer.ts';

requireTool('redis-server', 'redis-server');

describe.each(MODES)('the same replies as Redis, in mode %s', (mode) => {
  let peers: Peer[] = [];
  beforeAll(() => {
    peers = [redis(), syskv('--mode', mode)];
  });
  afterAll(() => Promise.all(peers.map((peer) => peer.end())));

  test.each(Object.entries(CONVERSATIONS))('%s', async (_what, conversation) => {
    const requests = requestsOf(conversation);
    const told = await Promise.all(
      peers.map(async (peer) => {
        const client = await peer.converse();
        await client.tell([['FLUSHALL']]);
        const lines = await client.tell(requests);
        client.close();
        return lines;
      }),
    );
    expect(told[1]).toEqual(told[0]);
  });
});
