/** redis-cli as people sit before it: its prompt, and the tools that it has built in. */
import { describe, expect, test } from 'vitest';
import { run } from '../support/run.ts';
import { type Server, startServer } from '../support/server.ts';
import { Terminal } from '../support/terminal.ts';
import { requireTool } from '../support/tools.ts';

requireTool('redis-cli', 'redis-tools');
requireTool('python3', 'python3');

/** Its history is nobody's business. */
const SILENT = { REDISCLI_HISTFILE: '/dev/null' };

const MODES = ['epoll', 'thread-pool'];

async function filledServer(mode: string): Promise<Server> {
  const server = await startServer('--mode', mode);
  const requests = Array.from({ length: 200 }, (_, i) => `SET key:${i} ${'v'.repeat(i + 1)}\r\n`);
  await run('redis-cli', ['-p', String(server.port), '--pipe'], requests.join(''));
  return server;
}

describe.each(MODES)('redis-cli in mode %s', (mode) => {
  test('its prompt: a transaction, its state shown, and help', async () => {
    const server = await startServer('--mode', mode);
    const terminal = new Terminal(['redis-cli', '-p', String(server.port)], SILENT);
    const at = `127.0.0.1:${server.port}`;
    await terminal.shows(`${at}> `);
    for (const [typed, shown, prompt] of [
      ['SET a 1', 'OK', ''],
      ['MULTI', 'OK', '(TX)'],
      ['INCR a', 'QUEUED', '(TX)'],
      ['EXEC', '1) (integer) 2', ''],
      ['HELP GETDEL', 'Return a string and remove it.', ''],
      ['SELECT 1', 'OK', '[1]'],
    ]) {
      terminal.type(`${typed}\r`);
      await terminal.shows(shown);
      await terminal.shows(`${at}${prompt}> `);
    }
    terminal.type('EXIT\r');
    expect(await terminal.end()).toBe(0);
    expect(server.log).toBe('');
  });

  test('--stat', async () => {
    const server = await filledServer(mode);
    const flags = ['-p', String(server.port), '--stat', '-i', '0.1'];
    const terminal = new Terminal(['redis-cli', ...flags], SILENT);
    const head = 'keys       mem      clients blocked requests            connections';
    await terminal.shows(head);
    for (let i = 0; i < 3; i++) await terminal.shows('\n200 ');
    expect(server.log).toBe('');
  });

  test.each([
    ['--bigkeys', /Biggest string found '"key:199"' has 200 bytes/],
    ['--memkeys', /Biggest string found '"key:19\d"' has 2\d\d bytes/],
    ['--scan', /^key:0$/m],
  ])('%s', async (tool, found) => {
    const server = await filledServer(mode);
    const { status, stdout, stderr } = await run('redis-cli', ['-p', String(server.port), tool]);
    expect(stdout).toMatch(found);
    expect({ status, stderr, log: server.log }).toEqual({ status: 0, stderr: '', log: '' });
  });

  test('--pipe, RESP3 and JSON together', async () => {
    const server = await filledServer(mode);
    const ask = (...words: string[]) => run('redis-cli', ['-p', String(server.port), ...words]);
    expect((await ask('-3', '--json', 'CONFIG', 'GET', 'maxmemory-policy')).stdout).toBe(
      '{"maxmemory-policy":"noeviction"}\n',
    );
    expect((await ask('DBSIZE')).stdout).toBe('200\n');
  });

  test('with a password', async () => {
    const server = await startServer('--mode', mode, '--requirepass', 'secret');
    const ask = (...words: string[]) => run('redis-cli', ['-p', String(server.port), ...words]);
    expect((await ask('PING')).stdout).toBe('NOAUTH Authentication required.\n\n');
    const { stdout, stderr } = await ask('--no-auth-warning', '-a', 'secret', 'PING');
    expect({ stdout, stderr }).toEqual({ stdout: 'PONG\n', stderr: '' });
  });
});
