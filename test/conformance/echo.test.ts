/** The echo protocol over a socket, under every mode: the same bytes out of the other end. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

describe.each(MODES)('echo in mode %s', (mode) => {
  const server = sharedServer('--mode', mode, '--protocol', 'echo');

  test.each([
    ['nothing', ''],
    ['a word', 'hello'],
    ['what is a command elsewhere', 'QUIT\r\n'],
    ['every byte', String.fromCharCode(...Array(256).keys())],
    ['a megabyte', 'x'.repeat(1024 ** 2)],
  ])('%s', async (_what, bytes) => {
    const client = await connect(server());
    client.send(bytes);
    client.end();
    const echoed = await client.readToEnd();
    expect(echoed === bytes).toBe(true);
  });

  test('bytes come back as they were sent, not at the end', async () => {
    const client = await connect(server());
    expect(await client.ask('one', 3)).toBe('one');
    expect(await client.ask('two', 3)).toBe('two');
  });
});
