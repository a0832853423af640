/** What a server says when it starts, and what it says when it can't. */
import { describe, expect, test } from 'vitest';
import { modeOf } from '../../src/server/modes.ts';
import { VERSION } from '../../src/version.ts';
import { connect } from '../support/client.ts';
import { MODES, REFUSED_MODES, TRANSFERS } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { SYSKV, startServer } from '../support/server.ts';

function syskv(...flags: string[]) {
  return run(process.execPath, [SYSKV, ...flags]);
}

describe('a server that starts', () => {
  test.each(MODES)('names its mode, its PID and its address: %s', async (mode) => {
    const server = await startServer('--mode', mode);
    const lines = server.output.trimEnd().split('\n');
    expect(lines[0]).toContain(`syskv ${VERSION}  mode ${mode} `);
    const io = modeOf(mode).ownTransfer === true ? mode : 'recvmsg';
    expect(lines[1]).toBe(`protocol resp  io ${io}  pid ${server.pid}`);
    expect(lines.at(-1)).toBe(`listening on 127.0.0.1:${server.port}`);
  });

  test.each(TRANSFERS)('prints the strace command that shows --io $io', async (transfer) => {
    const { io, receive, send } = transfer;
    const server = await startServer('--mode', 'blocking', '--io', io);
    const command = `strace -p ${server.pid} -e trace=accept4,${receive},${send} -tt`;
    expect(server.output).toContain(`watch it:  ${command}\n`);
  });

  const [poll, epoll] = process.arch === 'x64' ? ['poll', 'epoll_wait'] : ['ppoll', 'epoll_pwait'];
  const MAKING: Readonly<Record<string, string>> = {
    blocking: 'accept4,recvmsg,sendmsg',
    'thread-per-connection': 'futex,accept4,recvmsg,sendmsg',
    'thread-pool': 'futex,accept4,recvmsg,sendmsg',
    prefork: 'accept4,recvmsg,sendmsg',
    select: 'pselect6,accept4,recvmsg,sendmsg',
    poll: `${poll},accept4,recvmsg,sendmsg`,
    epoll: `${epoll},accept4,recvmsg,sendmsg`,
    'epoll-et': `${epoll},accept4,recvmsg,sendmsg`,
    io_uring: 'io_uring_enter',
  };
  test.each(MODES)('which names the call that makes the model: %s', async (mode) => {
    const server = await startServer('--mode', mode);
    expect(server.output).toMatch(new RegExp(`^watch it:.* -e trace=${MAKING[mode]} -tt$`, 'm'));
  });

  test('is silent on stderr', async () => {
    const server = await startServer();
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
    expect(server.log).toBe('');
  });

  test('says what it holds the port for, as asked for: --port 0 is any free one', async () => {
    const first = await startServer('--port', '0');
    const second = await startServer('--port', '0');
    expect(first.port).toBeGreaterThan(0);
    expect(second.port).not.toBe(first.port);
  });

  test('listens on IPv6: --bind ::1', async () => {
    const server = await startServer('--bind', '::1');
    expect(server.address).toBe(`[::1]:${server.port}`);
    const client = await connect(server);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });

  test('takes a port over from a server whose connections are in TIME_WAIT', async () => {
    const first = await startServer();
    const client = await connect(first);
    client.send('QUIT\r\n');
    expect(await client.readToEnd()).toBe('+OK\r\n');
    first.signal('SIGTERM');
    await first.exited;
    const second = await startServer('--port', String(first.port));
    expect(second.port).toBe(first.port);
  });
});

describe.each(REFUSED_MODES)('mode $mode, which this machine lacks', ({ mode, refusal }) => {
  test('is refused with the reason, with status 2', async () => {
    const { status, stdout, stderr } = await syskv('serve', '--mode', mode, '--port', '0');
    expect(stderr).toBe(`syskv: ${refusal}\n`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('an address that is taken', () => {
  test('names who holds it and what to do, with status 1', async () => {
    const holder = await startServer();
    const { status, stdout, stderr } = await syskv('serve', '--port', String(holder.port));
    expect(stderr.split('\n')).toEqual([
      `syskv: bind 127.0.0.1:${holder.port}: address already in use (EADDRINUSE)`,
      `  held by PID ${holder.pid}: ${process.execPath} ${SYSKV} serve --port 0`,
      `  stop it (kill ${holder.pid}) or choose another port: --port ${holder.port + 1}, ` +
        'or --port 0 for any free one',
      '',
    ]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  test('leaves the server that holds it alone', async () => {
    const holder = await startServer();
    await syskv('serve', '--port', String(holder.port));
    const client = await connect(holder);
    expect(await client.ask('PING\r\n', 7)).toBe('+PONG\r\n');
  });
});

describe('an address that no interface has', () => {
  test('is one line that says so, and where to look, with status 1', async () => {
    const { status, stderr } = await syskv('serve', '--bind', '192.0.2.1', '--port', '0');
    expect(stderr).toBe(
      'syskv: bind 192.0.2.1:0: address not available (EADDRNOTAVAIL)\n' +
        '  no interface has this address: see `ip address`\n',
    );
    expect(status).toBe(1);
  });
});

describe('flags', () => {
  test.each([
    ['--mode', 'telepathy'],
    ['--io', 'sendfile'],
    ['--protocol', 'smtp'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '6379x'],
    ['--bind', 'localhost'],
    ['--bind', '127.0.0.256'],
    ['--tcp-backlog', '1.5'],
    ['--databases', '0'],
    ['--maxmemory', '12parsecs'],
    ['--loglevel', 'loud'],
    ['--no-such-flag', '1'],
  ])('%s %s is refused by name, with status 2', async (flag, value) => {
    const { status, stdout, stderr } = await syskv('serve', flag, value);
    expect(stderr).toContain(flag);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('an argument too many is refused with status 2', async () => {
    const { status, stderr } = await syskv('serve', 'now');
    expect(stderr).toContain('too many arguments');
    expect(status).toBe(2);
  });

  test('a subcommand that does not exist is refused with status 2', async () => {
    const { status, stderr } = await syskv('severe');
    expect(stderr).toContain("unknown command 'severe'");
    expect(status).toBe(2);
  });

  test('--version prints the version', async () => {
    expect(await syskv('--version')).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  test.each([['--help'], ['serve', '--help']])('%s %s explains on stdout', async (...flags) => {
    const { status, stdout, stderr } = await syskv(...flags);
    expect(stdout).toMatch(/^Usage: syskv/);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
