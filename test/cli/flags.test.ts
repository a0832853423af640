/** What the client's flags do, where redis-cli can't be asked or does the same. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import { SYSKV, sharedServer, startServer } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';
import { cli } from './client.ts';

const server = sharedServer();

describe('exit status', () => {
  test('0 for an error reply, 1 with -e, which goes to stderr then', async () => {
    const error = "ERR wrong number of arguments for 'get' command\n";
    expect(await cli(server(), ['GET'])).toEqual({ status: 0, stdout: `${error}\n`, stderr: '' });
    expect(await cli(server(), ['-e', 'GET'])).toEqual({ status: 1, stdout: '', stderr: error });
  });

  test('1 where nobody listens, with the way to change that', async () => {
    const gone = await startServer();
    const { port } = gone;
    gone.signal('SIGTERM');
    await gone.exited;
    const { status, stdout, stderr } = await cli({ port }, ['PING']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      `Could not connect to 127.0.0.1:${port}: Connection refused\n` +
        `  no server listens there: is it started? syskv serve --port ${port}\n`,
    );
  });

  test.each([
    [['--stats'], 'Did you mean --stat?'],
    [['-p', '0', 'PING'], 'Must be an integer from 1 to 65535.'],
    [['-u', 'ftp://x'], 'Must be like redis://'],
    [['-i', 'soon'], 'Must be a number of seconds'],
    [['--pipe', '--stat'], 'one or the other'],
    [['--stat', 'PING'], 'a command does not go with'],
    [['--protocol', 'line', '--json', 'PING'], 'no --json'],
    [['--protocol', 'http', '-3', 'GET', 'k'], '-2 and -3 are for RESP'],
    [['-x'], '-x needs a command'],
  ])('2 for %j', async (flags, message) => {
    const { status, stdout, stderr } = await cli(server(), flags);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('where to', () => {
  test('a URL names host, port and database', async () => {
    const url = `redis://127.0.0.1:${server().port}/5`;
    const outcome = await run(process.execPath, [SYSKV, 'cli', '-u', url, 'CLIENT', 'INFO']);
    expect(outcome.stdout).toContain(' db=5 ');
  });

  test('a name is looked up', async () => {
    expect((await cli(server(), ['-h', 'localhost', 'PING'])).stdout).toBe('PONG\n');
  });

  test('a name that nobody knows', async () => {
    const { status, stderr } = await cli(server(), ['-h', 'nobody.invalid', 'PING']);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^Could not connect to nobody\.invalid:\d+: (Name or service not known|getaddrinfo .+)\n$/,
    );
  });

  test('-s: a UNIX socket', async () => {
    const path = join(temporaryFolder(), 'socket');
    await startServer('--unixsocket', path);
    const outcome = await run(process.execPath, [SYSKV, 'cli', '-s', path, 'PING']);
    expect(outcome).toEqual({ status: 0, stdout: 'PONG\n', stderr: '' });
  });

  test('-n: a database', async () => {
    expect((await cli(server(), ['-n', '7', 'CLIENT', 'INFO'])).stdout).toContain(' db=7 ');
    const { status, stdout, stderr } = await cli(server(), ['-n', '99', 'PING']);
    const warning = 'SELECT 99 failed: ERR DB index is out of range\n';
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'PONG\n', stderr: warning });
  });
});

test('-a warns, unless it is told not to', async () => {
  const flags = ['-a', 'secret', 'PING'];
  const { stdout, stderr } = await cli(server(), flags);
  expect(stdout).toBe('PONG\n');
  expect(stderr).toMatch(/^Warning: Using a password .* may not be safe\.\n/);
  expect((await cli(server(), ['--no-auth-warning', ...flags])).stderr).not.toContain('Warning');
});

describe('repetition', () => {
  test('-r runs a command so often, -i waits in between', async () => {
    const { stdout } = await cli(server(), ['-r', '3', '-i', '0.01', 'INCR', 'repeated']);
    expect(stdout).toBe('1\n2\n3\n');
  });

  test('-r 0 runs it not at all', async () => {
    expect(await cli(server(), ['-r', '0', 'PING'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('stdin', () => {
  test('-x makes it the last argument, whatever it holds', async () => {
    await cli(server(), ['-x', 'SET', 'input'], 'a\r\n\0"\xff\n');
    const { stdout } = await cli(server(), ['--no-raw', 'GET', 'input']);
    expect(stdout).toBe('"a\\r\\n\\x00\\"\\xff\\n"\n');
  });

  test('lines are commands; one that fails does not end the others', async () => {
    const { status, stdout } = await cli(
      server(),
      [],
      'PING\n\n  \nGET "a\nNOSUCH\r\n2 PING\nQUIT\nPING',
    );
    const error = "ERR unknown command 'NOSUCH', with args beginning with: \n\n";
    expect(stdout).toBe(`PONG\nInvalid argument(s)\n${error}PONG\nPONG\n`);
    expect(status).toBe(0);
  });

  test('the last line needs no end', async () => {
    expect((await cli(server(), [], 'PING')).stdout).toBe('PONG\n');
  });
});

describe('bytes', () => {
  test('arguments that are no UTF-8 are sent as they are', async () => {
    const path = join(temporaryFolder(), 'run');
    const call = `exec "$1" "$2" cli -p ${server().port} --no-raw ECHO "$(printf 'a\\377\\200')"\n`;
    writeFileSync(path, call);
    const { stdout } = await run('sh', [path, process.execPath, SYSKV]);
    expect(stdout).toBe('"a\\xff\\x80"\n');
  });

  test('a value of some megabytes comes whole', async () => {
    const value = 'x'.repeat(5_000_000);
    await cli(server(), ['-x', 'SET', 'large'], value);
    expect((await cli(server(), ['GET', 'large'])).stdout).toBe(`${value}\n`);
  });
});

describe('--pipe', () => {
  test('sends ready-made requests and counts the replies', async () => {
    const requests = Array.from({ length: 20_000 }, (_, i) => `SET pipe:${i} ${i}\r\n`).join('');
    expect(await cli(server(), ['--pipe'], requests)).toEqual({
      status: 0,
      stdout:
        'All data transferred. Waiting for the last reply...\n' +
        'Last reply received from server.\nerrors: 0, replies: 20000\n',
      stderr: '',
    });
    expect((await cli(server(), ['GET', 'pipe:19999'])).stdout).toBe('19999\n');
  });

  test.each([
    ['an error among the replies', 'SET a b\r\nNOSUCH\r\nGET a\r\n', 'errors: 1, replies: 3\n'],
    ['a request without its end', 'SET a b\r\nNOSUCH', 'errors: 1, replies: 2\n'],
    ['nothing at all', '', 'errors: 0, replies: 0\n'],
  ])('%s', async (_, requests, summary) => {
    const { status, stdout, stderr } = await cli(server(), ['--pipe'], requests);
    expect(stdout).toContain(summary);
    const failed = !summary.startsWith('errors: 0');
    expect(stderr).toBe(failed ? "ERR unknown command 'NOSUCH', with args beginning with: \n" : '');
    expect(status).toBe(failed ? 1 : 0);
  });
});

test('--stat prints rows in columns', async () => {
  const { stdout } = await cli(server(), ['--stat', '-r', '2', '-i', '0.01']);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe(
    '------- data ------ --------------------- load -------------------- - child -',
  );
  expect(lines[1]).toBe(
    'keys       mem      clients blocked requests            connections          ',
  );
  expect(lines[2]).toMatch(/^\d+ +[\d.]+[BKMG] +\d+ +\d+ +\d+ \(\+0\) +\d+ +$/);
  expect(lines[3]).toMatch(/ \(\+1\) /);
  expect(lines).toHaveLength(5);
});

test.each([
  [[], /^\d+\.\d{3} \d+\.\d{3} \d+\.\d{3} \d+\n$/],
  [['--csv'], /^\d+\.\d{3},\d+\.\d{3},\d+\.\d{3},\d+\n$/],
  [['--no-raw'], /^min: [\d.]+, max: [\d.]+, avg: [\d.]+ \(\d+ samples\)\n$/],
])('--latency %j sums up', async (flags, summary) => {
  const { stdout } = await cli(server(), ['--latency', '-i', '0.05', ...flags]);
  expect(stdout).toMatch(summary);
});

test('help is there without a terminal, without colours', async () => {
  const { status, stdout } = await cli(server(), ['HELP', 'GET']);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^\n {2}GET key\n {2}summary: .+\n {2}since: 1\.0\.0\n {2}group: string\n\n$/,
  );
});

describe('system calls', () => {
  requireTool('strace', 'strace');

  test('strace sees socket, connect, sendmsg, recvmsg', async () => {
    const flags = ['-f', '-qq', '-s', '64', '-e', 'trace=connect,sendmsg,recvmsg'];
    const call = [process.execPath, SYSKV, 'cli', '-p', String(server().port), 'PING'];
    const { stderr } = await run('strace', [...flags, ...call]);
    const calls = stderr.split('\n').filter((line) => / = \d|EINPROGRESS/.test(line));
    expect(calls.map((line) => /\b(\w+)\(/.exec(line)?.[1])).toEqual([
      'connect',
      'sendmsg',
      'recvmsg',
    ]);
    expect(stderr).toContain('"*1\\r\\n$4\\r\\nPING\\r\\n"');
    expect(stderr).toContain('"+PONG\\r\\n"');
  });
});
