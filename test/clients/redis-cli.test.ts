/** redis-cli, as people use it: a command at a time, in RESP3, and for mass insertion. */
import { describe, expect, test } from 'vitest';
import { MODES } from '../support/modes.ts';
import { run } from '../support/run.ts';
import { type Server, sharedServer } from '../support/server.ts';
import { requireTool } from '../support/tools.ts';

requireTool('redis-cli', 'redis-tools');

function redisCli(server: Server, flags: string[], input = '') {
  return run('redis-cli', ['-p', String(server.port), ...flags], input);
}

describe.each(MODES)('redis-cli in mode %s', (mode) => {
  const server = sharedServer('--mode', mode);

  test.each([
    [['PING'], 'PONG\n'],
    [['SET', 'name', 'two words'], 'OK\n'],
    [['GET', 'name'], 'two words\n'],
    [['INCR', 'counter'], '1\n'],
    [['-3', 'GET', 'missing'], '\n'],
    [['-3', '--json', 'MGET', 'name', 'missing'], '["two words",null]\n'],
    [['--no-raw', 'MGET', 'name', 'missing'], '1) "two words"\n2) (nil)\n'],
    [['-n', '1', 'DBSIZE'], '0\n'],
    [['--scan', '--pattern', 'na*'], 'name\n'],
  ])('%j', async (flags, stdout) => {
    expect(await redisCli(server(), flags)).toEqual({ status: 0, stdout, stderr: '' });
    expect(server().log).toBe('');
  });

  test('several commands on its standard input', async () => {
    const { status, stdout, stderr } = await redisCli(server(), [], 'SET k v\nGET k\nEXIT\n');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'OK\nv\n', stderr: '' });
  });

  test('--pipe, 10,000 keys', async () => {
    const requests = Array.from({ length: 10_000 }, (_, i) => `SET pipe:${i} ${i}\r\n`).join('');
    const { status, stdout, stderr } = await redisCli(server(), ['--pipe'], requests);
    expect(stdout).toContain('errors: 0, replies: 10000\n');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((await redisCli(server(), ['GET', 'pipe:9999'])).stdout).toBe('9999\n');
    expect(server().log).toBe('');
  });

  test('COMMAND DOCS, from which it makes its help', async () => {
    const { stdout, stderr } = await redisCli(server(), ['COMMAND', 'DOCS', 'set']);
    expect(stdout).toMatch(/^set\nsummary\n/);
    expect(stderr).toBe('');
  });

  test('an error is shown as one', async () => {
    const { stdout } = await redisCli(server(), ['INCR', 'name']);
    expect(stdout).toContain('ERR value is not an integer or out of range');
  });
});
