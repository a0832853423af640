/** `syskv compare` from end to end. Nothing here asks how fast anything was. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import type { Outcome } from '../support/run.ts';
import { SYSKV } from '../support/server.ts';

/** A comparison takes seconds by its nature, more on a machine that is busy with other tests. */
const LIMIT_MS = 60_000;

interface Running {
  readonly ended: Promise<Outcome>;
  /** Resolves once this was printed. */
  printed(pattern: RegExp): Promise<void>;
  interrupt(): void;
}

function start(...flags: string[]): Running {
  const child = spawn(process.execPath, [SYSKV, 'compare', ...flags]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  return {
    ended: new Promise((resolve) => {
      child.on('close', (status) => resolve({ status, stdout, stderr }));
    }),
    printed: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          if (pattern.test(stdout)) resolve();
        };
        child.stdout.on('data', look);
        look();
      }),
    interrupt: () => child.kill('SIGINT'),
  };
}

const SHORT = ['--rounds', '1', '--duration', '50', '--warm-up', '100', '--no-strace'];

describe('two models, two scenarios', () => {
  test(
    'are measured, told and written',
    async () => {
      const folder = temporaryFolder();
      const [json, html, markdown] = ['json', 'html', 'md'].map((end) => join(folder, `r.${end}`));
      const { ended } = start(
        ...['--quick', '--modes', 'blocking,epoll', '--scenarios', 'one-client,50-clients'],
        ...['--warm-up', '300'],
        ...['--json', json, '--html', html, '--markdown', markdown],
      );
      const { status, stdout, stderr } = await ended;
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.split('\n').filter((line) => line.length > 100 && !/^W/.test(line))).toEqual(
        [],
      );
      const { cells, environment } = JSON.parse(readFileSync(json, 'utf8'));
      expect(cells).toMatchObject([
        { scenario: 'one-client', target: 'blocking', outcome: 'measured' },
        { scenario: 'one-client', target: 'epoll', outcome: 'measured' },
        {
          ...{ scenario: '50-clients', target: 'blocking', outcome: 'impossible' },
          reason: '1 of 50 clients served: it serves one client at a time',
        },
        { scenario: '50-clients', target: 'epoll', outcome: 'measured' },
      ]);
      expect(cells[3].summary.opsPerSecond.median).toBeGreaterThan(0);
      expect(cells[3].summary.latency.samples).toBeGreaterThan(0);
      expect(cells[3].warming).toMatchObject({ isWarm: false, threads: expect.any(Number) });
      expect(stdout).toContain('Not warm: epoll (50-clients)');
      expect(environment.node).toBe(process.version);
      expect(existsSync(html) && existsSync(markdown)).toBe(true);
    },
    LIMIT_MS,
  );
});

describe('exit status', () => {
  test(
    '1 where a condition holds, which is told',
    async () => {
      const { ended } = start(
        ...['--modes', 'epoll', '--scenarios', 'one-client', ...SHORT],
        ...['--fail-if', 'epoll.threads > 1', '--fail-if', 'epoll.ops < 0'],
      );
      const { status, stderr } = await ended;
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^failed: epoll.threads > 1\nfailed: {3}epoll one-client: threads \d+ \(not warm\) > 1\n$/,
      );
    },
    LIMIT_MS,
  );

  test.each([
    [['--modes', 'epol'], /^error: no mode 'epol' \(there are: blocking, /],
    [['--scenarios', 'nowhere'], /^error: no scenario 'nowhere'/],
    [['--fail-if', 'epoll.p99'], /^error: --fail-if: 'epoll.p99' is not like/],
    [['--rounds', '0'], /Must be an integer from 1/],
    [['--quik'], /Did you mean --quick\?/],
  ])('2 for %j', async (flags, message) => {
    const { status, stdout, stderr } = await start(...flags).ended;
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

test(
  'Ctrl+C keeps what is done',
  async () => {
    const json = join(temporaryFolder(), 'r.json');
    const running = start(
      ...['--modes', 'epoll', '--scenarios', 'one-client,50-clients', ...SHORT],
      ...['--duration', '2000', '--json', json],
    );
    await running.printed(/^epoll/m);
    running.interrupt();
    const { status, stdout } = await running.ended;
    expect(status).toBe(1);
    expect(stdout).toContain('Warning: Stopped early');
    const { cells } = JSON.parse(readFileSync(json, 'utf8'));
    expect(cells.map((cell: { outcome: string }) => cell.outcome)).toEqual([
      'measured',
      'unreached',
    ]);
  },
  LIMIT_MS,
);

test('the help fits a screen and has an example', async () => {
  const { status, stdout } = await start('--help').ended;
  expect(status).toBe(0);
  expect(stdout).toContain('Example:');
  expect(stdout.split('\n').length).toBeLessThanOrEqual(40);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});
