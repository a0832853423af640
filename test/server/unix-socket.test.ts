/** `--unixsocket PATH`: a file that must not outlive its server, and sometimes does. */
import { existsSync, lstatSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startServer as startLibrary } from '../../src/index.ts';
import { posix } from '../../src/posix/index.ts';
import { openBound, openSocket } from '../posix/sockets.ts';
import { connect } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { SYSKV, startServer } from '../support/server.ts';

describe.each(MODES)('a UNIX socket in mode %s', (mode) => {
  test('serves, and is removed when the server stops', async () => {
    const path = join(temporaryFolder(), 'syskv.sock');
    const server = await startServer('--mode', mode, '--unixsocket', path);
    expect(server.address).toBe(path);
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ status: 0, signal: null });
    expect(existsSync(path)).toBe(false);
  });

  test('another file at its path is left alone when it stops', async () => {
    const path = join(temporaryFolder(), 'syskv.sock');
    const server = await startServer('--mode', mode, '--unixsocket', path);
    replaceByFile(path);
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ status: 0, signal: null });
    expect(statSync(path).size).toBe(8);
  });

  test('and so is the live socket of another server', async () => {
    const path = join(temporaryFolder(), 'syskv.sock');
    const server = await startServer('--mode', mode, '--unixsocket', path);
    rmSync(path);
    const other = await startServer('--unixsocket', path);
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ status: 0, signal: null });
    const client = await connect(other);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  test('startServer removes its socket, and no other file', async () => {
    const path = join(temporaryFolder(), 'syskv.sock');
    await (await startLibrary({ mode, unixsocket: path })).close();
    expect(existsSync(path)).toBe(false);
    const server = await startLibrary({ mode, unixsocket: path });
    replaceByFile(path);
    await server.close();
    expect(statSync(path).size).toBe(8);
  });

  test('beside a listener whose backlog is full it is refused at once', async () => {
    const path = join(temporaryFolder(), 'full.sock');
    fillBacklog(path);
    const flags = ['--mode', mode, '--unixsocket', path];
    const { status, stderr } = await run(process.execPath, [SYSKV, 'serve', ...flags]);
    expect(stderr).toContain(`syskv: bind ${path}: address already in use (EADDRINUSE)\n`);
    expect(status).toBe(1);
    expect(statSync(path).isSocket()).toBe(true);
  });

  test('--unixsocketperm says who may connect', async () => {
    const path = join(temporaryFolder(), 'syskv.sock');
    const flags = ['--unixsocket', path, '--unixsocketperm', '710'];
    const server = await startServer('--mode', mode, ...flags);
    expect(lstatSync(path).mode & 0o777).toBe(0o710);
    const client = await connect(server);
    const reply = '*2\r\n$14\r\nunixsocketperm\r\n$3\r\n710\r\n';
    expect(await client.ask('CONFIG GET unixsocketperm\r\n', reply.length)).toBe(reply);
  });
});

/** Somebody has cleared the path away, and put a file of his own there. */
function replaceByFile(path: string): void {
  rmSync(path);
  writeFileSync(path, 'precious');
}

/** A listener that nobody accepts from, with as many clients as the kernel keeps for it. */
function fillBacklog(path: string): void {
  const { AF_UNIX, SOCK_STREAM, SOCK_NONBLOCK, EAGAIN } = posix.constants;
  const address = { family: AF_UNIX, path };
  expect(posix.listen(openBound(SOCK_STREAM, address), 0)).toBe(0);
  let connected = 0;
  for (let i = 0; i < 8 && connected === 0; i++) {
    connected = posix.connect(openSocket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK), address);
  }
  expect(connected).toBe(-EAGAIN);
}

test('a failed start leaves no socket behind', async () => {
  const folder = temporaryFolder();
  const holder = await startServer();
  const listeners = ['--listen', `line:${folder}/a`, '--listen', `resp://${holder.address}`];
  const { status } = await run(process.execPath, [SYSKV, 'serve', ...listeners]);
  expect(status).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['8', '1777', 'rwx'])('%j is no permission', async (text) => {
  const flags = ['--unixsocket', '/tmp/s', '--unixsocketperm', text];
  const { status, stderr } = await run(process.execPath, [SYSKV, 'serve', ...flags]);
  expect(stderr).toContain('Must be octal permissions such as 700 or 770.');
  expect(status).toBe(2);
});

test('a file that a killed server left behind is replaced', async () => {
  const path = join(temporaryFolder(), 'syskv.sock');
  const killed = await startServer('--unixsocket', path);
  killed.signal('SIGKILL');
  await killed.exited;
  expect(statSync(path).isSocket()).toBe(true);
  const server = await startServer('--unixsocket', path);
  const client = await connect(server);
  expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
});

test('a path that a server answers on is refused, and the server keeps it', async () => {
  const path = join(temporaryFolder(), 'syskv.sock');
  const holder = await startServer('--unixsocket', path);
  const refused = await run(process.execPath, [SYSKV, 'serve', '--unixsocket', path]);
  expect(refused).toEqual({
    status: 1,
    stdout: '',
    stderr:
      `syskv: bind ${path}: address already in use (EADDRINUSE)\n` +
      '  another server answers on this path: stop it, or choose another path\n',
  });
  const client = await connect(holder);
  expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
});

test('a file that is no socket is left as it is', async () => {
  const path = join(temporaryFolder(), 'precious.txt');
  writeFileSync(path, 'precious');
  const { status, stderr } = await run(process.execPath, [SYSKV, 'serve', '--unixsocket', path]);
  expect(stderr).toContain(`syskv: bind ${path}: address already in use (EADDRINUSE)\n`);
  expect(status).toBe(1);
  expect(statSync(path).size).toBe(8);
});

test('a path longer than the kernel takes (107 bytes) is refused', async () => {
  const path = `/tmp/${'x'.repeat(120)}`;
  const { status, stderr } = await run(process.execPath, [SYSKV, 'serve', '--unixsocket', path]);
  expect(stderr).toContain('Must be a path of 1 to 107 bytes.');
  expect(status).toBe(2);
});
