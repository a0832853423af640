/** A thread that dies, or never comes up: its clients see an end, nobody waits for it in vain. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { within } from '../support/deadline.ts';
import { eventually } from '../support/eventually.ts';
import { injectInto, tracerOf } from '../support/faults.ts';
import { temporaryFolder } from '../support/folder.ts';
import { infoOf } from '../support/info.ts';
import { CREWS, EVENT_LOOPS } from '../support/modes.ts';
import {
  type Server,
  startServer,
  startServerThrough,
  startServerWithin,
} from '../support/server.ts';
import { requireStrace } from '../support/strace.ts';
import { requireTool } from '../support/tools.ts';

requireTool('prlimit', 'util-linux');
requireStrace();

const THREADS = 4;
const CLIENTS = 32;
/** Whatever a loop waits with; Node's own loop waits with epoll_pwait. */
const WAITS = 'inject=?epoll_wait,?poll,pselect6,io_uring_enter:error=ENOMEM';

async function running(server: Server, threads: number): Promise<void> {
  const client = await connect(server);
  await eventually(
    async () => (await infoOf(client, 'server'))['syskv_threads_running'] === String(threads),
  );
  client.end();
}

async function startAll(...flags: string[]): Promise<Server> {
  const server = await startServer(...flags);
  await running(server, THREADS);
  return server;
}

/** A thread of the process, by the name that the kernel knows it by. */
function threadCalled(server: Server, name: string): number {
  const tasks = readdirSync(`/proc/${server.pid}/task`);
  const named = tasks.find((task) => nameOf(server, task) === name);
  if (named === undefined) throw new Error(`no thread is called ${name}`);
  return Number(named);
}

function nameOf(server: Server, task: string): string {
  return readFileSync(`/proc/${server.pid}/task/${task}/comm`, 'utf8').trim();
}

/** One more client: what becomes of it. A listener that closes resets those that wait in it. */
async function comeAndAsk(server: Pick<Server, 'address'>): Promise<'answered' | 'ended'> {
  return connect(server).then(answerOrEnd, () => 'ended' as const);
}

/** A thread may have answered once before it died. */
async function lastAnswer(client: Client): Promise<'answered' | 'ended'> {
  for (let i = 0; i < 2; i++) if ((await answerOrEnd(client)) === 'ended') return 'ended';
  return 'answered';
}

/** The client is answered, or it sees its connection end: both are better than to wait. */
async function answerOrEnd(client: Client): Promise<'answered' | 'ended'> {
  return client.ask('PING\r\n', 7).then(
    () => 'answered' as const,
    (error: Error) => {
      if (/server closed|ECONNRESET|EPIPE/.test(error.message)) return 'ended' as const;
      throw error;
    },
  );
}

async function crowd(server: Server): Promise<Client[]> {
  return Promise.all(Array.from({ length: CLIENTS }, () => connect(server)));
}

describe.each(EVENT_LOOPS)(`--mode %s --threads ${THREADS}`, (mode) => {
  const flags = ['--mode', mode, '--threads', String(THREADS)];

  test.each([
    ['a thread', 'syskv-2'],
    ['the first thread', ''],
  ])('%s that dies leaves no client waiting', async (_, name) => {
    const server = await startAll(...flags);
    const before = await crowd(server);
    const thread = name === '' ? server.pid : threadCalled(server, name);
    const strace = await injectInto([thread], WAITS);
    for (const client of before) client.send('PING\r\n');
    await eventually(() => / warning: thread [02] died: .*ENOMEM; its clients/.test(server.log));
    const answers = await Promise.all(before.map(lastAnswer));
    expect(answers).toContain('answered');
    expect(answers).toContain('ended');
    await Promise.all(Array.from({ length: CLIENTS }, () => comeAndAsk(server)));
    strace.kill();
    await running(server, THREADS);
    const after = await Promise.all(Array.from({ length: CLIENTS }, () => comeAndAsk(server)));
    expect(new Set(after)).toEqual(new Set(['answered']));
    const info = await infoOf(await connect(server), 'server');
    expect(Number(info['syskv_threads_lost'])).toBeGreaterThan(0);
  });

  test('when all have died the server ends with status 1 and the cause', async () => {
    const server = await startAll(...flags);
    const clients = await crowd(server);
    const others = [1, 2, 3].map((number) => threadCalled(server, `syskv-${number}`));
    await injectInto([server.pid, ...others], WAITS);
    for (const client of clients) client.send('PING\r\n');
    // Some thread may have no client among these.
    const coming = setInterval(() => comeAndAsk(server).catch(() => {}), 100);
    onTestFinished(() => clearInterval(coming));
    expect(await within('the end', server.exited)).toEqual({ status: 1, signal: null });
    expect(server.log).toMatch(/^syskv: no thread serves any more: thread \d died: .*ENOMEM$/m);
  });

  test('threads for which there are no descriptors leave no client waiting', async () => {
    const server = await startServerWithin(110, ...flags);
    for (const client of await crowd(server)) {
      expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    }
    expect(server.log).toMatch(/ warning: too few descriptors for more than these \d threads/);
    const info = await infoOf(await connect(server), 'server');
    expect(Number(info['syskv_threads_running'])).toBeLessThan(THREADS);
    expect(Number(info['syskv_threads_lost'])).toBeGreaterThan(0);
  });

  test('threads that can not load their program are tried again', async () => {
    const fault = ['-P', workerFile(), '-e', 'inject=openat:error=EMFILE'];
    const server = await startServerThrough(
      ['strace', '-D', '-f', '-q', '-o', '/dev/null', ...fault],
      ...flags,
    );
    await eventually(() => / warning: thread 3 can't be started: .*; tried/.test(server.log));
    for (const client of await crowd(server)) {
      expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    }
    process.kill(tracerOf(server.pid), 'SIGKILL');
    await running(server, THREADS);
  });
});

describe('thread-per-connection', () => {
  test.each([
    ['no thread can be made', ['inject=?clone,clone3:error=EAGAIN']],
    ['its program can not be read', ['inject=openat:error=EMFILE', '-P', workerFile()]],
  ])('%s: it is tried again, and the client that waits is served', async (_, fault) => {
    const server = await startServer('--mode', 'thread-per-connection', '--threads', '8');
    const clients = [await connect(server)];
    await running(server, 4);
    const strace = await injectInto([server.pid], fault[0], '-f', ...fault.slice(1));
    for (let i = 1; i < 6; i++) clients.push(await connect(server));
    for (const client of clients) client.send('PING\r\n');
    await eventually(() =>
      / warning: thread \d can't be started: .*; tried again/.test(server.log),
    );
    strace.kill();
    for (const client of clients) expect(await client.read(7)).toBe('+PONG\r\n');
  });
});

describe.each(EVENT_LOOPS)('--mode %s on a UNIX socket', (mode) => {
  test('a thread that dies leaves the listener to the others, which answer all', async () => {
    const path = `${temporaryFolder()}/syskv.sock`;
    const flags = ['--threads', String(THREADS), '--unixsocket', path];
    const server = await startAll('--mode', mode, ...flags);
    const strace = await injectInto([threadCalled(server, 'syskv-2')], WAITS);
    // The clients' knocking wakes the thread that is to die.
    while (!/ warning: thread 2 died: .*ENOMEM; its clients/.test(server.log)) {
      await comeAndAsk(server);
    }
    strace.kill();
    await running(server, THREADS);
    const after = await Promise.all(Array.from({ length: CLIENTS }, () => comeAndAsk(server)));
    expect(new Set(after)).toEqual(new Set(['answered']));
  });
});

function workerFile(): string {
  return fileURLToPath(new URL('../../dist/worker.js', import.meta.url));
}

describe('a server within a process', () => {
  test('that can not serve any more rejects close(), and the process lives', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', EMBEDDED]);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const exited = new Promise((done) => child.once('exit', done));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const said = (pattern: RegExp) => eventually(() => pattern.test(output));
    await said(/port \d+\n/);
    const server = { address: `127.0.0.1:${/port (\d+)/.exec(output)?.[1]}` };
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    // Node itself waits with epoll_pwait.
    const strace = await injectInto([child.pid ?? 0], 'inject=poll:error=ENOMEM', '-f');
    const coming = setInterval(() => comeAndAsk(server).catch(() => {}), 20);
    onTestFinished(() => clearInterval(coming));
    await said(/ no other thread serves clients: the server ends\n/);
    strace.kill();
    child.stdin.end('close\n');
    await said(/rejected: no thread serves any more: thread \d died: .*ENOMEM\n/);
    expect(await within('the end', exited)).toBe(0);
  });
});

const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;
const EMBEDDED = `
  import { startServer } from '${LIBRARY}';
  const server = await startServer({ mode: 'poll', threads: 2, port: 0 });
  console.log('port ' + server.port);
  process.stdin.once('data', async () => {
    await server.close().then(
      () => console.log('closed'),
      (error) => console.log('rejected: ' + error.message),
    );
  });
`;

describe.each(['blocking', ...CREWS] as const)('--mode %s', (mode) => {
  test('whose listener fails ends with status 1 and the cause', async () => {
    const server = await startServer('--mode', mode);
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    await injectInto([server.pid], 'inject=accept4:error=ENOTSOCK');
    client.end();
    await comeAndAsk(server);
    expect(await within('the end', server.exited)).toEqual({ status: 1, signal: null });
    expect(server.log).toMatch(/^syskv: accept4: .* \(ENOTSOCK\)$/m);
  });
});

test('a child of prefork whose listener fails says so and is replaced', async () => {
  const server = await startServer('--mode', 'prefork', '--threads', '2');
  await running(server, 2);
  const [child] = server.children;
  const strace = await injectInto([child], 'inject=accept4:error=ENOTSOCK');
  // Its accept4 may take one more client before it fails; each client makes room for the next.
  for (let i = 0; i < 4; i++) {
    const client = await connect(server);
    await answerOrEnd(client);
    client.reset();
  }
  await eventually(() => server.log.includes(` warning: child ${child}: accept4 ENOTSOCK\n`));
  strace.kill();
  await running(server, 2);
});
