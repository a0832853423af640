/** Protected mode: who is let in without a password. */
import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { isDenied, isReachable } from '../../src/server/protected-mode.ts';
import { connect } from '../support/client.ts';
import { startServer } from '../support/server.ts';
import { skip } from '../support/tools.ts';

const ON = { protectedMode: true, requirepass: '' };

describe('a peer', () => {
  test.each(['127.0.0.1:50000', '127.1.2.3:1', '[::1]:50000', '[::ffff:127.0.0.1]:5', '/tmp/s:0'])(
    '%s is let in',
    (peer) => expect(isDenied(ON, peer)).toBe(false),
  );

  test.each([
    '192.0.2.1:50000',
    '[2001:db8::1]:50000',
    '128.0.0.1:7',
    '?:0',
    '[::ffff:10.0.0.1]:5',
  ])('%s is not', (peer) => expect(isDenied(ON, peer)).toBe(true));

  test('is let in where there is a password, or the mode is off', () => {
    expect(isDenied({ ...ON, requirepass: 'secret' }, '192.0.2.1:5')).toBe(false);
    expect(isDenied({ ...ON, protectedMode: false }, '192.0.2.1:5')).toBe(false);
  });
});

test.each([
  [{ bind: '127.0.0.1', path: '' }, false],
  [{ bind: '::1', path: '' }, false],
  [{ bind: '', path: '/tmp/s' }, false],
  [{ bind: '0.0.0.0', path: '' }, true],
  [{ bind: '::', path: '' }, true],
])('%j is reachable from outside: %s', (endpoint, reachable) => {
  expect(isReachable(endpoint)).toBe(reachable);
});

test('a client of another address of this machine is told why, and closed', async (context) => {
  const addresses = Object.values(networkInterfaces()).flat();
  const outside = addresses.find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  if (outside === undefined) return skip(context, 'needs an address besides 127.0.0.1');
  const server = await startServer('--bind', '0.0.0.0');
  const client = await connect({ address: `${outside}:${server.port}` });
  expect(await client.readToEnd()).toMatch(/^-DENIED protected mode: [^\r]+\r\n$/);
  const local = await connect({ address: `127.0.0.1:${server.port}` });
  expect(await local.ask('PING\r\n', 7)).toBe('+PONG\r\n');
});
