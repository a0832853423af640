/**
 * Clients that pipeline without a pause, beside one that asks and waits: it is answered, and of the
 * others none gets much less than its share. test/drivers/fairness.test.ts counts who is served
 * when; here are all modes and all protocols, on real servers.
 */
import { describe, expect, test } from 'vitest';
import type { ModeName } from '../../src/server/modes.ts';
import { connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { type Flood, flood } from '../support/flood.ts';
import { CONCURRENT_MODES, EVENT_LOOPS, roomFor } from '../support/modes.ts';
import { startServer } from '../support/server.ts';

const FLOODERS = 8;

const HTTP_GET = 'GET /keys/k HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

/**
 * What is sent without a pause, and what is asked beside it; and how many bytes of replies are
 * enough for a client to compare it with others: some ten turns' or more.
 */
const TALKS = {
  resp: { sent: 'SET k value\r\n', asked: 'PING\r\n', answer: '+PONG\r\n', plenty: 250_000 },
  line: { sent: 'SET k value\n', asked: 'PING\n', answer: 'PONG\n', plenty: 150_000 },
  http: { sent: HTTP_GET, asked: HTTP_GET, answer: '\r\n\r\n', plenty: 2_000_000 },
  echo: { sent: `${'x'.repeat(99)}\n`, asked: 'ask', answer: 'ask', plenty: 6_000_000 },
};

type Protocol = keyof typeof TALKS;

/** Starts a server beside whose floods a client is to ask; it has all the threads that it wants. */
async function startFlooded(mode: ModeName, protocol: Protocol, flooders = FLOODERS) {
  const server = await startServer(...roomFor(mode, flooders + 1), '--protocol', protocol);
  const floods = flood(server, flooders, TALKS[protocol].sent);
  await eventually(async () => Math.min(...(await floods.received())) > 0);
  return { server, floods };
}

/** What each client has been answered since then. */
async function since(before: readonly number[], floods: Flood): Promise<number[]> {
  return (await floods.received()).map((bytes, i) => bytes - before[i]);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

/** The least of these, over their mean. */
function leastShare(values: readonly number[]): number {
  return Math.min(...values) / mean(values);
}

describe.each(EVENT_LOOPS)('in mode %s', (mode) => {
  test.for(Object.keys(TALKS) as Protocol[])(
    'a client that asks is answered beside floods, and the floods share alike: %s',
    async (protocol) => {
      const { server, floods } = await startFlooded(mode, protocol);
      const { asked, answer, plenty } = TALKS[protocol];
      const client = await connect(server);
      const before = await floods.received();
      // On a busy machine one of them may have its replies and not have read them yet: what counts
      // is that it gets there. A client that starves never does.
      await eventually(async () => {
        client.send(asked);
        expect(await client.readUntil(answer)).toContain(answer);
        const received = await since(before, floods);
        return mean(received) >= plenty && leastShare(received) > 1 / 3;
      });
    },
  );
});

/** Their threads are the kernel's to share out: what is asked here is that nobody is forgotten. */
const THREADED = CONCURRENT_MODES.filter((mode) => !EVENT_LOOPS.includes(mode));

test.each(THREADED)(
  'in mode %s a client is answered beside floods, and none stops',
  async (mode) => {
    const { server, floods } = await startFlooded(mode, 'resp', 3);
    const before = await floods.received();
    const client = await connect(server);
    for (let i = 0; i < 20; i++) expect(await client.ask('GET k\r\n', 11)).toBe('$5\r\nvalue\r\n');
    await eventually(async () => leastShare(await since(before, floods)) > 1 / 10);
  },
);
