/** Walks over keys, delimiters, input: what redis-cli prints, byte for byte. */
import { expect, test } from 'vitest';
import { SPECTRUM_LEGEND } from '../../src/client/latency-spectrum.ts';
import { run } from '../support/run.ts';
import { SYSKV, sharedServer } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';
import { cli } from './client.ts';

requireTool('redis-cli', 'redis-tools');

const server = sharedServer('--maxmemory-policy', 'allkeys-lfu');

function redisCli(words: readonly string[], input = '') {
  return run('redis-cli', ['-p', String(server().port), ...words], input);
}

test('there are keys to walk over', async () => {
  const values = ['x', 'x'.repeat(70), 'x'.repeat(700)];
  for (const [i, value] of values.entries()) await cli(server(), ['SET', `key:${i}`, value]);
  await cli(server(), ['SET', 'we"ird\n', '1']);
  for (let i = 0; i < 5; i++) await cli(server(), ['GET', 'key:1']);
});

test.each([
  [['--scan']],
  [['--scan', '--pattern', 'key:*']],
  [['--no-raw', '--scan']],
  [['--bigkeys']],
  [['--bigkeys', '--pattern', 'key:[01]']],
  [['--memkeys']],
  [['--memkeys-samples', '3']],
  [['--hotkeys']],
  [['-d', ',', 'MGET', 'key:0', 'missing', 'key:0']],
  [['-d', ';', '-D', '|', '-r', '2', '--raw', 'MGET', 'key:0', 'key:0']],
  [['-D', '', 'GET', 'key:0']],
  [['-3', '-d', ',', 'HELLO', '3', 'SETNAME', 'x', 'bad']],
  [['--quoted-input', 'ECHO', '"a\\x00b"']],
  [['--quoted-input', 'ECHO', "'a b'"]],
  [['--quoted-input', 'ECHO', '"a']],
  [['--quoted-input', 'ECHO', '']],
])('%j', async (words) => {
  expect(await cli(server(), words)).toEqual(await redisCli(words));
});

test('-X puts what stdin holds in the place of an argument', async () => {
  const words = ['-X', 'TAG', 'ECHO', 'TAG'];
  expect(await cli(server(), words, 'a\0b\n')).toEqual(await redisCli(words, 'a\0b\n'));
});

test.each([
  [['-X', 'TAG', 'ECHO', 'x'], '-X names no argument'],
  [['-x', '-X', 'TAG', 'ECHO', 'TAG'], '-x and -X are one or the other'],
  [['--scan', 'PING'], 'a command does not go with --scan'],
  [['--bigkeys', '--hotkeys'], '--bigkeys and --hotkeys are one or the other'],
])('%j is refused', async (words, reason) => {
  const outcome = await cli(server(), words);
  expect([outcome.status, outcome.stderr]).toEqual([2, `error: ${reason}\n`]);
});

test('an error of the server ends the walk with status 1', async () => {
  await cli(server(), ['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
  const [ours, theirs] = await Promise.all([cli(server(), ['--hotkeys']), redisCli(['--hotkeys'])]);
  expect(ours).toEqual(theirs);
  expect(ours.status).toBe(1);
});

test('--version', async () => {
  const outcome = await run(process.execPath, [SYSKV, 'cli', '--version'], '');
  expect(outcome).toMatchObject({ status: 0, stdout: expect.stringMatching(/^syskv cli \d+\./) });
});

/** These run until somebody ends them: timeout(1) does. */
function forSeconds(seconds: number, words: readonly string[]) {
  const client = [process.execPath, SYSKV, 'cli', '-p', String(server().port), ...words];
  return run('timeout', [String(seconds), ...client], '');
}

test('--latency-history tells a line for each range', { timeout: 60_000 }, async () => {
  const { stdout } = await forSeconds(5, ['--latency-history', '-i', '0.2', '--no-raw']);
  const [line] = stdout.split('\n');
  const times = 'min: [\\d.]+, max: [\\d.]+, avg: [\\d.]+ \\(\\d+ samples\\)';
  expect(line).toMatch(new RegExp(`^${times} -- \\d+\\.\\d\\d seconds range$`));
});

test('--latency-dist shows its legend, then rows', { timeout: 60_000 }, async () => {
  const { stdout } = await forSeconds(5, ['--latency-dist', '-i', '0.2']);
  expect(stdout.startsWith(SPECTRUM_LEGEND)).toBe(true);
  const [row] = stdout.slice(SPECTRUM_LEGEND.length).split('\n');
  const letters = row.split('m').map((cell) => cell.split('\x1b')[0]);
  expect(letters.join('')).toBe('.-*#123456789ABCDEFGHIJKLMNOPQ?');
});
