/** The floors answer as many replies as there were requests, however they are cut. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { SCENARIOS, type Shape } from '../../src/measure/scenarios.ts';
import { floor, floorThreads } from '../../src/measure/targets/floor.ts';
import type { Target } from '../../src/measure/targets/target.ts';
import { type Client, connect } from '../support/client.ts';
import { requireTool } from '../support/tools.ts';

requireTool('cc', 'gcc');

const SET = '*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n';
const GET = '*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n';
const PING = '*1\r\n$4\r\nPING\r\n';

async function clientOf(
  target: Target,
  mix: Shape['workload']['mix'],
  valueBytes = 5,
): Promise<Client> {
  const { shape } = SCENARIOS[0];
  const workload = { ...shape.workload, mix, valueBytes };
  const server = await target.start({ ...shape, workload });
  onTestFinished(() => server.stop());
  return connect({ address: `127.0.0.1:${server.port}` });
}

describe.each([floor(), floorThreads()])('$name', (target) => {
  describe('a batch of three', () => {
    test.each([
      ['in one piece', [SET + SET + SET]],
      ['cut within a header', [`${SET}*`, `3\r\n$3${SET.slice(6)}${SET}`]],
      ['cut within a body', [SET + SET.slice(0, -5), SET.slice(-5) + SET]],
      ['cut between CR and LF', [SET + SET + SET.slice(0, -1), SET.slice(-1)]],
      ['of several kinds', [SET + PING + GET]],
    ])('%s has three answers', async (_how, pieces) => {
      const client = await clientOf(target, ['SET']);
      for (const piece of pieces) await client.sendAll(piece);
      client.end();
      expect(await client.readToEnd()).toBe('+OK\r\n+OK\r\n+OK\r\n');
    });
  });

  test.each([
    ['GET', ['GET'], '$5\r\nxxxxx\r\n'],
    ['MGET', ['MGET'], `*10\r\n${'$5\r\nxxxxx\r\n'.repeat(10)}`],
    ['a mixture', ['SET', 'GET'], '+OK\r\n'],
  ] as const)('the answer to %s is as long as the right one', async (_name, mix, reply) => {
    const client = await clientOf(target, mix);
    await client.sendAll(GET);
    client.end();
    expect(await client.readToEnd()).toBe(reply);
  });

  test('answers that a socket does not take at once arrive whole', async () => {
    const client = await clientOf(target, ['GET'], 1024 ** 2);
    const reply = `$${1024 ** 2}\r\n${'x'.repeat(1024 ** 2)}\r\n`;
    await client.sendAll(GET.repeat(8));
    const replies = await client.read(8 * reply.length);
    expect(replies === reply.repeat(8)).toBe(true);
  });
});

test('clients beyond its 64 threads wait until one is left', async () => {
  const target = floorThreads();
  const server = await target.start();
  onTestFinished(() => server.stop());
  const address = `127.0.0.1:${server.port}`;
  const clients = await Promise.all(Array.from({ length: 64 }, () => connect({ address })));
  for (const client of clients) {
    await client.sendAll(PING);
    expect(await client.read(5)).toBe('+OK\r\n');
  }
  const next = await connect({ address });
  await next.sendAll(PING);
  clients[0].end();
  expect(await next.read(5)).toBe('+OK\r\n');
});
