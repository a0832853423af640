/** `syskv strace`, as it is typed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../support/client.ts';
import { within } from '../support/deadline.ts';
import { temporaryFolder } from '../support/folder.ts';
import { MODES } from '../support/modes.ts';
import { type Outcome, run } from '../support/run.ts';
import { SYSKV, startServer } from '../support/server.ts';
import { requireStrace } from '../support/strace.ts';

const LOG = new URL('../observe/logs/blocking.strace', import.meta.url).pathname;

function strace(...flags: string[]): Promise<Outcome> {
  return run(process.execPath, [SYSKV, 'strace', ...flags]);
}

describe('a saved log', () => {
  test('is told line by line, and what it proves at the end', async () => {
    const { status, stdout } = await strace(LOG);
    expect(status).toBe(0);
    expect(stdout).toMatch(/main {6}client 1 {2}accept4 {6}→ fd \d+: client 127\.0\.0\.1:\d+\n/);
    expect(stdout).toMatch(/client 1 {2}recvmsg {6}fd \d+: SET name Alice\n/);
    expect(stdout).toMatch(/client 1 {2}sendmsg {6}fd \d+: OK\n/);
    expect(stdout).toMatch(/┄┄ blocked \d\.\d+ s in accept4|┄┄ blocked \d+ ms in accept4/);
    expect(stdout).toMatch(
      /\nClient 2 was accepted at .* after client 1 left: main was blocked in recvmsg .*\n/,
    );
  });

  test('has no colour in a file', async () => {
    expect((await strace(LOG)).stdout).not.toContain('\x1b');
  });

  test('--raw: its own lines', async () => {
    const { stdout } = await strace(LOG, '--raw');
    expect(stdout).toContain('msg_iov=[{iov_base="+OK\\r\\n", iov_len=5}]');
  });

  test('--all: with the calls of the runtime', async () => {
    const few = (await strace(LOG)).stdout.split('\n').length;
    expect((await strace(LOG, '--all')).stdout.split('\n').length).toBeGreaterThan(few);
  });
});

describe('what cannot be done', () => {
  test.each([
    [['/nowhere/log'], 1, 'no such file'],
    [[SYSKV], 1, "no line of it is one of strace's"],
    [['--mood', 'blocking'], 2, '(Did you mean --mode?)'],
    [['--mode', 'nonsense'], 2, 'Allowed choices are'],
    [['--demo', 'nonsense'], 2, 'Allowed choices are blocking'],
    [[LOG, '--demo', 'blocking'], 2, 'one of --demo, --pid, FILE'],
    [[LOG, '--port', '0'], 2, "unknown option '--port'"],
    [['--pid', '0'], 2, 'Must be an integer'],
    [['--pid', '4194304'], 1, 'there is no process 4194304'],
  ])('%j', async (flags, expected, message) => {
    const { status, stderr } = await strace(...flags);
    expect(stderr).toContain(message);
    expect(status).toBe(expected);
  });
});

describe('the recorder that is built in', () => {
  test('serve --trace writes what strace FILE reads', async () => {
    const path = join(temporaryFolder(), 'trace');
    const server = await startServer('--mode', 'epoll', '--trace', path);
    const client = await connect(server);
    expect(await client.ask('SET name Alice\r\n', 5)).toBe('+OK\r\n');
    client.end();
    expect(await client.readToEnd()).toBe('');
    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ status: 0, signal: null });
    const { stdout } = await strace(path);
    expect(stdout).toMatch(/client 1 {2}recvmsg {6}fd \d+: SET name Alice\n/);
    expect(stdout).toMatch(/client 1 {2}recvmsg {6}fd \d+: FIN, the client has left\n/);
  });

  test.each(['thread-pool', 'prefork'])('%s: every thread writes into the file', async (mode) => {
    const path = join(temporaryFolder(), 'trace');
    const server = await startServer('--mode', mode, '--threads', '2', '--trace', path);
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    server.signal('SIGTERM');
    await server.exited;
    expect(readFileSync(path, 'latin1')).toMatch(/^\d+<syskv-\d> [\d.]+ (<\.\.\. )?recvmsg.*PING/m);
  });

  test('a file that cannot be written is a failed start', async () => {
    const flags = [SYSKV, 'serve', '--port', '0', '--trace', '/nowhere/trace'];
    const { status, stderr } = await run(process.execPath, flags);
    expect(stderr).toContain('open /nowhere/trace: no such file or directory (ENOENT)');
    expect(status).toBe(1);
  });

  test('stands in for strace where that is missing', async () => {
    const child = spawn(process.execPath, [SYSKV, 'strace', '--demo', 'blocking'], {
      env: { ...process.env, PATH: '/nowhere' },
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await within('the demo', once(child, 'close'), () => output);
    expect(output).toContain(
      'strace is not installed: sudo apt-get install strace; showing the built-in recorder instead',
    );
    expect(output).toMatch(BLOCKING_PROOF);
  });
});

const BLOCKING_PROOF =
  /\nClient 2 waited [\d.]+ s in the backlog: main was blocked in recvmsg with client 1\.\n/;

describe('under strace', () => {
  requireStrace();

  test('--demo blocking: the second client waits in the backlog', async () => {
    const { status, stdout } = await strace('--demo', 'blocking');
    expect(stdout).toMatch(BLOCKING_PROOF);
    expect(stdout).toMatch(/client 2 {12}┄┄ blocked [\d.]+ s in recvmsg\n/);
    expect(status).toBe(0);
  });

  test('--demo epoll: one thread serves both', async () => {
    const { stdout } = await strace('--demo', 'epoll');
    expect(stdout).toContain('One thread (main) served client 1 and client 2 at the same time.');
  });

  test.skipIf(!MODES.includes('io_uring'))(
    '--demo io_uring: the recorder shows what was asked of the ring, and what came of it',
    async () => {
      const { stdout } = await strace('--demo', 'io_uring', '--recorder');
      expect(stdout).toMatch(/recv.*SET /);
      expect(stdout).toMatch(/send.*OK/);
      expect(stdout).toContain('client 1 and client 2 at the same time.');
    },
  );

  test('a client in the backlog is told of, and Ctrl+C ends the server in good order', async () => {
    const child = spawn(process.execPath, [SYSKV, 'strace', '--mode', 'blocking', '--port', '0']);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let output = '';
    const printed = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match !== null) resolve(match);
        };
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const [, port] = await within('listening', printed(/listening on 127\.0\.0\.1:(\d+)\n/));
    const address = `127.0.0.1:${port}`;
    const first = await connect({ address });
    await within('the first client', printed(/client 1 {2}accept4/), () => output);
    await connect({ address });
    await within('the backlog', printed(/client 2 {2}waits .* backlog/), () => output);
    child.kill('SIGINT');
    const [status] = await within('the end', once(child, 'close'), () => output);
    expect(await first.readToEnd()).toBe('');
    expect(output).toMatch(/main .* exited {7}status 0\n/);
    expect(status).toBe(0);
  });

  test('--pid: a server that runs, and goes on when it is left', async () => {
    const server = await startServer('--mode', 'blocking');
    const child = spawn(process.execPath, [SYSKV, 'strace', '--pid', String(server.pid)]);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let output = '';
    const seen = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk) => {
        output += chunk;
        if (/recvmsg {6}fd \d+: PING/.test(output)) resolve();
      });
    });
    const client = await connect(server);
    const asking = setInterval(() => client.send('PING\r\n'), 50);
    await within('a request', seen, () => output).finally(() => clearInterval(asking));
    child.kill('SIGINT');
    await within('leaving', once(child, 'close'));
    client.end();
    await client.readToEnd();
    const another = await connect(server);
    expect(await another.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });
});
