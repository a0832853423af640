/**
 * The recorder writes what strace would have: its lines are read with the same parser, and tell the
 * same story.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/observe/event.ts';
import { createRecording, record } from '../../src/observe/recorder/recorder.ts';
import { RING_RECORDS } from '../../src/observe/recorder/ring.ts';
import { readLog } from '../../src/observe/strace/reader.ts';
import { posix as native } from '../../src/posix/native.ts';
import { temporaryFolder } from '../support/folder.ts';

const c = native.constants;

/** Calls made by `act`, as the log has them. */
function recorded(act: (posix: typeof native) => void): Call[] {
  const path = join(temporaryFolder(), 'trace');
  const { posix, flush } = record(native, path, 'main');
  act(posix);
  flush();
  return readLog(readFileSync(path, 'latin1')).filter((event) => event.kind === 'call');
}

function pair(posix: typeof native): [number, number] {
  const sv = new Int32Array(2);
  posix.socketpair(c.AF_UNIX, c.SOCK_STREAM | c.SOCK_NONBLOCK, 0, sv);
  return [sv[0], sv[1]];
}

const PING = new TextEncoder().encode('PING\r\n');

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

describe('bytes', () => {
  test('sent and received, with the lengths', () => {
    const calls = recorded((posix) => {
      const [a, b] = pair(posix);
      posix.sendmsg(a, PING, 0, 6, c.MSG_NOSIGNAL);
      posix.recvmsg(b, new Uint8Array(64), 8, 56, 0);
    });
    const [, sent, received] = calls;
    expect(sent).toMatchObject({ name: 'sendmsg', result: 6, movedBytes: 6, error: '' });
    expect(received).toMatchObject({ name: 'recvmsg', result: 6, movedBytes: 6 });
    expect([text(sent.bytes), text(received.bytes)]).toEqual(['PING\r\n', 'PING\r\n']);
  });

  test.each([
    ['recv', (p: typeof native, fd: number, b: Uint8Array) => p.recv(fd, b, 0, 64, 0)],
    ['read', (p: typeof native, fd: number, b: Uint8Array) => p.read(fd, b, 0, 64)],
    [
      'readv',
      (p: typeof native, fd: number, b: Uint8Array) => p.readv(fd, b, new Uint32Array([0, 64]), 1),
    ],
    [
      'recvfrom',
      (p: typeof native, fd: number, b: Uint8Array) => p.recvfrom(fd, b, 0, 64, 0, null),
    ],
    [
      'recvmmsg',
      (p: typeof native, fd: number, b: Uint8Array) =>
        p.recvmmsg(fd, b, new Uint32Array([0, 64, 0]), 1, 0),
    ],
  ])('%s', (name, receive) => {
    const calls = recorded((posix) => {
      const [a, b] = pair(posix);
      native.write(a, PING, 0, 6);
      receive(posix, b, new Uint8Array(64));
    });
    expect(calls.at(-1)).toMatchObject({ name, movedBytes: 6 });
    expect(text(calls.at(-1)!.bytes)).toBe('PING\r\n');
  });

  test('every byte comes back as it was', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const calls = recorded((posix) => posix.write(pair(native)[0], all, 0, 256));
    expect(calls[0].bytes).toEqual(all);
  });

  test('of a long message the beginning is kept', () => {
    const calls = recorded((posix) => posix.write(pair(native)[0], new Uint8Array(1000), 0, 1000));
    expect(calls[0]).toMatchObject({ movedBytes: 1000 });
    expect(calls[0].bytes).toHaveLength(256);
  });
});

test('an error is told by its name', () => {
  const calls = recorded((posix) => posix.recvmsg(pair(native)[0], new Uint8Array(8), 0, 8, 0));
  expect(calls[0]).toMatchObject({ result: -1, error: 'EAGAIN', movedBytes: 0 });
});

describe('arguments have their names', () => {
  const NON_BLOCKING = c.SOCK_CLOEXEC | c.SOCK_NONBLOCK;
  test.each<[string, (p: typeof native) => unknown]>([
    ['AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0', (p) => p.socket(2, 1 | NON_BLOCKING, 0)],
    ['AF_UNIX, SOCK_STREAM, 0, 8 bytes', (p) => p.socketpair(c.AF_UNIX, 1, 0, new Int32Array(2))],
    ['-1, SOL_SOCKET, SO_REUSEADDR, 1', (p) => p.setsockopt(-1, 1, c.SO_REUSEADDR, 1)],
    ['-1, IPPROTO_TCP, TCP_NODELAY, 1', (p) => p.setsockopt(-1, 6, c.TCP_NODELAY, 1)],
    ['-1, NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK', (p) => p.accept4(-1, null, NON_BLOCKING)],
    ['-1, SHUT_RD', (p) => p.shutdown(-1, c.SHUT_RD)],
    ['-1, F_GETFL', (p) => p.fcntl(-1, c.F_GETFL)],
    ['-1, F_SETFL, O_RDWR|O_NONBLOCK', (p) => p.fcntl(-1, c.F_SETFL, c.O_RDWR | c.O_NONBLOCK)],
    ['-1, F_ADD_SEALS, F_SEAL_SHRINK', (p) => p.fcntl(-1, c.F_ADD_SEALS, c.F_SEAL_SHRINK)],
    ['0, EFD_CLOEXEC|EFD_NONBLOCK', (p) => p.eventfd(0, c.EFD_CLOEXEC | c.EFD_NONBLOCK)],
    ['"x", MFD_CLOEXEC', (p) => p.memfd_create('x', c.MFD_CLOEXEC)],
    ['"/nowhere/x", O_RDONLY|O_CLOEXEC, 0600', (p) => p.open('/nowhere/x', c.O_CLOEXEC, 0o600)],
    ['EPOLL_CLOEXEC', (p) => p.epoll_create1(c.EPOLL_CLOEXEC)],
    ['-1, EPOLL_CTL_DEL, 7, {events=0, data={u32=7}}', (p) => p.epoll_ctl(-1, 2, 7, 0, 7, 0)],
    ['-1, EPOLL_CTL_DEL, 7, NULL', (p) => p.epoll_ctl(-1, 2, 7)],
    ['4096 bytes[1], FUTEX_WAKE, 1', (p) => p.futex(new Int32Array(1024), 1, c.FUTEX_WAKE, 1)],
    ['NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0', (p) => mapped(p)],
    ['-1, 0, 1, IORING_ENTER_GETEVENTS', (p) => p.io_uring_enter(-1, 0, 1, 1)],
    ['-1, IORING_UNREGISTER_EVENTFD, NULL, 0', (p) => p.io_uring_register(-1, 5, null, 0)],
    ['1, [...], 0', (p) => p.select(1, new Int32Array(32), null, null, 0)],
    ['CLOCK_MONOTONIC, TFD_CLOEXEC', (p) => p.timerfd_create(1, c.TFD_CLOEXEC)],
  ])('%s', (expected, act) => {
    expect(recorded(act).map(({ text }) => text)).toEqual([expected]);
  });

  test('a limit that was asked for, with the answer', () => {
    const limit = { soft: 0, hard: 0 };
    native.getrlimit(c.RLIMIT_NOFILE, limit);
    const [call] = recorded((posix) => posix.getrlimit(c.RLIMIT_NOFILE, {}));
    expect(call.text).toBe(`RLIMIT_NOFILE, {rlim_cur=${limit.soft}, rlim_max=${limit.hard}}`);
  });

  function mapped(p: typeof native): unknown {
    const flags = c.MAP_PRIVATE | c.MAP_ANONYMOUS;
    return p.mmap(4096, c.PROT_READ | c.PROT_WRITE, flags, -1, 0);
  }
});

test('a socket is told by its addresses, from accept on', () => {
  const calls = recorded((posix) => {
    const listener = posix.socket(c.AF_INET, c.SOCK_STREAM, 0);
    posix.bind(listener, { family: c.AF_INET, address: '127.0.0.1', port: 0 });
    posix.listen(listener, 1);
    const address: { port?: number } = {};
    native.getsockname(listener, address);
    const client = native.socket(c.AF_INET, c.SOCK_STREAM, 0);
    native.connect(client, { family: c.AF_INET, address: '127.0.0.1', port: address.port! });
    posix.close(posix.accept4(listener, null, c.SOCK_CLOEXEC));
    for (const fd of [listener, client]) native.close(fd);
  });
  const connected = expect.stringMatching(/^TCP:\[127\.0\.0\.1:\d+->127\.0\.0\.1:\d+\]$/);
  expect(calls.map(({ name }) => name)).toEqual(['socket', 'bind', 'listen', 'accept4', 'close']);
  expect(calls[3]).toMatchObject({ resultFile: connected });
  expect(calls[4]).toMatchObject({ file: connected });
});

describe('waits', () => {
  test('epoll_wait: which descriptors were ready', () => {
    let fd = -1;
    const calls = recorded((posix) => {
      const epfd = posix.epoll_create1(0);
      const [a, b] = pair(native);
      fd = b;
      posix.epoll_ctl(epfd, c.EPOLL_CTL_ADD, b, c.EPOLLIN, b, 1);
      native.write(a, PING, 0, 6);
      posix.epoll_wait(epfd, new Int32Array(4 * c.EPOLL_EVENT_WORDS), 4, 0);
    });
    expect(calls.at(-1)).toMatchObject({ name: 'epoll_wait', result: 1 });
    expect(calls.at(-1)!.text).toContain(`u32=${fd}`);
  });

  test('poll', () => {
    let fd = -1;
    const calls = recorded((posix) => {
      const [a, b] = pair(native);
      fd = b;
      native.write(a, PING, 0, 6);
      posix.poll(new Int32Array([a, c.POLLIN, b, c.POLLIN]), 2, 0);
    });
    expect(calls[0].outcome).toBe(`([{fd=${fd}, revents=POLLIN}])`);
  });

  test('select', () => {
    let fd = -1;
    const calls = recorded((posix) => {
      const [a, b] = pair(native);
      fd = b;
      native.write(a, PING, 0, 6);
      const set = new Int32Array(32);
      set[b >>> 5] = 1 << (b & 31);
      posix.select(b + 1, set, null, null, 0);
    });
    expect(calls[0].outcome).toBe(`(in [${fd}])`);
  });
});

test('a call that waits is in the file before it returns', () => {
  const path = join(temporaryFolder(), 'trace');
  const { posix } = record(
    {
      ...native,
      poll: () => {
        const log = readFileSync(path, 'latin1');
        expect(log).toMatch(/ poll\( <unfinished \.\.\.>\n$/);
        return 0;
      },
    },
    path,
    'main',
  );
  posix.poll(new Int32Array(2), 0, 1000);
});

test('more calls than the ring holds', () => {
  const calls = recorded((posix) => {
    for (let i = 0; i < RING_RECORDS * 2.5; i++) posix.close(-1);
  });
  expect(calls).toHaveLength(RING_RECORDS * 2.5);
});

test('requests of io_uring, which make no calls', () => {
  const path = join(temporaryFolder(), 'trace');
  const { requests, flush } = record(native, path, 'main');
  requests.submitted('send', 7, PING, 0, 6);
  requests.completed('recv', 7, 6, PING, 0);
  requests.completed('recv', 7, -c.ECONNRESET, null, 0);
  flush();
  const calls = readLog(readFileSync(path, 'latin1')) as Call[];
  expect(calls.map(({ name, movedBytes, error }) => [name, movedBytes, error])).toEqual([
    ['sqe_send', 6, ''],
    ['cqe_recv', 6, ''],
    ['cqe_recv', 0, 'ECONNRESET'],
  ]);
});

test('where the file cannot be had: said before anything is served', () => {
  expect(createRecording(native, '/nowhere/trace')).toBe(-c.ENOENT);
});

test('a disk that is full ends the recording, not the server', () => {
  const { posix, flush } = record({ ...native, write: () => -c.ENOSPC }, '/dev/null', 'main');
  expect(posix.close(-1)).toBe(-c.EBADF);
  flush();
  expect(posix.close(-1)).toBe(-c.EBADF);
});
