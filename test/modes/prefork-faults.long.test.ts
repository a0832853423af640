/** `prefork`: what the parent does when a replacement child can't be had, or one does not end. */
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Client, connect } from '../support/client.ts';
import { within } from '../support/deadline.ts';
import { eventually } from '../support/eventually.ts';
import { injectInto } from '../support/faults.ts';
import { infoOf } from '../support/info.ts';
import { run } from '../support/run.ts';
import { type Server, startServer } from '../support/server.ts';
import { requireStrace } from '../support/strace.ts';
import { requireTool } from '../support/tools.ts';

requireTool('prlimit', 'util-linux');
requireStrace();

async function processOf(client: Client): Promise<number> {
  return Number((await infoOf(client, 'server'))['process_id']);
}

/** A server of two processes, a client of the one that is to be killed, and one of the other. */
async function twoProcesses() {
  const server = await startServer('--mode', 'prefork', '--threads', '2');
  const clients = [await connect(server), await connect(server)];
  const [victim, survivor] = await Promise.all(clients.map(processOf));
  return { server, victim, survivor, client: clients[1] };
}

/** Limits a running process: no descriptor, or no process, more than it has. */
async function limit(pid: number, what: string): Promise<void> {
  await run('prlimit', ['--pid', String(pid), what]);
}

async function says(server: Server, pattern: RegExp): Promise<void> {
  await eventually(() => pattern.test(server.log));
}

describe('a child that can not be replaced', () => {
  test('for want of descriptors is tried again later each time, until there are some', async () => {
    const { server, victim, client } = await twoProcesses();
    await limit(server.pid, '--nofile=5:4096');
    process.kill(victim, 'SIGKILL');
    await says(server, /no child can be started \(.*EMFILE.*\): the next one in 400 ms/);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    const info = await infoOf(client, 'server');
    expect(info['syskv_threads_running']).toBe('1');
    expect(Number(info['syskv_threads_lost'])).toBeGreaterThan(1);
    await limit(server.pid, '--nofile=4096:4096');
    await eventually(() => server.children.length === 2);
    await eventually(async () => (await infoOf(client, 'server'))['syskv_threads_running'] === '2');
  });

  test.each([
    ['spawn has no memory', 'inject=?clone,?clone3,?vfork,?fork:error=ENOMEM', 'ENOMEM'],
    ['spawn has no process', 'inject=?clone,?clone3,?vfork,?fork:error=EAGAIN', 'EAGAIN'],
    ['there is no socket pair', 'inject=socketpair:error=ENFILE', 'ENFILE'],
  ])('because %s: the others serve on', async (_, fault, errno) => {
    const { server, victim, survivor, client } = await twoProcesses();
    const strace = await injectInto([server.pid], fault, '-f');
    process.kill(victim, 'SIGKILL');
    await says(server, new RegExp(`no child can be started \\(.*${errno}.*\\): the next one in`));
    expect(await processOf(client)).toBe(survivor);
    strace.kill();
    await eventually(async () => (await infoOf(client, 'server'))['syskv_threads_running'] === '2');
    const next = await connect(server);
    expect(await next.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  test('because it gets no descriptors: it ends, and the next one is tried', async () => {
    const { server, victim, client } = await twoProcesses();
    const strace = await injectInto([server.pid], 'inject=sendmsg:error=EPIPE', '-f');
    process.kill(victim, 'SIGKILL');
    await says(server, /got no descriptors: sendmsg: EPIPE(.|\n)*child \d+ died \(status 1\)/);
    strace.kill();
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    await eventually(async () => (await infoOf(client, 'server'))['syskv_threads_running'] === '2');
  });
});

describe('a child that is stopped (SIGSTOP)', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('ends with its server by %s', async (signal) => {
    const { server, victim, survivor } = await twoProcesses();
    process.kill(victim, 'SIGSTOP');
    await eventually(() => stateOf(victim) === 'T');
    server.signal(signal);
    expect(await within('the end', server.exited)).toEqual({ status: 0, signal: null });
    await eventually(() => stateOf(victim) === '' && stateOf(survivor) === '');
  });

  test('and can not go on is killed in the end', async () => {
    const { server, victim } = await twoProcesses();
    const stopping = setInterval(() => stopAgain(victim), 1);
    onTestFinished(() => clearInterval(stopping));
    await eventually(() => stateOf(victim) === 'T');
    server.signal('SIGTERM');
    expect(await within('the end', server.exited)).toEqual({ status: 0, signal: null });
    expect(stateOf(victim)).toBe('');
  });

  test('does not outlive a second Ctrl+C', async () => {
    const { server, victim } = await twoProcesses();
    process.kill(victim, 'SIGSTOP');
    await eventually(() => stateOf(victim) === 'T');
    server.signal('SIGINT');
    server.signal('SIGINT');
    await within('the end', server.exited);
    await eventually(() => stateOf(victim) === '');
  });
});

function stopAgain(pid: number): void {
  try {
    process.kill(pid, 'SIGSTOP');
  } catch {
    // It has ended.
  }
}

/** As proc(5) tells it: T is stopped, '' gone. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  } catch {
    return '';
  }
}
