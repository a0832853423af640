/** How a server of several threads ends: everything that is due is said, and nothing is left. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { within } from '../support/deadline.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/folder.ts';
import { CONCURRENT_MODES, MODES, roomFor } from '../support/modes.ts';
import { type Exit, type Server, startServer } from '../support/server.ts';

const { startServer: startInProcess } = (await import(
  '../../dist/index.js' as string
)) as typeof import('../../src/index.ts');

const VALUE = `$100000\r\n${'v'.repeat(100_000)}\r\n`;
const REPLIES = 50;

/** Ten times the second that is promised: a busy machine may give the server its second late. */
function stop(server: Server): Promise<Exit> {
  server.signal('SIGTERM');
  return within('the end', server.exited, () => server.log);
}

const ORDERLY: Exit = { status: 0, signal: null };

/** More replies than the socket takes: the server is in the middle of sending them. */
async function keepBusy(client: Client): Promise<void> {
  client.send(`*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${VALUE}`);
  expect(await client.read(5)).toBe('+OK\r\n');
  await client.sendAll('GET k\r\n'.repeat(REPLIES));
  await client.read(VALUE.length);
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

describe.each(CONCURRENT_MODES)('a stop in mode %s with --threads 2', (mode) => {
  test('answers two busy clients to the end, and leaves no process', async () => {
    const server = await startServer('--mode', mode, '--threads', '2');
    const clients = [await connect(server), await connect(server)];
    await Promise.all(clients.map(keepBusy));
    const pids = [server.pid, ...server.children];
    const ended = stop(server);
    for (const rest of await Promise.all(clients.map((client) => client.readToEnd()))) {
      expect(rest.length).toBe((REPLIES - 1) * VALUE.length);
    }
    expect(await ended).toEqual(ORDERLY);
    await eventually(() => !pids.some(isAlive));
  });

  test('closes an idle client and one that nobody has got to yet', async () => {
    const server = await startServer('--mode', mode, '--threads', '1');
    const idle = await connect(server);
    expect(await idle.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    const waiting = await connect(server);
    expect(await stop(server)).toEqual(ORDERLY);
    expect(await idle.readToEnd()).toBe('');
    expect(await waiting.readToEnd().catch((error: Error) => error.message)).toMatch(
      /^$|ECONNRESET/,
    );
  });
});

describe.each(MODES)('a stop in mode %s', (mode) => {
  test("removes the UNIX socket's file", async () => {
    const path = `${temporaryFolder()}/syskv.sock`;
    const server = await startServer(...roomFor(mode, 2), '--unixsocket', path);
    expect(existsSync(path)).toBe(true);
    expect(await stop(server)).toEqual(ORDERLY);
    expect(existsSync(path)).toBe(false);
  });

  test('of a server within a process leaves no thread, no child and no socket', async () => {
    await (await startInProcess({ port: 0, mode })).close();
    const before = leftovers();
    const threads = mode === 'blocking' ? 1 : 2;
    const server = await startInProcess({ port: 0, mode, threads });
    const client = await connect({ address: `127.0.0.1:${server.port}` });
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    client.reset();
    await server.close();
    await eventually(() => {
      const now = leftovers();
      return (
        now.threads <= before.threads &&
        now.children <= before.children &&
        now.descriptors <= before.descriptors
      );
    });
  });
});

function leftovers() {
  const tasks = readdirSync('/proc/self/task');
  return {
    threads: tasks.length,
    children: tasks.flatMap(childrenOf).length,
    descriptors: readdirSync('/proc/self/fd').length,
  };
}

/** A child process belongs to the thread that started it. */
function childrenOf(task: string): string[] {
  try {
    return readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean);
  } catch {
    return [];
  }
}
