/**
 * Numbers among a call's arguments under their names in the C headers, as strace prints them:
 * `SOCK_STREAM|SOCK_CLOEXEC` for 524289.
 */
import type { Posix } from '../../posix/posix.ts';

/** What the number at one place of a call is. */
interface Kind {
  /** One of these. */
  readonly one?: RegExp;
  /** Any of these, joined by `|`; a value that is one of `one` may be among the bits. */
  readonly flags?: RegExp;
}

const SOCKET_FLAGS = /^SOCK_(CLOEXEC|NONBLOCK)$/;
const FAMILY: Kind = { one: /^AF_/ };
const SOCKET_TYPE: Kind = {
  one: /^SOCK_(STREAM|DGRAM|RAW|SEQPACKET)$/,
  flags: SOCKET_FLAGS,
};
const OPEN_FLAGS: Kind = {
  one: /^O_(RDONLY|WRONLY|RDWR)$/,
  flags: /^O_(?!RDONLY|WRONLY|RDWR|TMPFILE)/,
};
const DESCRIPTOR_FLAGS: Kind = { flags: /^O_(CLOEXEC|NONBLOCK|DIRECT)$/ };
const MESSAGE_FLAGS: Kind = { flags: /^MSG_/ };
const SIGNAL: Kind = { one: /^SIG(?!NAL_|_)[A-Z0-9]+$/ };
const CLOCK: Kind = { one: /^CLOCK_/ };
const EVENTS: Kind = { flags: /^EPOLL(?!_)/ };

/** By call, and by the place of the argument. */
const KINDS: Readonly<Record<string, Readonly<Record<number, Kind>>>> = {
  socket: { 0: FAMILY, 1: SOCKET_TYPE },
  socketpair: { 0: FAMILY, 1: SOCKET_TYPE },
  accept4: { 2: { flags: SOCKET_FLAGS } },
  shutdown: { 1: { one: /^SHUT_/ } },
  setsockopt: { 1: { one: /^(SOL_SOCKET|IPPROTO_(IP|IPV6|TCP|UDP))$/ } },
  getsockopt: { 1: { one: /^(SOL_SOCKET|IPPROTO_(IP|IPV6|TCP|UDP))$/ } },
  recv: { 4: MESSAGE_FLAGS },
  send: { 4: MESSAGE_FLAGS },
  fcntl: { 1: { one: /^F_(?!SEAL_)/ } },
  open: { 1: OPEN_FLAGS },
  pipe2: { 1: DESCRIPTOR_FLAGS },
  dup3: { 2: DESCRIPTOR_FLAGS },
  eventfd: { 1: { flags: /^EFD_/ } },
  memfd_create: { 1: { flags: /^MFD_/ } },
  fallocate: { 1: { flags: /^FALLOC_/ } },
  mmap: { 1: { flags: /^PROT_/ }, 2: { flags: /^MAP_/ } },
  madvise: { 3: { one: /^MADV_/ } },
  futex: { 2: { one: /^FUTEX_(WAIT|WAKE)$/, flags: /^FUTEX_PRIVATE_FLAG$/ } },
  epoll_create1: { 0: { flags: /^EPOLL_CLOEXEC$/ } },
  epoll_ctl: { 1: { one: /^EPOLL_CTL_/ }, 3: EVENTS },
  timerfd_create: { 0: CLOCK, 1: { flags: /^TFD_(CLOEXEC|NONBLOCK)$/ } },
  timerfd_settime: { 1: { flags: /^TFD_TIMER_/ } },
  sigaction: { 0: SIGNAL, 1: { one: /^SIG_(DFL|IGN|NOTIFY)$/ }, 2: { flags: /^SA_/ } },
  kill: { 1: SIGNAL },
  pthread_sigmask: { 0: { one: /^SIG_(BLOCK|UNBLOCK|SETMASK)$/ } },
  getrlimit: { 0: { one: /^RLIMIT_/ } },
  setrlimit: { 0: { one: /^RLIMIT_/ } },
  getrusage: { 0: { one: /^RUSAGE_/ } },
  prctl: { 0: { one: /^PR_/ } },
  waitpid: { 2: { flags: /^W(NOHANG|UNTRACED|CONTINUED)$/ } },
  io_uring_enter: { 3: { flags: /^IORING_ENTER_/ } },
  io_uring_register: { 1: { one: /^IORING_(UN)?REGISTER_/ } },
};

/** What fcntl's third argument is depends on its second. */
const FCNTL_ARGUMENTS: Readonly<Record<string, Kind>> = {
  F_SETFL: OPEN_FLAGS,
  F_SETFD: { flags: /^FD_CLOEXEC$/ },
  F_ADD_SEALS: { flags: /^F_SEAL_/ },
};

/** An argument of this call as strace prints it. */
export function argumentName(posix: Posix, call: string, place: number, value: number): string {
  const kind = KINDS[call]?.[place];
  return kind === undefined ? String(value) : nameOf(posix, kind, value);
}

/** The names that stand in the place of numbers, where the numbers say too little. */
export function nameArguments(
  posix: Posix,
  call: string,
  shown: string[],
  args: readonly unknown[],
): void {
  args.forEach((value, place) => {
    if (typeof value !== 'number' || KINDS[call]?.[place] === undefined) return;
    shown[place] = argumentName(posix, call, place, value);
  });
  const kind = call === 'fcntl' ? FCNTL_ARGUMENTS[shown[1]] : undefined;
  if (kind !== undefined) shown[2] = nameOf(posix, kind, args[2] as number);
}

/** `POLLIN|POLLHUP`, `EPOLLIN`: what happened to a descriptor. */
export function eventNames(posix: Posix, call: string, mask: number): string {
  return nameOf(posix, call.startsWith('epoll') ? EVENTS : POLL_EVENTS, mask);
}

const POLL_EVENTS: Kind = { flags: /^POLL(?!FD)/ };

/** What io_uring_setup is asked for. */
export function ringFlagNames(posix: Posix, flags: number): string {
  return nameOf(posix, { flags: /^IORING_SETUP_/ }, flags);
}

/** Bits without a name stay a number. */
function nameOf({ constants }: Posix, { one, flags }: Kind, value: number): string {
  const all = Object.entries(constants);
  const bits = all.filter(([name]) => flags?.test(name) === true);
  const mask = bits.reduce((sum, [, bit]) => (sum | bit) >>> 0, 0);
  const rest = flags === undefined ? value : (value & ~mask) >>> 0;
  const names = bits.filter(([, bit]) => bit !== 0 && (value & bit) >>> 0 === bit);
  const base = all.find(([name, number]) => one?.test(name) === true && number === rest)?.[0];
  const first = base ?? (rest !== 0 || names.length === 0 ? number(rest, flags) : undefined);
  return [first, ...names.map(([name]) => name)].filter((part) => part !== undefined).join('|');
}

function number(value: number, flags: RegExp | undefined): string {
  return flags === undefined || value === 0 ? String(value) : `0x${value.toString(16)}`;
}
