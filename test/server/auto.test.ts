/** `--mode auto`: the fastest model that this machine can run. */
import { expect, test } from 'vitest';
import { posix } from '../../src/posix/native.ts';
import { chooseMode, modeOf } from '../../src/server/modes.ts';
import { connect } from '../support/client.ts';
import { Server, startServer } from '../support/server.ts';

const FASTEST = modeOf('io_uring').refusal?.(posix) === '' ? 'io_uring' : 'epoll';

test('auto serves, and says what it has chosen', async () => {
  const server = await startServer('--mode', 'auto');
  expect(server.output).toContain(`mode ${FASTEST} `);
  expect(await (await connect(server)).ask('PING\r\n', 7)).toBe('+PONG\r\n');
});

test('auto is epoll where io_uring is refused', () => {
  const refused = Object.assign(Object.create(posix), {
    io_uring_setup: () => -posix.constants.EPERM,
  });
  expect(chooseMode(refused, 'auto')).toBe('epoll');
});

test('io_uring refused by name says why, and what to do', () => {
  const refused = Object.assign(Object.create(posix), {
    io_uring_setup: () => -posix.constants.EPERM,
  });
  expect(modeOf('io_uring').refusal?.(refused)).toMatch(/io_uring_disabled|seccomp/);
});

test('a pair of calls that io_uring does not make is refused', async () => {
  const server = new Server(['--port', '0', '--mode', 'io_uring', '--io', 'recv']);
  expect((await server.exited).status).toBe(2);
  expect(server.log).toContain('--io recv');
});
