/** INFO, CLIENT LIST and LATENCY HISTOGRAM: figures differ, their names, order and sense do not. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requireTool } from '../support/tools.ts';
import { type Connection, encode, type Peer, type Request, redis, syskv } from './peer.ts';
import { replyValue } from './reply-value.ts';

requireTool('redis-server', 'redis-server');

let peers: Peer[] = [];
let connections: Connection[] = [];
beforeAll(() => {
  peers = [redis(), syskv()];
});
beforeEach(async () => {
  for (const connection of connections) connection.close();
  connections = await Promise.all(peers.map((peer) => peer.connect()));
});
afterAll(() => Promise.all(peers.map((peer) => peer.end())));

/** The text of the last reply, of Redis and of syskv. */
async function both(...requests: Request[]): Promise<[string, string]> {
  const replies = await Promise.all(connections.map((peer) => peer.ask(requests)));
  return replies.map((all) => String(replyValue(all[all.length - 1]))) as [string, string];
}

/** Figures of ours, at the end of their sections. */
const OURS = /^(?:syskv_.*|node_version|used_memory_heap|client_errors|protocol_errors)$/;
/** Sections whose lines depend on what was counted or stored. */
const SECTIONS =
  'server clients memory persistence stats replication cpu modules cluster keyspace'.split(' ');

function namesIn(text: string): string[] {
  const lines = text.split('\r\n').map((line) => line.replace(/:.*/, ''));
  return lines.filter((name) => !OURS.test(name));
}

test.each(SECTIONS)('INFO %s has the same fields in the same order', async (section) => {
  const [theirs, ours] = await both(['SET', 'a', '1'], ['INFO', section]);
  expect(namesIn(ours)).toEqual(namesIn(theirs));
});

test('INFO counts changes since the start', async () => {
  const requests = ['FLUSHALL', 'SET a 1', 'APPEND a 2', 'EXPIRE a 100', 'DEL a', 'DEL a', 'GET a'];
  const changes = async () => {
    const texts = await both(['INFO', 'persistence']);
    return texts.map((text) => Number(/rdb_changes_since_last_save:(\d+)/.exec(text)?.[1]));
  };
  await both(['FLUSHALL']);
  const before = await changes();
  await both(...requests.slice(1).map((request) => request.split(' ')));
  const after = await changes();
  expect(after.map((count, i) => count - before[i])).toEqual([4, 4]);
});

test('INFO latencystats follows its setting', async () => {
  const setting = 'latency-tracking-info-percentiles';
  const [theirs, ours] = await both(
    ['CONFIG', 'SET', setting, '1 99.99'],
    ['CONFIG', 'RESETSTAT'],
    ['PING'],
    ['INFO', 'latencystats'],
  );
  const shares = (text: string) => /usec_ping:(.*)/.exec(text)?.[1].replace(/=[\d.]+/g, '');
  expect([shares(ours), shares(theirs)]).toEqual(['p1,p99.99', 'p1,p99.99']);
  await both(['CONFIG', 'SET', setting, '50 99 99.9']);
});

test('the first call after CONFIG RESETSTAT is itself', async () => {
  const reset: Request = ['CONFIG', 'RESETSTAT'];
  const replies = await Promise.all(
    connections.map((peer) => peer.ask([reset, ['LATENCY', 'HISTOGRAM']])),
  );
  const [theirs, ours] = replies.map(([, reply]) => reply.replace(/:\d+\r\n:1\r\n$/, ':µs\r\n:1'));
  expect(ours).toBe(theirs);
  const [their, our] = await both(reset, ['INFO', 'commandstats']);
  const ofReset = (text: string) => /cmdstat_config\|resetstat:calls=\d+/.exec(text)?.[0];
  expect(ofReset(our)).toBe(ofReset(their));
});

/** What no two servers have in common. */
const OWN_FIELDS = /^(?:id|addr|laddr|fd|age|qbuf-free|rbs|rbp|tot-mem|lib-name|lib-ver)=/;

test('CLIENT LIST tells the same of the client that asks', async () => {
  const request: Request = ['CLIENT', 'LIST'];
  await both(['CLIENT', 'NO-EVICT', 'on'], ['SELECT', '3']);
  const [theirs, ours] = await both(request);
  const shared = (text: string) =>
    text.split(/ |\n/).filter((field) => !OWN_FIELDS.test(field) && field !== '');
  expect(shared(ours)).toEqual(shared(theirs));
  expect(ours).toContain(` qbuf=${encode(request).length} `);
  expect(ours).toContain(` argv-mem=${request.join('').length} `);
  expect(Number(/ tot-mem=(\d+)/.exec(ours)?.[1])).toBeGreaterThan(1024);
  expect(Number(/ rbs=(\d+)/.exec(ours)?.[1])).toBeGreaterThan(0);
});

test('CLIENT LIST tells what another client has begun, and queued', async () => {
  const other = await peers[1].connect();
  await other.ask([['CLIENT', 'SETNAME', 'other'], ['MULTI'], ['SET', 'key', 'value']]);
  other.write('*2\r\n$3\r\nGET\r\n$5');
  const line = await lineOf('other', / qbuf=(?!0 )/);
  expect(line).toContain(' qbuf=15 ');
  expect(line).toContain(' argv-mem=0 multi-mem=11 rbs=0 ');
  other.close();
});

/** The line of this client, once it is so. */
async function lineOf(name: string, pattern: RegExp): Promise<string> {
  for (;;) {
    const [, ours] = await both(['CLIENT', 'LIST']);
    const line = ours.split('\n').find((one) => one.includes(` name=${name} `)) ?? '';
    if (pattern.test(line)) return line;
  }
}
