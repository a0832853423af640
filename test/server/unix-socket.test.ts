/** `--unixsocket PATH`: a file that must not outlive its server, and sometimes does. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
