/** Requests that are none: the same last words as Redis', whatever stands before and behind. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireTool } from '../support/tools.ts';
import { encode, type Peer, type Request, redis, syskv } from './peer.ts';
import { REFUSALS, TAILS } from './raw.ts';

requireTool('redis-server', 'redis-server');

let peers: Peer[] = [];
beforeAll(() => {
  peers = [redis(), syskv()];
});
afterAll(() => Promise.all(peers.map((peer) => peer.end())));

/** All that is answered until the server closes the connection. */
async function answerTo(peer: Peer, stream: string): Promise<string> {
  const connection = await peer.connect();
  connection.write(stream);
  return connection.rest();
}

test.each(REFUSALS)('%j', async (stream, text) => {
  const before = encode(['PING']);
  for (const tail of TAILS) {
    const answers = await Promise.all(
      peers.map((peer) => answerTo(peer, `${before}${stream}${tail}`)),
    );
    // An inline request must have come to its end; so must a line of a request.
    expect(answers).toEqual(new Array(2).fill(`+PONG\r\n-ERR Protocol error: ${text}\r\n`));
  }
});

const QUIET: Readonly<Record<string, readonly Request[]>> = {
  'skips the next one': [['CLIENT', 'REPLY', 'SKIP'], ['PING'], ['ECHO', 'a']],
  'skips one that fails': [['CLIENT', 'REPLY', 'SKIP'], ['GET'], ['ECHO', 'a']],
  'twice skips one': [
    ['CLIENT', 'REPLY', 'SKIP'],
    ['CLIENT', 'REPLY', 'SKIP'],
    ['ECHO', 'a'],
  ],
  'is over by ON': [
    ['CLIENT', 'REPLY', 'SKIP'],
    ['CLIENT', 'REPLY', 'ON'],
    ['ECHO', 'a'],
  ],
  'means nothing when OFF': [
    ['CLIENT', 'REPLY', 'OFF'],
    ['CLIENT', 'REPLY', 'SKIP'],
    ['PING'],
    ['PING'],
    ['CLIENT', 'REPLY', 'ON'],
    ['ECHO', 'a'],
  ],
  'a whole transaction': [['CLIENT', 'REPLY', 'SKIP'], ['MULTI'], ['PING'], ['EXEC'], ['PING']],
};

test.each(Object.entries(QUIET))('CLIENT REPLY SKIP %s', async (_what, requests) => {
  // All in one read, and each in a read of its own; what is answered last ends the connection.
  const all = [...requests, ['QUIT']].map(encode).join('');
  const [theirs, ours] = await Promise.all(peers.map((peer) => answerTo(peer, all)));
  expect(ours).toBe(theirs);
  expect(ours.endsWith('+OK\r\n')).toBe(true);
  const oneByOne = await peers[1].connect();
  for (const byte of all) oneByOne.write(byte);
  expect(await oneByOne.rest()).toBe(theirs);
});

/** Redis answers an array that lacks an element, which no client can read. */
test('CLIENT REPLY SKIP that EXEC runs: neither it nor what follows is answered', async () => {
  const words = ['MULTI', 'CLIENT REPLY SKIP', 'PING', 'EXEC', 'ECHO a', 'ECHO b', 'QUIT'];
  const requests = words.map((request) => encode(request.split(' ')));
  const reply = await answerTo(peers[1], requests.join(''));
  expect(reply).toBe('+OK\r\n+QUEUED\r\n+QUEUED\r\n$1\r\nb\r\n+OK\r\n');
});
