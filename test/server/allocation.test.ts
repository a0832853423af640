/** The hot path, from receive to send, makes no JavaScript object: nothing has to be collected. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { EVENT_LOOPS } from '../support/modes.ts';
import { kill, Server } from '../support/server.ts';

const TRACE_GC = fileURLToPath(new URL('../support/trace-gc.mjs', import.meta.url));
const BATCH = 5000;
const VALUE = 'v'.repeat(32);
const REPLY = `$${VALUE.length}\r\n${VALUE}\r\n`;

/** Asks for the value so many times, in pipelined batches, and waits for all of the replies. */
async function getTimes(server: Server, times: number): Promise<void> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  const batch = '*2\r\n$3\r\nGET\r\n$7\r\nthe-key\r\n'.repeat(BATCH);
  for (let done = 0; done < times; done += BATCH) {
    socket.write(batch);
    for (let left = BATCH * REPLY.length; left > 0; ) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      left -= chunk.length;
    }
  }
  socket.destroy();
}

/** What `--trace-gc` has printed: the heap's size in MB after each collection. */
function collections(server: Server): number[] {
  const lines = server.output.matchAll(/(?:Scavenge|Mark-Compact).*? -> ([\d.]+)/g);
  return Array.from(lines, ([, megabytes]) => Number(megabytes));
}

test.each(EVENT_LOOPS)('a million GETs in mode %s leave nothing to collect', async (mode) => {
  const preload = ['env', `NODE_OPTIONS=--import=${TRACE_GC}`];
  const server = new Server(['--port', '0', '--mode', mode], preload);
  onTestFinished(() => kill(server));
  await server.listening();
  const socket = connect(server.port, '127.0.0.1');
  socket.write(`SET the-key ${VALUE}\r\n`);
  expect(String((await once(socket, 'data'))[0])).toBe('+OK\r\n');
  // Until the compiler has seen enough, arguments of some calls are objects.
  await getTimes(server, 300_000);
  const before = collections(server);
  expect(before.length).toBeGreaterThan(0);
  await getTimes(server, 1_000_000);
  const after = collections(server);
  expect(after.length - before.length).toBeLessThanOrEqual(5);
  // A single word for each request would make it 8.
  expect(after.at(-1)! - before.at(-1)!).toBeLessThan(4);
});
