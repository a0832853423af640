/** `--protocol line` and `http`: the same client in other tongues. */
import { describe, expect, test } from 'vitest';
import { sharedServer } from '../support/server.ts';
import { cli } from './client.ts';

describe('line', () => {
  const server = sharedServer('--protocol', 'line');
  const line = (words: string[], input = '') =>
    cli(server(), ['--protocol', 'line', ...words], input);

  test.each([
    [['SET', 'k', 'a value'], 'OK\n'],
    [['GET', 'k'], 'a value\n'],
    [['MGET', 'k', 'missing', 'k'], 'a value\n(nil)\na value\n'],
    [['KEYS', 'nothing*'], '(empty array)\n'],
    [['ECHO', 'two\nlines'], '"two\\nlines"\n'],
    [['ECHO', ''], '""\n'],
    [['ECHO', "don't"], "don't\n"],
    [['NOSUCH'], "ERR unknown command 'NOSUCH', with args beginning with: \n"],
  ])('%j', async (words, stdout) => {
    if (words[0] !== 'SET') await line(['SET', 'k', 'a value']);
    expect(await line(words)).toEqual({ status: 0, stdout, stderr: '' });
  });

  test('the server ends it', async () => {
    expect((await line(['RESET'])).stdout).toBe('RESET\n');
    expect((await line([], 'PING\nQUIT\n')).stdout).toBe('PONG\n');
  });

  test('-e and -n', async () => {
    const { status, stderr } = await line(['-e', 'GET']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "ERR wrong number of arguments for 'get' command\n",
    });
    expect((await line(['-n', '3', 'CLIENT', 'INFO'])).stdout).toContain(' db=3 ');
  });

  test('a request that no line can hold is refused before it is sent', async () => {
    const { status, stderr } = await line(['-x', 'SET', 'k'], 'x'.repeat(70_000));
    expect(status).toBe(1);
    expect(stderr).toBe('(error) a line has 65536 bytes at most\n');
  });
});

describe.each([[[]], [['--http-close']]])('http %j', (flags) => {
  const server = sharedServer('--protocol', 'http', ...flags);
  const http = (words: string[], input = '') =>
    cli(server(), ['--protocol', 'http', ...words], input);

  test('keys are set, read and deleted', async () => {
    const steps = [
      'SET name "Alice B"',
      'GET name',
      'EXISTS name',
      'GET /keys/name',
      'DEL name',
      'GET name',
    ];
    const { stdout } = await http(['--no-raw'], steps.join('\n'));
    expect(stdout).toMatch(
      /^201 Created\n"Alice B"\n200 OK\n"Alice B"\n204 No Content\n\(error\) 404 Not Found.*\n$/,
    );
  });

  test('any bytes may stand in a key and in a value', async () => {
    const { stdout } = await http(
      ['--no-raw'],
      'SET "a/b ?\\xff" "\\x00\\r\\n"\nGET "a/b ?\\xff"\n',
    );
    expect(stdout).toBe('201 Created\n"\\x00\\r\\n"\n');
  });

  test('a time to live, and a JSON answer', async () => {
    const { stdout } = await http(['--json'], 'SET short lived EX 100\nGET short\n');
    expect(stdout).toBe('"201 Created"\n"lived"\n');
  });

  test('pages are text', async () => {
    expect((await http(['GET', '/healthz'])).stdout).toMatch(/^ok\n/i);
    expect((await http(['GET', '/metrics'])).stdout).toContain('# TYPE ');
  });

  test('what HTTP has no word for', async () => {
    const { status, stderr } = await http(['INCR', 'n']);
    expect(status).toBe(1);
    expect(stderr).toContain('HTTP knows GET, SET');
  });
});
