/** What the doctor finds on machines of all sorts: this one's calls, with something changed. */
import { expect, test } from 'vitest';
import { examine } from '../../src/observe/doctor/doctor.ts';
import type { Ended, Machine } from '../../src/observe/doctor/machine.ts';
import { posix } from '../../src/posix/native.ts';
import type { Posix } from '../../src/posix/posix.ts';

const c = posix.constants;
const PORT = 6379;

/** A Linux machine with nothing to complain about. */
const HEALTHY: Partial<Posix> = {
  ...posix,
  epoll_create1: () => 3,
  kqueue: undefined as never,
  io_uring_setup: () => 3,
  memfd_create: () => 3,
  futex: () => 0,
  getrlimit(_resource, limit) {
    Object.assign(limit, { soft: 1024, hard: 20_000 });
    return 0;
  },
  socket: () => 3,
  setsockopt: () => 0,
  bind: () => 0,
  listen: () => 0,
  close: () => 0,
};

const FILES: Readonly<Record<string, string>> = {
  '/proc/sys/net/core/somaxconn': '4096',
  '/proc/sys/kernel/yama/ptrace_scope': '1',
  '/proc/self/status': 'Name:\tnode\nCapEff:\t0000000000000000\n',
};

interface Changes {
  calls?: Partial<Posix>;
  files?: Readonly<Record<string, string | undefined>>;
  programs?: (command: string, args: string[]) => Ended | undefined;
  machine?: Partial<Machine>;
}

/** The finding of this name: its state, what is said, and the fix. */
function finding(name: string, { calls, files, programs, machine }: Changes = {}): string[] {
  const strace = { status: 0, stdout: 'strace -- version 6.1\n' };
  const found = examine(
    {
      platform: 'linux',
      posix: { ...HEALTHY, ...calls } as Posix,
      ioUringRefusal: '',
      readText: (path) => ({ ...FILES, ...files })[path],
      run: (command, ...args) => (programs === undefined ? strace : programs(command, args)),
      portHolder: () => undefined,
      ...machine,
    },
    PORT,
  ).find((each) => each.name === name);
  return found === undefined
    ? []
    : [found.state, found.what, found.fix].filter((text) => text !== '');
}

function limitOf(hard: number): Pick<Posix, 'getrlimit'> {
  return {
    getrlimit(_resource, limit) {
      Object.assign(limit, { soft: hard, hard });
      return 0;
    },
  };
}

const refuse = (name: string): Ended | undefined =>
  name === '-V' ? { status: 0, stdout: 'strace -- version 6.8' } : { status: 1, stdout: '' };

test.each<[string, string, Changes, RegExp[]]>([
  ['a Linux with epoll', 'epoll', {}, [/^ok$/, /default mode/]],
  [
    'a filter against epoll',
    'epoll',
    { calls: { epoll_create1: () => -c.EPERM } },
    [/^failed$/, /epoll_create1: EPERM/, /--mode poll/],
  ],
  [
    'macOS',
    'epoll',
    { calls: { epoll_create1: undefined as never }, machine: { platform: 'darwin' } },
    [/^absent$/, /not of darwin/],
  ],
  ['Linux', 'kqueue', {}, [/^absent$/, /macOS/]],
  ['a BSD', 'kqueue', { calls: { kqueue: () => 3 } }, [/^ok$/, /many clients/]],
  ['a new kernel', 'io_uring', {}, [/^ok$/, /works/]],
  [
    'a container',
    'io_uring',
    { machine: { ioUringRefusal: 'io_uring_setup: EPERM: a filter refuses it (docker run X).' } },
    [/^limited$/, /^io_uring_setup: EPERM: a filter refuses it$/, /^docker run X$/],
  ],
  ['memfd and futex', 'shared memory', {}, [/^ok$/, /prefork/]],
  [
    'no memory left',
    'shared memory',
    { calls: { memfd_create: () => -c.ENOMEM } },
    [/^failed$/, /memfd_create: ENOMEM/, /container/],
  ],
  [
    'neither of them',
    'shared memory',
    { calls: { futex: undefined as never } },
    [/^absent$/, /SharedArrayBuffer/],
  ],
  ['enough descriptors', 'descriptors', { calls: limitOf(10_064) }, [/^ok$/, /^10064:/]],
  [
    'one too few',
    'descriptors',
    { calls: limitOf(10_063) },
    [/^limited$/, /^10063: at most 9999 clients$/, /ulimit -Hn 10064/],
  ],
  ['no limit', 'descriptors', { calls: limitOf(Infinity) }, [/^ok$/, /^no limit:/]],
  ['a long backlog', 'backlog', {}, [/^ok$/, /4096/]],
  [
    'an old kernel',
    'backlog',
    { files: { '/proc/sys/net/core/somaxconn': '128' } },
    [/^limited$/, /somaxconn 128/, /sysctl -w net\.core\.somaxconn=511/],
  ],
  ['a free port', 'port 6379', {}, [/^ok$/, /^free$/]],
  [
    "somebody's port",
    'port 6379',
    {
      calls: { bind: () => -c.EADDRINUSE },
      machine: { portHolder: () => ({ pid: 4711, command: 'redis-server' }) },
    },
    [/^limited$/, /^held by PID 4711: redis-server$/, /kill 4711.* --port 6380/],
  ],
  [
    'nobody knows whose port',
    'port 6379',
    { calls: { bind: () => -c.EADDRINUSE } },
    [/^limited$/, /EADDRINUSE/, /ss -ltnp/],
  ],
  [
    'a port for root',
    'port 6379',
    { calls: { bind: () => -c.EACCES } },
    [/^limited$/, /EACCES/, /CAP_NET_BIND_SERVICE/],
  ],
  ['strace', 'strace', {}, [/^ok$/, /^6\.1,/]],
  [
    'no strace',
    'strace',
    { programs: () => undefined },
    [/^limited$/, /not installed.*--trace FILE/, /apt-get install strace/],
  ],
  [
    'an old strace',
    'strace',
    { programs: () => ({ status: 0, stdout: 'strace -- version 5.10' }) },
    [/^limited$/, /5\.10 is older/, /newer/],
  ],
  [
    'strace without ptrace',
    'strace',
    { programs: (_, [first]) => refuse(first) },
    [/^limited$/, /6\.8, but ptrace is refused/, /SYS_PTRACE/],
  ],
  [
    'Yama',
    'strace --pid',
    {},
    [/^limited$/, /ptrace_scope is 1/, /sudo sysctl -w kernel\.yama\.ptrace_scope=0/],
  ],
  [
    'Yama and root',
    'strace --pid',
    { files: { '/proc/self/status': 'CapEff:\t000001ffffffffff\n' } },
    [/^ok$/, /CAP_SYS_PTRACE/],
  ],
  [
    'no Yama',
    'strace --pid',
    { files: { '/proc/sys/kernel/yama/ptrace_scope': undefined } },
    [/^ok$/, /same user/],
  ],
  [
    'Yama at its strictest',
    'strace --pid',
    { files: { '/proc/sys/kernel/yama/ptrace_scope': '3' } },
    [/^limited$/, /until the next boot/, /start with strace/],
  ],
])('%s: %s', (_, name, changes, expected) => {
  const found = finding(name, changes);
  expect(found).toHaveLength(expected.length);
  for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
});
