/** What the kernel is asked for when a value is large. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { bulkOf, connectLarge, largeValue, setOf } from '../support/large.ts';
import { type Server, startServer } from '../support/server.ts';
import { attach, type Call, requireStrace } from '../support/strace.ts';

requireStrace();

const VALUE = largeValue(3 * 1024 ** 2);
/** The thread's read buffer, as strace prints a recvmsg into it. */
const READ_BUFFER = 'iov_len=65536';

async function setAndGet(server: Server): Promise<Call[]> {
  const client = await connectLarge(server);
  const trace = await attach(server, ['recvmsg', 'sendmsg', 'writev', 'sendmmsg', 'sendto']);
  client.send(...setOf('key', VALUE));
  await client.expect('+OK\r\n');
  client.send('GET key\r\n');
  await client.expect(...bulkOf(VALUE));
  return trace.detach();
}

describe('a large value', () => {
  test.each([
    ['recvmsg', 'sendmsg'],
    ['readv', 'writev'],
    ['recvmmsg', 'sendmmsg'],
  ])('with --io %s is sent with its head and its end by one %s', async (io, name) => {
    const calls = await setAndGet(await startServer('--io', io));
    const sent = calls.find((call) => call.name === name && call.text.includes('"$3145728'));
    expect(sent?.text).toContain('{iov_base="$3145728\\r\\n", iov_len=10}');
    expect(sent?.text).toContain('iov_len=3145728}, {iov_base="\\r\\n", iov_len=2}');
  });

  test('with --io recv is sent by calls of their own, each as long as it can be', async () => {
    const calls = await setAndGet(await startServer('--io', 'recv'));
    const lengths = calls.filter(({ name }) => name === 'sendto').map(({ text }) => lengthOf(text));
    expect(lengths.slice(0, 3)).toEqual([5, 10, 3_145_728]);
    expect(lengths.at(-1)).toBe(2);
  });

  test('is received into its place, but for what came with its head', async () => {
    const calls = await setAndGet(await startServer());
    const received = calls.filter(({ name, result }) => name === 'recvmsg' && result > 0);
    const placed = received.filter(({ text }) => !text.includes(READ_BUFFER));
    const bytes = placed.reduce((sum, { result }) => sum + result, 0);
    expect(bytes).toBeGreaterThanOrEqual(VALUE.length - 65_536);
    expect(bytes).toBeLessThanOrEqual(VALUE.length);
  });

  test('over http is sent with its head by one sendmsg', async () => {
    const server = await startServer('--protocol', 'http');
    const url = `http://${server.address}/keys/key`;
    await fetch(url, { method: 'PUT', body: VALUE });
    const client = await connect(server);
    const trace = await attach(server, ['sendmsg']);
    client.send('GET /keys/key HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.readUntil('\r\n\r\n');
    await client.read(VALUE.length);
    const [sent] = await trace.detach();
    expect(sent.text).toMatch(/^\d+, .*iov_base="HTTP\/1\.1 200 OK.*iov_len=3145728}\]/);
  });
});

/** `fd, "bytes"..., length, flags, …` */
function lengthOf(text: string): number {
  return Number(/"(?:\.\.\.)?, (\d+), /.exec(text)?.[1]);
}
