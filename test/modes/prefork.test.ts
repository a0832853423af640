/** `prefork`: a process that dies takes its own client with it, and nothing else. */
import { describe, expect, test, vi } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { DEADLINE_MS } from '../support/deadline.ts';
import { eventually } from '../support/eventually.ts';
import { infoOf } from '../support/info.ts';
import { type Server, startServer } from '../support/server.ts';

const PROCESSES = 4;

async function processOf(client: Client): Promise<number> {
  return Number((await infoOf(client, 'server'))['process_id']);
}

/** One client in each process: the listener is shared, and a process has one client at a time. */
async function clientOfEach(server: Server): Promise<{ client: Client; pid: number }[]> {
  const all: { client: Client; pid: number }[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const client = await connect(server);
    all.push({ client, pid: await processOf(client) });
  }
  return all;
}

async function replaced(server: Server, dead: number): Promise<void> {
  await vi.waitUntil(
    () => server.children.length === PROCESSES && !server.children.includes(dead),
    { timeout: DEADLINE_MS, interval: 5 },
  );
}

/** What a client reads until its connection is gone, by FIN or by RST. */
async function untilGone(client: Client): Promise<string> {
  return client.readToEnd().catch((error: Error) => error.message);
}

describe('a process that is killed (SIGKILL)', () => {
  test('takes its client with it; those of the others stay', async () => {
    const server = await startServer('--mode', 'prefork');
    const [victim, ...others] = await clientOfEach(server);
    process.kill(victim.pid, 'SIGKILL');
    expect(await untilGone(victim.client)).toMatch(/^$|ECONNRESET/);
    for (const { client, pid } of others) expect(await processOf(client)).toBe(pid);
  });

  test('is replaced, and the log says so', async () => {
    const server = await startServer('--mode', 'prefork');
    const [{ pid }] = await clientOfEach(server);
    process.kill(pid, 'SIGKILL');
    await replaced(server, pid);
    const line = ` warning: child ${pid} died (SIGKILL): replaced\n`;
    await eventually(() => server.log.includes(line));
  });

  test('leaves what it stored to its successor', async () => {
    const server = await startServer('--mode', 'prefork');
    const [{ client, pid }] = await clientOfEach(server);
    expect(await client.ask('SET left behind\r\n', 5)).toBe('+OK\r\n');
    process.kill(pid, 'SIGKILL');
    await replaced(server, pid);
    // The three others have their clients still: this one is the successor's.
    const next = await connect(server);
    expect(await next.ask('GET left\r\n', 12)).toBe('$6\r\nbehind\r\n');
    expect(server.children).toContain(await processOf(next));
  });

  test('is counted out: maxclients and INFO know how many are left', async () => {
    const server = await startServer('--mode', 'prefork');
    const [{ pid }, { client }] = await clientOfEach(server);
    process.kill(pid, 'SIGKILL');
    await eventually(
      async () => (await infoOf(client, 'clients'))['connected_clients'] === String(PROCESSES - 1),
    );
  });
});

const KILLS = 20;

test(`${KILLS} kills amid writing leave the store whole, with every answered write`, async () => {
  const server = await startServer('--mode', 'prefork');
  const writers = Array.from({ length: PROCESSES }, (_, i) => new Writer(server, `counter-${i}`));
  const written = Promise.all(writers.map((writer) => writer.write()));
  for (let kill = 0; kill < KILLS; kill++) {
    const before = writers.map(({ answered }) => answered);
    await vi.waitUntil(() => writers.every(({ answered }, i) => answered > before[i]), {
      timeout: DEADLINE_MS,
      interval: 1,
    });
    const victim = server.children[kill % PROCESSES];
    process.kill(victim, 'SIGKILL');
    await replaced(server, victim);
  }
  for (const writer of writers) writer.stop();
  await written;
  const client = await connect(server);
  for (const { key, answered, asked } of writers) {
    const count = await counterOf(client, key);
    expect(count).toBeGreaterThanOrEqual(answered);
    expect(count).toBeLessThanOrEqual(asked);
  }
  client.send('DEBUG VERIFY\r\n');
  expect(await client.readUntil('\r\n')).toBe('+OK\r\n');
}, 60_000);

async function counterOf(client: Client, key: string): Promise<number> {
  client.send(`GET ${key}\r\n`);
  await client.readUntil('\r\n');
  return Number(await client.readUntil('\r\n'));
}

/** Counts one key up and moves large values about, reconnecting whenever its process is killed. */
class Writer {
  readonly key: string;
  asked = 0;
  answered = 0;
  readonly #server: Server;
  #stopped = false;

  constructor(server: Server, key: string) {
    this.#server = server;
    this.key = key;
  }

  stop(): void {
    this.#stopped = true;
  }

  async write(): Promise<void> {
    while (!this.#stopped) {
      const client = await connect(this.#server).catch(() => undefined);
      if (client !== undefined) await this.#writeThrough(client).catch(() => {});
    }
  }

  async #writeThrough(client: Client): Promise<void> {
    while (!this.#stopped) {
      const value = 'v'.repeat(1 + ((this.asked * 7919) % 30_000));
      this.asked++;
      client.send(`SET large-${this.asked % 50} ${value}\r\nINCR ${this.key}\r\n`);
      expect(await client.read(5)).toBe('+OK\r\n');
      await client.readUntil('\r\n');
      this.answered++;
    }
    client.end();
    await client.readToEnd();
  }
}
