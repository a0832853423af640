/** What is written to files: for this user alone, over nothing that is read, without passwords. */
import {
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appendHistory } from '../../src/cli/client/history-file.ts';
import { connect } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { type Server, SYSKV, startServer } from '../support/server.ts';

const PASSWORD = 'secret-hunter2';
const syskv = (...words: string[]) => run(process.execPath, [SYSKV, ...words]);
const permissionsOf = (path: string) => statSync(path).mode & 0o777;

describe.each(MODES)('serve --trace in mode %s', (mode) => {
  test('the file is private, also one that was there, and holds no password', async () => {
    const path = join(temporaryFolder(), 'trace');
    writeFileSync(path, 'before', { mode: 0o644 });
    const flags = ['--mode', mode, '--trace', path, '--requirepass', PASSWORD];
    const server = await startServer(...flags);
    expect(permissionsOf(path)).toBe(0o600);
    await authenticate(server);
    server.signal('SIGTERM');
    await server.exited;
    const trace = readFileSync(path, 'latin1');
    expect(trace).toContain('PING');
    expect(trace).not.toContain(PASSWORD);
    expect(trace).not.toContain('hunter2');
  });
});

/** All ways to say the password in RESP and lines; one of them comes in two pieces. */
async function authenticate(server: Server): Promise<void> {
  const client = await connect(server);
  const length = PASSWORD.length;
  const half = `*2\r\n$4\r\nAUTH\r\n$${length}\r\n${PASSWORD.slice(0, 9)}`;
  await client.ask(`*1\r\n$4\r\nPINX\r\n${half}`, '-NOAUTH'.length);
  await client.readUntil('\r\n');
  expect(await client.ask(`${PASSWORD.slice(9)}\r\n`, 5)).toBe('+OK\r\n');
  client.send(`PING\r\nHELLO 2 AUTH default ${PASSWORD}\r\nCONFIG SET requirepass ${PASSWORD}\r\n`);
  await client.readUntil('+OK\r\n');
  client.send('CONFIG GET requirepass\r\n');
  await client.readUntil(`${PASSWORD}\r\n`);
  client.end();
  await client.readToEnd();
}

test.each(['line', 'http'])('nor of the protocol %s', async (protocol) => {
  const path = join(temporaryFolder(), 'trace');
  const flags = ['--protocol', protocol, '--trace', path, '--requirepass', PASSWORD];
  const server = await startServer(...flags);
  const client = await connect(server);
  const basic = Buffer.from(`default:${PASSWORD}`).toString('base64');
  const head = `GET /keys/a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ${basic}\r\n\r\n`;
  client.send(protocol === 'line' ? `AUTH ${PASSWORD}\nCONFIG GET requirepass\n` : head);
  await client.readUntil(protocol === 'line' ? `${PASSWORD}\n` : '404 ');
  client.end();
  server.signal('SIGTERM');
  await server.exited;
  const trace = readFileSync(path, 'latin1');
  expect(trace).toContain(protocol === 'line' ? 'AUTH **' : 'Authorization:**');
  expect(trace).not.toContain(PASSWORD);
  expect(trace).not.toContain(basic);
});

test('--trace does not follow a symbolic link', async () => {
  const folder = temporaryFolder();
  const [precious, link] = [join(folder, 'precious'), join(folder, 'link')];
  writeFileSync(precious, 'precious');
  symlinkSync(precious, link);
  const { status, stderr } = await syskv('serve', '--port', '0', '--trace', link);
  expect(stderr).toContain(`syskv: open ${link}: too many symbolic links encountered (ELOOP)\n`);
  expect(stderr).toContain('the path is a symbolic link');
  expect(status).toBe(1);
  expect(readFileSync(precious, 'utf8')).toBe('precious');
});

const LISTENER = '3<TCP:[127.0.0.1:6379]>';
const CLIENT = '7<TCP:[127.0.0.1:6379->127.0.0.1:5]>';

/** As strace writes a transfer of these bytes. */
function moved(call: string, bytes: string): string {
  const shown = JSON.stringify(bytes);
  const length = `${bytes.length} <0.0001>`;
  return `${call}(${CLIENT}, {msg_iov=[{iov_base=${shown}, iov_len=9999}]}, 0) = ${length}`;
}

/** A request in two pieces behind another one. */
const LOG = [
  `listen(${LISTENER}, 511) = 0 <0.000010>`,
  `accept4(${LISTENER}, NULL, NULL, SOCK_CLOEXEC) = ${CLIENT} <0.1>`,
  moved('recvmsg', '*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nAUTH\r\n$14\r\nsecret-'),
  moved('recvmsg', 'hunter2\r\nGET a\r\n'),
  moved('sendmsg', '*2\r\n$11\r\nrequirepass\r\n$14\r\nsecret-hunter2\r\n'),
]
  .map((line, i) => `100 ${1 + i}.000000 ${line}\n`)
  .join('');

describe('syskv strace FILE', () => {
  test('shows and draws no password of a log', async () => {
    const folder = temporaryFolder();
    const [log, html, perfetto] = ['log', 'page.html', 'trace.json'].map((it) => join(folder, it));
    writeFileSync(log, LOG);
    const outputs = ['--html', html, '--perfetto', perfetto];
    const { stdout, stderr, status } = await syskv('strace', log, ...outputs);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    for (const text of [stdout, readFileSync(html, 'utf8'), readFileSync(perfetto, 'utf8')]) {
      expect(text).toContain('AUTH');
      expect(text).not.toMatch(/secret-|hunter2/);
    }
    expect(stdout).toContain('GET a');
    expect([permissionsOf(html), permissionsOf(perfetto)]).toEqual([0o600, 0o600]);
  });

  test.each(['--html', '--perfetto'])('%s refuses the log itself, also by a link', async (flag) => {
    const folder = temporaryFolder();
    const [log, soft, hard] = ['log', 'soft', 'hard'].map((name) => join(folder, name));
    writeFileSync(log, LOG);
    symlinkSync(log, soft);
    linkSync(log, hard);
    for (const [input, output] of [
      [log, log],
      [log, soft],
      [soft, log],
      [log, hard],
      [log, join(folder, '..', folder.slice(folder.lastIndexOf('/') + 1), 'log')],
    ]) {
      const { status, stderr } = await syskv('strace', input, flag, output);
      expect(stderr).toBe(
        `error: ${flag} ${output} is the same file as the log that is read: choose another one\n`,
      );
      expect(status).toBe(2);
    }
    expect(readFileSync(log, 'utf8')).toBe(LOG);
    expect(lstatSync(soft).isSymbolicLink()).toBe(true);
  });

  test('two reports in one file are refused, but for /dev/null', async () => {
    const folder = temporaryFolder();
    const log = join(folder, 'log');
    writeFileSync(log, LOG);
    const both = (path: string) => syskv('strace', log, '--html', path, '--perfetto', path);
    const { status, stderr } = await both(join(folder, 'out'));
    expect(stderr).toContain('is the same file as --html: choose another one\n');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect((await both('/dev/null')).status).toBe(0);
  });

  test("nor is a report written over the server's trace", async () => {
    const path = join(temporaryFolder(), 'trace');
    const { stderr } = await syskv('strace', '--trace', path, '--html', path);
    expect(stderr).toContain('is the same file as --trace: choose another one\n');
  });
});

test('compare refuses two reports in one file before it measures', async () => {
  const path = join(temporaryFolder(), 'out');
  const { status, stderr } = await syskv('compare', '--json', path, '--html', path);
  expect(stderr).toBe(`error: --html ${path} is the same file as --json: choose another one\n`);
  expect(status).toBe(2);
});

test('the history is made private, also one that was not', () => {
  const path = join(temporaryFolder(), 'history');
  writeFileSync(path, 'PING\n', { mode: 0o644 });
  appendHistory(path, 'GET a');
  expect(readFileSync(path, 'utf8')).toBe('PING\nGET a\n');
  expect(permissionsOf(path)).toBe(0o600);
});
