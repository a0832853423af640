/** Arguments and sockets in strace's words, for the calls that are made once or seldom. */
import type { AddressAnswer, SocketAddress } from '../../posix/address.ts';
import type { Posix } from '../../posix/posix.ts';
import { escapeText } from './format.ts';

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
  if (file !== '') shown[0] = `${shown[0]}<${file}>`;
  NAMED[name]?.(posix, shown, args as readonly number[]);
  return shown.join(', ');
}

/** Puts names in the place of numbers. */
type Naming = (posix: Posix, shown: string[], args: readonly number[]) => void;

const NAMED: Readonly<Record<string, Naming>> = {
  socket(posix, shown, [family]) {
    shown[0] = familyName(posix, family);
  },
  shutdown(_posix, shown, [, how]) {
    shown[1] = ['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'][how] ?? shown[1];
  },
  setsockopt(posix, shown, [, level, option]) {
    shown[2] = optionName(posix, level, option);
  },
  futex({ constants }, shown, [, , operation]) {
    const name = operation === constants.FUTEX_WAKE ? 'FUTEX_WAKE' : 'FUTEX_WAIT';
    shown[0] = `${shown[0]}, ${name}`;
  },
  epoll_ctl: nameWatch,
};

/** The descriptor, and the event that is asked for. */
function nameWatch(posix: Posix, shown: string[], args: readonly number[]): void {
  const { EPOLL_CTL_ADD, EPOLL_CTL_MOD } = posix.constants;
  const [, operation, fd, mask, data] = args;
  const names = new Map([
    [EPOLL_CTL_ADD, 'EPOLL_CTL_ADD'],
    [EPOLL_CTL_MOD, 'EPOLL_CTL_MOD'],
  ]);
  const file = socketFile(posix, fd, {}, {});
  shown[1] = names.get(operation) ?? 'EPOLL_CTL_DEL';
  if (file !== '') shown[2] = `${shown[2]}<${file}>`;
  shown.splice(3, Infinity, `{events=${eventNames(posix, mask)}, data={u32=${data}}}`);
}

function eventNames(posix: Posix, mask: number): string {
  const names = (['EPOLLIN', 'EPOLLOUT', 'EPOLLET'] as const).filter(
    (name) => (mask & posix.constants[name]) !== 0,
  );
  return names.length === 0 ? '0' : names.join('|');
}

function familyName({ constants }: Posix, family: number): string {
  const names = ['AF_INET', 'AF_INET6', 'AF_UNIX'] as const;
  return names.find((name) => constants[name] === family) ?? String(family);
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
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (typeof value === 'object' && 'family' in value) return addressText(value as SocketAddress);
  return '{...}';
}

function addressText({ address, port, path }: SocketAddress): string {
  if (path !== undefined) return `{sa_family=AF_UNIX, sun_path="${escapeText(path)}"}`;
  return `{sin_port=htons(${port ?? 0}), sin_addr=inet_addr("${address ?? ''}")}`;
}
