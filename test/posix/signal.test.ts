import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { startChild } from './child.ts';

const { constants, signalBlock } = posix;
const NO_PID = 0x7ffffff0;

/** Reads from a socket of a pair into `view`: blocks, since nobody ever writes. */
const SILENT_SOCKET = `
const pair = new Int32Array(2);
posix.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, pair);
const view = new Uint8Array(8);
const count = (signum) => Atomics.load(posix.signalBlock, c.SIGNAL_COUNT + signum);
`;

const LISTENER = `
const listener = posix.socket(c.AF_INET, c.SOCK_STREAM, 0);
posix.bind(listener, { family: c.AF_INET, address: '127.0.0.1', port: 0 });
posix.listen(listener, 1);
`;

test('every slot of the block is free at first', () => {
  const { SIGNAL_EVENTFD, SIGNAL_EVENTFD_SLOTS, SIGNAL_SHUTDOWN, SIGNAL_SHUTDOWN_SLOTS } =
    constants;
  expect([SIGNAL_EVENTFD_SLOTS, SIGNAL_SHUTDOWN_SLOTS]).toEqual([4, 8]);
  const slots = signalBlock.subarray(SIGNAL_EVENTFD, SIGNAL_EVENTFD + 4);
  const guards = signalBlock.subarray(SIGNAL_SHUTDOWN, SIGNAL_SHUTDOWN + 8);
  expect([...slots, ...guards].every((fd) => fd === -1)).toBe(true);
  expect(signalBlock.length).toBe(SIGNAL_SHUTDOWN + 8);
});

test('SIG_NOTIFY counts its signal', () => {
  const { SIGUSR2, SIG_NOTIFY, SIG_DFL } = constants;
  const before = Atomics.load(signalBlock, SIGUSR2);
  expect(posix.sigaction(SIGUSR2, SIG_NOTIFY, 0)).toBe(0);
  expect(posix.kill(process.pid, SIGUSR2)).toBe(0);
  expect(posix.sigaction(SIGUSR2, SIG_DFL, 0)).toBe(0);
  expect(Atomics.load(signalBlock, SIGUSR2)).toBe(before + 1);
});

test('a signal interrupts a blocked read: EINTR', async () => {
  const child = startChild(`
    ${SILENT_SOCKET}
    posix.sigaction(c.SIGINT, c.SIG_NOTIFY, 0);
    say('ready');
    const rc = posix.read(pair[0], view, 0, 8);
    say([rc === -c.EINTR, count(c.SIGINT) > 0].join(' '));
  `);
  await child.said(1);
  // The first may land before the read begins, where EINTR is lost: hence the guards below.
  const again = setInterval(() => child.kill('SIGINT'), 20);
  await child.exited;
  clearInterval(again);
  expect(child.lines[1]).toBe('true true');
});

test('a guarded read ends, wherever the signal lands', async () => {
  const child = startChild(`
    ${SILENT_SOCKET}
    posix.signalBlock[c.SIGNAL_SHUTDOWN] = pair[0];
    posix.sigaction(c.SIGINT, c.SIG_NOTIFY, c.SA_RESTART);
    say('ready');
    say([posix.read(pair[0], view, 0, 8), count(c.SIGINT)].join(' '));
  `);
  await child.said(1);
  child.kill('SIGINT');
  await child.exited;
  expect(child.lines[1]).toBe('0 1');
});

test('a guarded read ends though the signal came before it', async () => {
  const child = startChild(`
    ${SILENT_SOCKET}
    posix.signalBlock[c.SIGNAL_SHUTDOWN + c.SIGNAL_SHUTDOWN_SLOTS - 1] = pair[0];
    posix.sigaction(c.SIGTERM, c.SIG_NOTIFY, 0);
    posix.kill(process.pid, c.SIGTERM);
    say([posix.read(pair[0], view, 0, 8), count(c.SIGTERM)].join(' '));
  `);
  await child.exited;
  expect(child.lines).toEqual(['0 1']);
});

test('a guarded accept4 ends though the signal lands on another thread', async () => {
  const child = startChild(`
    ${LISTENER}
    posix.signalBlock[c.SIGNAL_SHUTDOWN] = listener;
    posix.sigaction(c.SIGINT, c.SIG_NOTIFY, 0);
    posix.pthread_sigmask(c.SIG_BLOCK, [c.SIGINT]);
    say('ready');
    say(posix.accept4(listener, null, 0) === -c.EINVAL);
  `);
  await child.said(1);
  child.kill('SIGINT');
  await child.exited;
  expect(child.lines[1]).toBe('true');
});

test('a listener that keeps its backlog is shut down only while nobody waits in it', async () => {
  const child = startChild(`
    ${LISTENER}
    posix.signalBlock[c.SIGNAL_SHUTDOWN] = listener | c.SIGNAL_KEEP_BACKLOG;
    posix.sigaction(c.SIGUSR1, c.SIG_NOTIFY, 0);
    const own = {};
    posix.getsockname(listener, own);
    const client = posix.socket(c.AF_INET, c.SOCK_STREAM, 0);
    posix.connect(client, own);
    posix.kill(process.pid, c.SIGUSR1);
    say(posix.accept4(listener, null, 0) >= 0);
    posix.kill(process.pid, c.SIGUSR1);
    say(posix.accept4(listener, null, 0) === -c.EINVAL);
  `);
  await child.exited;
  expect(child.lines).toEqual(['true', 'true']);
});

test('every eventfd slot is written to', async () => {
  const child = startChild(`
    const epfd = posix.epoll_create1(0);
    const events = new Int32Array(c.EPOLL_EVENT_WORDS * 4);
    for (let slot = 0; slot < c.SIGNAL_EVENTFD_SLOTS; slot++) {
      const fd = posix.eventfd(0, 0x800);
      posix.epoll_ctl(epfd, c.EPOLL_CTL_ADD, fd, c.EPOLLIN, fd, 0);
      posix.signalBlock[c.SIGNAL_EVENTFD + slot] = fd;
    }
    posix.sigaction(c.SIGTERM, c.SIG_NOTIFY, 0);
    say('ready');
    let ready;
    do ready = posix.epoll_wait(epfd, events, 4, -1); while (ready === -c.EINTR);
    say(ready);
  `);
  await child.said(1);
  child.kill('SIGTERM');
  await child.exited;
  expect(child.lines[1]).toBe('4');
});

test('with SA_RESETHAND the second signal kills', async () => {
  const child = startChild(`
    ${SILENT_SOCKET}
    posix.signalBlock[c.SIGNAL_SHUTDOWN] = pair[0];
    posix.sigaction(c.SIGINT, c.SIG_NOTIFY, c.SA_RESETHAND);
    say('ready');
    posix.read(pair[0], view, 0, 8);
    posix.signalBlock[c.SIGNAL_SHUTDOWN] = -1;
    say('first');
    posix.read(pair[1], view, 0, 0);
    for (;;) posix.poll(new Int32Array(2), 0, -1);
  `);
  await child.said(1);
  child.kill('SIGINT');
  await child.said(2);
  child.kill('SIGINT');
  expect(await child.exited).toEqual({ status: null, signal: 'SIGINT' });
});

test('SIG_IGN ignores, SIG_DFL does what the system does', async () => {
  const child = startChild(`
    posix.sigaction(c.SIGTERM, c.SIG_IGN, 0);
    posix.kill(process.pid, c.SIGTERM);
    say('still here');
    posix.sigaction(c.SIGTERM, c.SIG_DFL, 0);
    posix.kill(process.pid, c.SIGTERM);
    for (;;) posix.poll(new Int32Array(2), 0, -1);
  `);
  expect(await child.exited).toEqual({ status: null, signal: 'SIGTERM' });
  expect(child.lines).toEqual(['still here']);
});

test('workers see one block, and it outlives a worker that loaded the addon alone', async () => {
  const child = startChild(`
    const { Worker } = require('node:worker_threads');
    const path = require.resolve(Object.keys(require.cache).find((key) => key.endsWith('.node')));
    const worker = new Worker(\`
      const posix = require(\${JSON.stringify(path)});
      posix.sigaction(posix.constants.SIGUSR2, posix.constants.SIG_NOTIFY, 0);
      posix.signalBlock[posix.constants.SIGNAL_EVENTFD] = 77;
    \`, { eval: true });
    worker.on('exit', () => {
      say(posix.signalBlock[c.SIGNAL_EVENTFD]);
      posix.signalBlock[c.SIGNAL_EVENTFD] = -1;
      posix.kill(process.pid, c.SIGUSR2);
      say(posix.signalBlock[c.SIGNAL_COUNT + c.SIGUSR2]);
    });
  `);
  expect(await child.exited).toEqual({ status: 0, signal: null });
  expect(child.lines).toEqual(['77', '1']);
});

test('a set of blocked signals is changed, and the one before comes back', () => {
  const { SIG_BLOCK, SIG_UNBLOCK, SIGUSR2 } = constants;
  const before: number[] = [];
  const after: number[] = [];
  expect(posix.pthread_sigmask(SIG_BLOCK, [SIGUSR2], before)).toBe(0);
  expect(posix.pthread_sigmask(SIG_UNBLOCK, [SIGUSR2], after)).toBe(0);
  expect([before.includes(SIGUSR2), after.includes(SIGUSR2)]).toEqual([false, true]);
  expect(posix.pthread_sigmask(SIG_BLOCK, null, after)).toBe(0);
  expect(after).toEqual(before);
});

test('errors come back as -errno', () => {
  const { SIGKILL, SIG_NOTIFY, EINVAL, ESRCH } = constants;
  expect(posix.sigaction(SIGKILL, SIG_NOTIFY, 0)).toBe(-EINVAL);
  expect(posix.sigaction(999, SIG_NOTIFY, 0)).toBe(-EINVAL);
  expect(posix.kill(NO_PID, 0)).toBe(-ESRCH);
  expect(posix.kill(process.pid, 999)).toBe(-EINVAL);
  expect(posix.pthread_sigmask(99, [1])).toBe(-EINVAL);
});

test('misuse is named', () => {
  const { SIGSEGV, SIGINT, SIG_NOTIFY } = constants;
  const SA_SIGINFO = 4;
  expect(() => posix.sigaction(SIGSEGV, SIG_NOTIFY, 0)).toThrow(/"signum"/);
  expect(() => posix.sigaction(SIGINT, 3, 0)).toThrow(/"action"/);
  expect(() => posix.sigaction(SIGINT, SIG_NOTIFY, SA_SIGINFO)).toThrow(/"flags"/);
  expect(() => posix.kill('1' as never, 0)).toThrow(/"pid"/);
  expect(() => posix.pthread_sigmask(0, [0])).toThrow(/"set"/);
  expect(() => posix.pthread_sigmask(0, null, 1 as never)).toThrow(/"oldset"/);
});
