/** What a demonstration leaves behind: nothing, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DEADLINE_MS, within } from '../support/deadline.ts';
import { temporaryFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import { SYSKV, startServer } from '../support/server.ts';
import { requireStrace } from '../support/strace.ts';

requireStrace();

/** A demonstration on a busy machine. */
const LONGEST_MS = 60_000;

/** Processes that were started with this among their arguments. */
function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && argumentsOf(pid).includes(word));
}

function argumentsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

async function nothingLeft(path: string): Promise<void> {
  await vi.waitUntil(() => processesWith(path).length === 0, { timeout: DEADLINE_MS });
  expect(existsSync(path)).toBe(false);
}

describe('at a UNIX socket', () => {
  test.each([
    ['epoll', [], 'One thread (main) served client 1 and client 2 at the same time.'],
    ['epoll', ['--recorder'], 'One thread (main) served client 1 and client 2 at the same time.'],
    ['blocking', [], 'in the backlog: main was blocked in recvmsg with client 1.'],
    ['blocking', ['--recorder'], 'in the backlog: main was blocked in recvmsg with client 1.'],
    ['thread-pool', ['--threads', '1'], 'queue: syskv-1 was blocked in recvmsg with client 1.'],
  ])('%s %j', async (mode, flags, sentence) => {
    const path = join(temporaryFolder(), 'socket');
    const words = [SYSKV, 'strace', '--demo', mode, ...flags, '--unixsocket', path];
    const { status, stdout } = await run(process.execPath, words, '', LONGEST_MS);
    expect(stdout).toContain(sentence);
    expect(status).toBe(0);
    await nothingLeft(path);
  });
});

describe('that fails', () => {
  test.skipIf(process.platform !== 'linux')('kqueue on Linux: status 2, no report', async () => {
    const report = join(temporaryFolder(), 'report.html');
    const flags = [SYSKV, 'strace', '--demo', 'kqueue', '--html', report];
    const { status, stderr } = await run(process.execPath, flags);
    expect(stderr).toContain('kqueue is an interface of macOS and the BSDs');
    expect(status).toBe(2);
    expect(existsSync(report)).toBe(false);
  });

  test.each([[[]], [['--recorder']]])(
    'a port that is taken %j: the status says so',
    async (more) => {
      const report = join(temporaryFolder(), 'report.html');
      const { port } = await startServer();
      const flags = [
        'strace',
        '--demo',
        'epoll',
        '--port',
        String(port),
        '--html',
        report,
        ...more,
      ];
      const { status, stdout, stderr } = await run(process.execPath, [SYSKV, ...flags]);
      expect(stdout).toContain('EADDRINUSE');
      expect(stderr).toContain('the server ended with status 1');
      expect(status).toBe(1);
      expect(existsSync(report)).toBe(false);
    },
  );

  test('a story without a demonstration, and one that nobody knows', async () => {
    const alone = await run(process.execPath, [SYSKV, 'strace', '--story', 'exhaustion']);
    expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('give both')]);
    const flags = [SYSKV, 'strace', '--demo', 'epoll', '--story', 'nonsense'];
    const unknown = await run(process.execPath, flags);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('half-request')]);
  });
});

describe('that is interrupted', () => {
  function begin(path: string, flags: readonly string[], env = process.env) {
    const words = [SYSKV, 'strace', '--demo', 'blocking', '--unixsocket', path, ...flags];
    const child = spawn(process.execPath, words, { env });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    const printed = (text: string) =>
      vi.waitUntil(() => output.includes(text), { timeout: LONGEST_MS, interval: 10 });
    return { child, printed, output: () => output };
  }

  async function ended(child: ChildProcess, output: () => string): Promise<number | null> {
    const [status] = await within('the end', once(child, 'close'), output, LONGEST_MS);
    return status;
  }

  const MOMENTS = ['listening on', 'client 1  accept4', 'client 2            connect'];
  test.each(MOMENTS)('by Ctrl+C after "%s"', async (moment) => {
    const path = join(temporaryFolder(), 'socket');
    const { child, printed, output } = begin(path, []);
    await printed(moment);
    child.kill('SIGINT');
    expect(await ended(child, output)).toBe(0);
    await nothingLeft(path);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s, with the recorder',
    async (signal) => {
      const path = join(temporaryFolder(), 'socket');
      const { child, printed, output } = begin(path, ['--recorder']);
      await printed('client 2            connect');
      child.kill(signal);
      expect(await ended(child, output)).toBe(0);
      await nothingLeft(path);
    },
  );

  test('by Ctrl+C, where strace is missing', async () => {
    const path = join(temporaryFolder(), 'socket');
    const { child, printed, output } = begin(path, [], { ...process.env, PATH: '/nowhere' });
    await printed('client 1  accept4');
    child.kill('SIGINT');
    expect(await ended(child, output)).toBe(0);
    await nothingLeft(path);
  });

  test('twice: the server is killed, and its socket removed', async () => {
    const path = join(temporaryFolder(), 'socket');
    const { child, printed, output } = begin(path, []);
    await printed('client 2            connect');
    for (const pid of processesWith(path)) {
      if (argumentsOf(pid).includes('\0serve\0') && !argumentsOf(pid).startsWith('strace')) {
        process.kill(pid, 'SIGSTOP');
      }
    }
    const end = ended(child, output);
    const asking = setInterval(() => child.kill('SIGINT'), 100);
    await end.finally(() => clearInterval(asking));
    await nothingLeft(path);
  });

  test('by the end of strace: its server does not outlive it', async () => {
    const path = join(temporaryFolder(), 'socket');
    const { child, printed, output } = begin(path, []);
    await printed('client 2            connect');
    const strace = processesWith(path).find((pid) => argumentsOf(pid).startsWith('strace\0'));
    process.kill(strace!, 'SIGKILL');
    expect(await ended(child, output)).toBe(1);
    await nothingLeft(path);
  });
});
