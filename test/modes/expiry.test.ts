/** Expired keys go by themselves in every mode, and no write is refused for their sake. */
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { CONCURRENT_MODES, EVENT_LOOPS, MODES, roomFor } from '../support/modes.ts';
import { type Server, startServer } from '../support/server.ts';

const KEYS = 1000;

async function setPassing(client: Client, milliseconds: number): Promise<void> {
  for (let i = 0; i < KEYS; i++) client.send(`SET k${i} v PX ${milliseconds}\r\n`);
  expect(await client.read(KEYS * 5)).toBe('+OK\r\n'.repeat(KEYS));
}

/** Keys that nobody has met, and that have been removed all the same. */
async function expiredKeys(client: Client): Promise<number> {
  return Number((await infoOf(client, 'stats')).expired_keys);
}

async function sizeOf(client: Client): Promise<number> {
  client.send('DBSIZE\r\n');
  return Number((await client.readUntil('\r\n')).slice(1));
}

describe.each(MODES)('mode %s', (mode) => {
  test('keys expire while nobody is connected', async () => {
    const server = await startServer(...roomFor(mode, 2));
    const client = await connect(server);
    await setPassing(client, 100);
    client.end();
    await client.readToEnd();
    await eventually(async () => {
      const asker = await connect(server);
      const left = await sizeOf(asker);
      asker.end();
      await asker.readToEnd();
      return left === 0;
    });
  });

  test('keys expire while their client says nothing', async () => {
    const server = await startServer(...roomFor(mode, 2));
    const client = await connect(server);
    await setPassing(client, 100);
    // It is asked once: what a request would wake is not what is to be seen.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await sizeOf(client)).toBe(0);
    expect(await expiredKeys(client)).toBe(KEYS);
  });

  test('at the memory limit no write is refused while expired keys hold memory', async () => {
    const server = await startServer(...roomFor(mode, 2), '--maxmemory', '4mb');
    const client = await connect(server);
    const value = 'v'.repeat(1024);
    await client.ask('DEBUG SET-ACTIVE-EXPIRE 0\r\n', 5);
    for (let round = 0; round < 3; round++) {
      const requests = Array.from(
        { length: 3000 },
        (_, i) => `SET ${round}:${i} ${value} PX 1\r\n`,
      );
      for (let i = 0; i < requests.length; i += 100) {
        client.send(requests.slice(i, i + 100).join(''));
        expect(await client.read(500)).toBe('+OK\r\n'.repeat(100));
      }
      client.send('DEBUG SLEEP 0.01\r\n');
      expect(await client.read(5)).toBe('+OK\r\n');
    }
  });
});

describe.each(CONCURRENT_MODES)('mode %s, with other clients', (mode) => {
  test('keys expire although the thread that made them has nothing to do', async () => {
    const server = await startServer(...roomFor(mode, 4));
    const [maker, silent, asker] = await Promise.all([0, 1, 2].map(() => connect(server)));
    await silent.ask('PING\r\n', 7);
    await setPassing(maker, 100);
    maker.end();
    await maker.readToEnd();
    await eventually(async () => (await sizeOf(asker)) === 0);
  });
});

/** The others look up for other reasons, too. */
describe.each(['blocking', ...EVENT_LOOPS] as const)(
  'mode %s, where nothing can expire',
  (mode) => {
    test('an idle server makes no call, before and after', async () => {
      const server = await startServer('--mode', mode);
      const client = await connect(server);
      await client.ask('SET lasting v\r\n', 5);
      await sleepsForASecond(server);
      await setPassing(client, 100);
      await eventually(async () => (await sizeOf(client)) === 1);
      await sleepsForASecond(server);
    });
  },
);

/** Only a look makes its sleeps more: it waits until a whole second passes without any. */
async function sleepsForASecond(server: Server): Promise<void> {
  await eventually(async () => {
    const before = server.sleeps;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return server.sleeps === before;
  });
}

describe('mode prefork', () => {
  test('keys expire although the process that looked for them has died', async () => {
    const server = await startServer('--mode', 'prefork', '--threads', '1');
    const maker = await connect(server);
    await setPassing(maker, 1000);
    process.kill(server.children[0], 'SIGKILL');
    await eventually(() => server.log.includes('replaced'));
    const asker = await connect(server);
    await eventually(async () => (await sizeOf(asker)) === 0);
  });
});
