/** One store for all threads, processes and listeners of a server. */
import { describe, expect, test } from 'vitest';
import type { ModeName } from '../../src/server/modes.ts';
import { type Client, connect } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { CONCURRENT_MODES, EVENT_LOOPS, MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { SYSKV, startServer } from '../support/server.ts';

const WRITERS = 8;
const INCREMENTS = 2000;

/** The numbers that INCR answered this client, to its end. */
async function increment(client: Client): Promise<number[]> {
  client.send('INCR counter\r\n'.repeat(INCREMENTS));
  client.end();
  const replies = await client.readToEnd();
  return [...replies.matchAll(/^:(\d+)\r$/gm)].map(([, number]) => Number(number));
}

describe.each(CONCURRENT_MODES)('in mode %s with --threads 4', (mode) => {
  test(`${WRITERS} writers that count up together lose no increment`, async () => {
    const server = await startServer('--mode', mode, '--threads', '4');
    const clients = await Promise.all(Array.from({ length: WRITERS }, () => connect(server)));
    const numbers = (await Promise.all(clients.map(increment))).flat();
    expect(numbers).toHaveLength(WRITERS * INCREMENTS);
    expect(new Set(numbers).size).toBe(WRITERS * INCREMENTS);
    expect(numbers.reduce((a, b) => Math.max(a, b))).toBe(WRITERS * INCREMENTS);
  });

  test('what is set on one connection is got on every other', async () => {
    const server = await startServer('--mode', mode, '--threads', '4');
    const clients = await Promise.all([1, 2, 3, 4].map(() => connect(server)));
    for (const [i, writer] of clients.entries()) {
      expect(await writer.ask(`SET k ${i}\r\n`, 5)).toBe('+OK\r\n');
      for (const reader of clients) {
        expect(await reader.ask('GET k\r\n', 7)).toBe(`$1\r\n${i}\r\n`);
      }
    }
  });
});

describe.each(EVENT_LOOPS)('several listeners in mode %s', (mode) => {
  test.each([1, 2])('share one store, each with its protocol: --threads %i', async (threads) => {
    const path = `${temporaryFolder()}/line.sock`;
    const listeners = ['resp://127.0.0.1:0', 'http://127.0.0.1:0', `line:${path}`];
    const flags = listeners.flatMap((url) => ['--listen', url]);
    const server = await startServer('--mode', mode, '--threads', String(threads), ...flags);
    const [resp, http, line] = await Promise.all(
      server.addresses.map((address) => connect({ address })),
    );
    expect(await resp.ask('SET k value\r\n', 5)).toBe('+OK\r\n');
    expect(await line.ask('GET k\n', 6)).toBe('value\n');
    http.send('GET /keys/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await http.readToEnd()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nvalue$/);
  });
});

const BLOCKING: ModeName[] = MODES.filter((mode) => !EVENT_LOOPS.includes(mode));

test.each(BLOCKING)('several listeners in mode %s are refused, with the reason', async (mode) => {
  const listeners = ['--listen', 'resp://127.0.0.1:0', '--listen', 'http://127.0.0.1:0'];
  const { status, stdout, stderr } = await run(process.execPath, [
    ...[SYSKV, 'serve', '--mode', mode, ...listeners],
  ]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(
    `--mode ${mode} can't have several listeners: its thread blocks in accept4`,
  );
});
