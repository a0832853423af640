/** Listening sockets: TCP over IPv4 or IPv6, and UNIX. */

import type { AddressAnswer, SocketAddress } from '../posix/address.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { Endpoint } from './options.ts';

export interface Listener {
  readonly fd: number;
  /** With the port that it got. */
  readonly endpoint: Endpoint;
}

/** As it is printed: `127.0.0.1:6379`, `[::1]:6379`, or the UNIX socket's path. */
export function nameOf({ bind, port, path }: Endpoint): string {
  if (path !== '') return path;
  return bind.includes(':') ? `[${bind}]:${port}` : `${bind}:${port}`;
}

export interface ListenerKind {
  readonly tcpBacklog: number;
  readonly tcpKeepaliveSeconds: number;
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
  try {
    if (endpoint.path === '') setTcpOptions(posix, fd, address.family, kind);
    bindTo(posix, fd, address, endpoint);
    check(posix.listen(fd, kind.tcpBacklog), 'listen', detailOf(endpoint));
    return { fd, endpoint: { ...endpoint, port: portOf(posix, fd, endpoint) } };
  } catch (error) {
    posix.close(fd);
    throw error;
  }
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

/** A UNIX socket's file outlives its server: where nobody answers behind it, it is replaced. */
function bindTo(posix: Posix, fd: number, address: SocketAddress, endpoint: Endpoint): void {
  const { EADDRINUSE } = posix.constants;
  let bound = posix.bind(fd, address);
  if (bound === -EADDRINUSE && endpoint.path !== '' && isAbandoned(posix, address)) {
    posix.unlink(endpoint.path);
    bound = posix.bind(fd, address);
  }
  check(bound, 'bind', detailOf(endpoint));
}

function isAbandoned(posix: Posix, address: SocketAddress): boolean {
  const c = posix.constants;
  const probe = check(posix.socket(c.AF_UNIX, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0), 'socket');
  const connected = posix.connect(probe, address);
  posix.close(probe);
  return connected === -c.ECONNREFUSED;
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
