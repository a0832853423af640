/** Listening sockets: TCP over IPv4 or IPv6, and UNIX. */
import { chmodSync } from 'node:fs';
import type { AddressAnswer, SocketAddress } from '../posix/address.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { Endpoint, ServerOptions } from './options.ts';
import {
  type FileIdentity,
  removeAbandoned,
  removeSocketFile,
  socketFileAt,
} from './socket-file.ts';

export interface Listener {
  readonly fd: number;
  /** With the port that it got. */
  readonly endpoint: Endpoint;
  /** Of a UNIX socket: the file that `bind` has made. */
  readonly file?: FileIdentity | undefined;
}

/** As it is printed: `127.0.0.1:6379`, `[::1]:6379`, or the UNIX socket's path. */
export function nameOf({ bind, port, path }: Endpoint): string {
  if (path !== '') return path;
  return bind.includes(':') ? `[${bind}]:${port}` : `${bind}:${port}`;
}

export interface ListenerKind {
  readonly tcpBacklog: number;
  readonly tcpKeepaliveSeconds: number;
  /** Mode of a UNIX socket's file: which users may connect (chmod(2)); 0: as umask says. */
  readonly unixsocketperm: number;
  readonly nonBlocking: boolean;
  /** Several listeners take the same address, and the kernel spreads the clients (SO_REUSEPORT). */
  readonly shared: boolean;
}

/** socket, setsockopt, bind, listen. Throws SyscallError, with nothing left open. */
export function openListener(posix: Posix, endpoint: Endpoint, kind: ListenerKind): Listener {
  const c = posix.constants;
  const address = addressOf(posix, endpoint);
  const type = c.SOCK_STREAM | c.SOCK_CLOEXEC | (kind.nonBlocking ? c.SOCK_NONBLOCK : 0);
  const fd = check(posix.socket(address.family, type, 0), 'socket');
  let file: FileIdentity | undefined;
  try {
    if (endpoint.path === '') setTcpOptions(posix, fd, address.family, kind);
    file = bindTo(posix, fd, address, endpoint);
    // Before anybody can connect.
    if (file !== undefined && kind.unixsocketperm !== 0) {
      chmodSync(endpoint.path, kind.unixsocketperm);
    }
    check(posix.listen(fd, kind.tcpBacklog), 'listen', detailOf(endpoint));
    return { fd, file, endpoint: { ...endpoint, port: portOf(posix, fd, endpoint) } };
  } catch (error) {
    closeListener(posix, { fd, file, endpoint });
    throw error;
  }
}

/** What loops listen with: `shared` where there are several of them. */
export function loopKind(options: ServerOptions, shared: boolean): ListenerKind {
  return { ...options, nonBlocking: true, shared };
}

/**
 * The listeners of one more loop, on the addresses of the others. A path can be bound once only: on
 * a UNIX socket the loops share the listener itself, one of those in `shared`. Throws SyscallError,
 * with nothing left open.
 */
export function openBeside(posix: Posix, options: ServerOptions, shared: readonly number[]) {
  const fds: number[] = [];
  try {
    for (const [i, endpoint] of options.listen.entries()) {
      const tcp = endpoint.path === '';
      if (tcp) fds.push(openListener(posix, endpoint, loopKind(options, true)).fd);
      else fds.push(duplicate(posix, shared[i]));
    }
    return fds;
  } catch (error) {
    for (const fd of fds) posix.close(fd);
    throw error;
  }
}

export function duplicate(posix: Posix, fd: number): number {
  return check(posix.fcntl(fd, posix.constants.F_DUPFD_CLOEXEC, 0), 'fcntl');
}

/** Closes it where the server has never come to do so; its file goes, too. */
export function closeListener(posix: Posix, listener: Listener): void {
  removeFile(posix, listener);
  posix.close(listener.fd);
}

/** Removes the file that was made for this listener. */
export function removeFile(posix: Posix, { file, endpoint }: Listener): void {
  if (file !== undefined) removeSocketFile(posix, endpoint.path, file);
}

function addressOf(posix: Posix, { bind, port, path }: Endpoint): SocketAddress {
  const { AF_UNIX, AF_INET, AF_INET6 } = posix.constants;
  if (path !== '') return { family: AF_UNIX, path };
  return { family: bind.includes(':') ? AF_INET6 : AF_INET, address: bind, port };
}

/**
 * SO_REUSEADDR: a restart need not wait for the last connections' TIME_WAIT. TCP_NODELAY and the
 * keep-alive ones are for the clients: what accept4 returns inherits them from its listener, which
 * saves those calls for each client. Replies go out in one piece a batch, so nothing is gained by
 * Nagle's delay; and a client can vanish without FIN.
 */
function setTcpOptions(posix: Posix, fd: number, family: number, kind: ListenerKind): void {
  const c = posix.constants;
  const set = (level: number, option: number, value: number) =>
    check(posix.setsockopt(fd, level, option, value), 'setsockopt');
  set(c.SOL_SOCKET, c.SO_REUSEADDR, 1);
  if (kind.shared) set(c.SOL_SOCKET, c.SO_REUSEPORT, 1);
  set(c.IPPROTO_TCP, c.TCP_NODELAY, 1);
  // `::` would take IPv4's port too, and so hide who else listens there.
  if (family === c.AF_INET6) set(c.IPPROTO_IPV6, c.IPV6_V6ONLY, 1);
  if (kind.tcpKeepaliveSeconds === 0) return;
  set(c.SOL_SOCKET, c.SO_KEEPALIVE, 1);
  set(c.IPPROTO_TCP, c.TCP_KEEPIDLE, kind.tcpKeepaliveSeconds);
  set(c.IPPROTO_TCP, c.TCP_KEEPINTVL, Math.max(1, Math.floor(kind.tcpKeepaliveSeconds / 3)));
  set(c.IPPROTO_TCP, c.TCP_KEEPCNT, KEEPALIVE_PROBES);
}

/**
 * A UNIX socket's file outlives its server: where nobody listens behind it, it is replaced. Returns
 * the file that was made.
 */
function bindTo(
  posix: Posix,
  fd: number,
  address: SocketAddress,
  endpoint: Endpoint,
): FileIdentity | undefined {
  const { EADDRINUSE } = posix.constants;
  const { path } = endpoint;
  let bound = posix.bind(fd, address);
  if (bound === -EADDRINUSE && path !== '' && removeAbandoned(posix, address, path)) {
    bound = posix.bind(fd, address);
  }
  check(bound, 'bind', detailOf(endpoint));
  return path === '' ? undefined : socketFileAt(path);
}

function portOf(posix: Posix, fd: number, { path }: Endpoint): number {
  if (path !== '') return 0;
  const bound: AddressAnswer = {};
  check(posix.getsockname(fd, bound), 'getsockname');
  return bound.port ?? 0;
}

function detailOf({ bind, port, path }: Endpoint): { address: string; port?: number } {
  return path !== '' ? { address: path } : { address: bind, port };
}

/** As many unanswered probes as Redis waits for before a client counts as gone. */
const KEEPALIVE_PROBES = 3;
