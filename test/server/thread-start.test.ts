/** A thread that comes up maps the whole store, and V8 is not to collect in vain for that. */
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { kill, Server } from '../support/server.ts';

const TRACE_GC = fileURLToPath(new URL('../support/trace-gc.mjs', import.meta.url));
/** With two segments a thread there are as many segments as there can be. */
const THREADS = 8;
/** Without the heap's bound that threads are given there is one for each of the 16 segments. */
const MOST_COLLECTIONS = 10;

/** Full collections by thread or process, the one with the most of them first. */
function fullCollections({ output }: Server): number[] {
  const counts = new Map<string, number>();
  for (const [, heap] of output.matchAll(/^\[(\d+:0x[0-9a-f]+)\].*Mark-Compact/gm)) {
    counts.set(heap, (counts.get(heap) ?? 0) + 1);
  }
  return [...counts.values()].sort((a, b) => b - a);
}

// The thread that starts the server is Node's own, with Node's bound.
const MAIN_THREADS = 1;

test.each(['thread-pool', 'thread-per-connection', 'epoll', 'prefork'])(
  'threads of mode %s start without full collections',
  async (mode) => {
    const preload = ['env', `NODE_OPTIONS=--import=${TRACE_GC}`];
    const server = new Server(
      ['--port', '0', '--mode', mode, '--threads', String(THREADS)],
      preload,
    );
    onTestFinished(() => kill(server));
    await server.listening();
    const clients = await Promise.all([1, 2, 3, 4].map(() => connect(server)));
    for (const client of clients) expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    await eventually(() => fullCollections(server).length > 0);
    expect(fullCollections(server)[MAIN_THREADS] ?? 0).toBeLessThanOrEqual(MOST_COLLECTIONS);
  },
);
