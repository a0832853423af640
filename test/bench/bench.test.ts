/** The benchmarks from end to end. Nothing here asks how fast anything was. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { faultsOf } from '../support/json-schema.ts';
import { run } from '../support/run.ts';
import { requireTool } from '../support/tools.ts';

const BENCH = fileURLToPath(new URL('../../bench/', import.meta.url));
const SHORT = ['--rounds', '1', '--duration', '50', '--warm-up', '100', '--no-strace'];
/** A benchmark takes seconds by its nature, more on a machine that is busy with other tests. */
const LIMIT_MS = 60_000;

function bench(...flags: string[]) {
  return run(process.execPath, [join(BENCH, 'run.mjs'), ...flags], '', LIMIT_MS);
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('one cell, two peers', () => {
  requireTool('cc', 'gcc');

  test(
    'give a table and figures that follow the schema',
    async () => {
      const json = join(temporaryFolder(), 'r.json');
      const { status, stdout, stderr } = await bench(
        ...['--cells', '^get-32b-p16$', '--peers', 'epoll,floor', ...SHORT, '--json', json],
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const table = stdout.split('\n').filter((line) => !/^Warning/.test(line));
      expect(table.filter((line) => line.length > 100)).toEqual([]);
      const report = readJson(json);
      expect(faultsOf(report, readJson(join(BENCH, 'result.schema.json')))).toEqual([]);
      const reasons = report.results.map(({ reason }: { reason: string }) => reason);
      expect(reasons).toEqual(['', '']);
      expect(report.results).toMatchObject([
        { cell: 'get-32b-p16', peer: 'epoll', outcome: 'measured' },
        { cell: 'get-32b-p16', peer: 'floor', outcome: 'measured' },
      ]);
    },
    LIMIT_MS,
  );

  test(
    'with an open loop have its rate and its latencies',
    async () => {
      const json = join(temporaryFolder(), 'r.json');
      const { status } = await bench(
        ...['--cells', '^ping-32b-p1$', '--peers', 'floor', ...SHORT, '--json', json],
      );
      expect(status).toBe(0);
      const [{ open }] = readJson(json).results;
      expect(open.map(({ share }: { share: number }) => share)).toEqual([0.5, 0.7, 0.9]);
      expect(open[0].ratePerSecond).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

test(
  'a trial is asked for like a cell, and its goals are judged',
  async () => {
    const folder = temporaryFolder();
    const [json, markdown] = [join(folder, 'r.json'), join(folder, 'r.md')];
    const { status, stdout, stderr } = await bench(
      ...['--goals', '--cells', '^(start|counting)$', '--rounds', '1'],
      ...['--json', json, '--markdown', markdown],
    );
    // How soon it starts is the machine's: 1 says that it was too late, and nothing else.
    expect([0, 1]).toContain(status);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/epoll: start to listening +[\d,]+ ms +[\d,]+ ms +[\d,]+ ms/);
    expect(stdout).toMatch(/two threads: operations lost +0 +0 +0/);
    expect(stdout).toMatch(/two threads: operations lost += 0 +0 +yes/);
    const report = readJson(json);
    expect(faultsOf(report, readJson(join(BENCH, 'result.schema.json')))).toEqual([]);
    expect(report.trials).toMatchObject([{ name: 'start' }, { name: 'counting', reason: '' }]);
    expect(readFileSync(markdown, 'utf8')).toMatch(/\| two threads: operations lost +\| +0 \|/);
  },
  LIMIT_MS,
);

test(
  'servers run under another Node, and the report says under which',
  async () => {
    const folder = temporaryFolder();
    const [json, node] = [join(folder, 'r.json'), join(folder, 'node')];
    const answer = `[ "$1" = --version ] && echo v99.1.0 || exec ${process.execPath} "$@"`;
    writeFileSync(node, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    const { stderr, stdout } = await bench(
      ...['--node', node, '--cells', '^start$', '--rounds', '1', '--json', json],
    );
    expect(stderr).toBe('');
    expect(stdout).toMatch(/epoll: start to listening +[\d,]+ ms/);
    expect(readJson(json).environment.node).toBe('v99.1.0');
  },
  LIMIT_MS,
);

describe('exit status 2', () => {
  test.each([
    [['--node', '/bin/echo'], /not Node: --version says /],
    [['--node', '/nowhere'], /ENOENT/],
    [['--cells', 'nowhere'], /^error: no cell matches \/nowhere\/ \(there are: set-32b-p1 /],
    [['--cells', '('], /Invalid regular expression/],
    [['--peers', 'memcached'], /^error: no peer 'memcached' \(there are: /],
    [['--peers', 'epoll:0'], /^error: no peer 'epoll:0'/],
    [['--rounds', '0'], /Must be an integer from 1/],
    [['--full', '--goals'], /^error: --goals and --full/],
    [['--gaols'], /Did you mean --goals\?/],
    [['get'], /too many arguments/],
  ])('for %j', async (flags, message) => {
    const { status, stdout, stderr } = await bench(...flags);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

test('the memory benchmark tells what a key takes', { timeout: LIMIT_MS }, async () => {
  const json = join(temporaryFolder(), 'm.json');
  const flags = [join(BENCH, 'memory.mjs'), '--keys', '1000', '--json', json];
  const { status, stdout } = await run(process.execPath, flags, '', LIMIT_MS);
  expect(status).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  const { servers, growth } = readJson(json);
  expect(servers[0]).toMatchObject({ name: 'epoll', keys: 1000 });
  expect(servers[0].plain.usedBytes).toBeGreaterThan(1000 * 46);
  expect(growth.keys).toBe(10_000);
});
