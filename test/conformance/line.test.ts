/** The line protocol over a socket, under every mode: what a person types into nc. */
import { describe, expect, test } from 'vitest';
import { connect } from '../support/client.ts';
import { MODES } from '../support/modes.ts';
import { sharedServer } from '../support/server.ts';

/** What it shows, bytes in, bytes out. The client ends each with FIN. */
const CONVERSATIONS: [what: string, request: string, reply: string][] = [
  ['nothing asked, nothing answered', '', ''],
  ['a value set and got', 'SET a 1\nGET a\n', 'OK\n1\n'],
  ['lines that end as telnet ends them', 'SET a 2\r\nGET a\r\n', 'OK\n2\n'],
  ['a missing key', 'GET missing\n', '(nil)\n'],
  ['quotes, as in inline commands', 'SET b "two words"\nGET b\n', 'OK\ntwo words\n'],
  [
    'an unknown command',
    'NOSUCH\nECHO on\n',
    "ERR unknown command 'NOSUCH', with args beginning with: \non\n",
  ],
  ['too few arguments', 'GET\n', "ERR wrong number of arguments for 'get' command\n"],
  ['QUIT', 'QUIT\n', 'OK\n'],
  ['EXIT', 'EXIT\n', 'OK\n'],
  ['a line cut off by FIN', 'ECHO one\nECHO tw', 'one\n'],
];

describe.each(MODES)('lines in mode %s', (mode) => {
  const server = sharedServer('--mode', mode, '--protocol', 'line');

  test.each(CONVERSATIONS)('%s', async (_what, request, reply) => {
    const client = await connect(server());
    client.send(request);
    client.end();
    expect(await client.readToEnd()).toBe(reply);
  });

  test('after EXIT nothing is answered', async () => {
    const client = await connect(server());
    client.send('EXIT\nECHO more\n');
    expect(await client.readToEnd()).toBe('OK\n');
  });

  test.each(CONVERSATIONS)('%s, byte by byte', async (_what, request, reply) => {
    const client = await connect(server());
    for (const byte of request) await client.sendAll(byte);
    client.end();
    expect(await client.readToEnd()).toBe(reply);
  });
});
