/** Arguments and sockets in strace's words, for the calls that are made once or seldom. */
import type { AddressAnswer, SocketAddress } from '../../posix/address.ts';
import type { Posix } from '../../posix/posix.ts';
import { escapeText } from './format.ts';
import { nameArguments, ringFlagNames } from './names.ts';

/** `TCP:[127.0.0.1:6379->127.0.0.1:45100]`; '' for what is no socket. */
export function socketFile(
  posix: Posix,
  fd: number,
  local: AddressAnswer,
  remote: AddressAnswer,
): string {
  if (posix.getsockname(fd, local) < 0) return '';
  const connected = posix.getpeername(fd, remote) === 0;
  const { AF_INET, AF_INET6, AF_UNIX } = posix.constants;
  switch (local.family) {
    case AF_INET:
      return `TCP:[${ipName(local)}${connected ? `->${ipName(remote)}` : ''}]`;
    case AF_INET6:
      return `TCPv6:[${ipName(local)}${connected ? `->${ipName(remote)}` : ''}]`;
    case AF_UNIX:
      // Their clients have no name; the descriptor tells them apart, as the inode does for strace.
      return local.path
        ? `UNIX-STREAM:[${fd}${connected ? `->${fd}` : ''},"${escapeText(local.path)}"]`
        : '';
    default:
      return '';
  }
}

function ipName({ address = '', port = 0 }: AddressAnswer): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** What stands between the parentheses. */
export function textOf(posix: Posix, name: string, args: readonly unknown[], file: string): string {
  const shown = args.map(argumentText);
  nameArguments(posix, name, shown, args);
  if (file !== '') shown[0] = `${shown[0]}<${file}>`;
  SPECIAL[name]?.(posix, shown, args);
  return shown.join(', ');
}

/** Arguments that strace prints in another shape than the addon takes them. */
type Shaping = (posix: Posix, shown: string[], args: readonly unknown[]) => void;

const SPECIAL: Readonly<Record<string, Shaping>> = {
  setsockopt: nameOption,
  getsockopt: nameOption,
  /** The word that is slept on: its place in the memory that is shared. */
  futex(_posix, shown) {
    shown.splice(0, 2, `${shown[0]}[${shown[1]}]`);
  },
  /** The address is left to the kernel. */
  mmap(_posix, shown) {
    shown.unshift('NULL');
  },
  open(_posix, shown, [, , mode]) {
    if (typeof mode === 'number') shown[2] = `0${mode.toString(8)}`;
  },
  getrlimit: showLimit,
  setrlimit: showLimit,
  io_uring_setup(posix, shown, [, params]) {
    if (!(params instanceof Uint32Array)) return;
    const flags = params[posix.constants.IO_URING_PARAMS_FLAGS];
    shown[1] = `{flags=${ringFlagNames(posix, flags)}}`;
  },
  epoll_ctl: nameWatch,
};

function nameOption(posix: Posix, shown: string[], [, level, option]: readonly unknown[]): void {
  shown[2] = optionName(posix, level as number, option as number);
}

function showLimit(_posix: Posix, shown: string[], [, limit]: readonly unknown[]): void {
  const { soft, hard } = limit as { soft?: number; hard?: number };
  shown[1] = `{rlim_cur=${amountOf(soft)}, rlim_max=${amountOf(hard)}}`;
}

function amountOf(value = Number.POSITIVE_INFINITY): string {
  return Number.isFinite(value) ? String(value) : 'RLIM64_INFINITY';
}

/** The descriptor, and the event that is asked for. */
function nameWatch(posix: Posix, shown: string[], args: readonly unknown[]): void {
  const [, , fd, , data] = args as readonly number[];
  const file = socketFile(posix, fd, {}, {});
  if (file !== '') shown[2] = `${shown[2]}<${file}>`;
  // EPOLL_CTL_DEL needs no event.
  if (args.length <= 3) {
    shown[3] = 'NULL';
    return;
  }
  shown.splice(3, Infinity, `{events=${shown[3]}, data={u32=${data}}}`);
}

/** The numbers of options mean something at their level alone. */
function optionName({ constants }: Posix, level: number, option: number): string {
  const prefixes =
    level === constants.SOL_SOCKET
      ? ['SO_']
      : level === constants.IPPROTO_TCP
        ? ['TCP_']
        : ['IPV6_'];
  const found = Object.entries(constants).find(
    ([name, value]) => value === option && prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return found?.[0] ?? String(option);
}

function argumentText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${escapeText(value)}"`;
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (typeof value === 'object' && 'family' in value) return addressText(value as SocketAddress);
  return '{...}';
}

function addressText({ address, port, path }: SocketAddress): string {
  if (path !== undefined) return `{sa_family=AF_UNIX, sun_path="${escapeText(path)}"}`;
  return `{sin_port=htons(${port ?? 0}), sin_addr=inet_addr("${address ?? ''}")}`;
}
