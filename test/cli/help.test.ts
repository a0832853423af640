/** `--help`, and what is said to a call that is none. */
import { expect, test } from 'vitest';
import { run } from '../support/run.ts';
import { SYSKV } from '../support/server.ts';

const syskv = (...words: string[]) => run(process.execPath, [SYSKV, ...words]);

/** On the 80 columns of a pipe; `serve` and `cli` have the flags of Redis' own programs. */
test.each([
  [[], 26],
  [['serve'], 48],
  [['cli'], 44],
  [['strace'], 32],
  [['compare'], 36],
  [['doctor'], 14],
])('the help of %j fits a screen, and has an example', async (words, mostLines) => {
  const { status, stdout, stderr } = await syskv(...words, '--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n').length - 1).toBeLessThanOrEqual(mostLines);
  expect(stdout).toMatch(/^Examples?:\n {2}(syskv|strace) /m);
  expect(stdout).not.toContain('\x1b');
});

test('help names every subcommand', async () => {
  const { stdout } = await syskv('help');
  for (const name of ['serve', 'cli', 'strace', 'compare', 'doctor']) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  }
});

test.each([
  [['serv'], 'Did you mean serve?'],
  [['serve', '--mod', 'epoll'], 'Did you mean --mode?'],
  [['cli', '--latncy'], 'Did you mean --latency?'],
  [['serve', '--mode', 'telepathy'], 'Allowed choices are'],
])('%j: exit status 2 and the nearest name', async (words, message) => {
  const { status, stdout, stderr } = await syskv(...words);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('without a subcommand: the help, as an error', async () => {
  const { status, stdout, stderr } = await syskv();
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: syskv /);
});

test('--version', async () => {
  expect((await syskv('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
