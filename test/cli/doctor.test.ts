/** `syskv doctor` on this machine. */
import { expect, test } from 'vitest';
import { renderFindings } from '../../src/cli/doctor/render.ts';
import { run } from '../support/run.ts';
import { SYSKV, startServer } from '../support/server.ts';

const doctor = (...flags: string[]) => run(process.execPath, [SYSKV, 'doctor', ...flags]);

test('examines everything, on one plain screen', async () => {
  const { status, stdout, stderr } = await doctor();
  const lines = stdout.split('\n');
  const names = ['addon', 'epoll', 'kqueue', 'io_uring', 'shared memory', 'descriptors', 'backlog'];
  for (const name of [...names, 'port 6379', 'strace', 'strace --pid']) {
    expect(lines.filter((line) => line.slice(7, 22).trim() === name)).toHaveLength(1);
  }
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(stdout).not.toContain('\x1b');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('tells who holds the port', async () => {
  const { pid, port } = await startServer();
  const { stdout } = await doctor('--port', String(port));
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toContain(`limit port ${port} held by PID ${pid}:`);
  expect(words).toContain(`fix: stop it (kill ${pid}), or syskv serve --port ${port + 1}`);
});

test.each([
  [['--port', '0'], 'Must be an integer from 1 to 65535.'],
  [['--prot', '1'], 'Did you mean --port?'],
])('%j is a usage error', async (flags, message) => {
  const { status, stderr } = await doctor(...flags);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test('findings are broken at blanks, with the fix under them', () => {
  const finding = {
    name: 'backlog',
    state: 'limited',
    what: 'somaxconn 128: no more clients wait',
    fix: 'sysctl -w net.core.somaxconn=511',
  } as const;
  expect(renderFindings([finding], { columns: 50, isPlain: true })).toEqual([
    'limit  backlog        somaxconn 128: no more',
    '                      clients wait',
    '                      fix: sysctl -w',
    '                      net.core.somaxconn=511',
  ]);
});

test('colours the mark alone', () => {
  const finding = { name: 'epoll', state: 'ok', what: 'works', fix: '' } as const;
  expect(renderFindings([finding], { columns: 80, isPlain: false })).toEqual([
    '\x1b[32mok     \x1b[0mepoll          works',
  ]);
});
