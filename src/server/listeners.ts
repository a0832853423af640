/** Listening sockets: TCP over IPv4 or IPv6, and UNIX. */

import type { AddressAnswer, SocketAddress } from '../posix/address.ts';
import { check, SyscallError } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';

export interface Listener {
  readonly fd: number;
  /** As it was bound: `127.0.0.1:6379`, `[::1]:6379`, or the UNIX socket's path. */
  readonly name: string;
  /** The port that it got; 0 for a UNIX socket. */
  readonly port: number;
  /** The UNIX socket's path, to be removed at the end; '' for TCP. */
  readonly path: string;
}

export interface ListenTarget {
  bind: string;
  port: number;
  unixsocket: string;
  tcpBacklog: number;
}

export interface ListenerKind {
  nonBlocking: boolean;
  /** Several listeners take the same address, and the kernel spreads the clients (SO_REUSEPORT). */
  shared: boolean;
}

/** socket, setsockopt, bind, listen. Throws SyscallError, with nothing left open. */
export function openListener(posix: Posix, target: ListenTarget, kind: ListenerKind): Listener {
  const c = posix.constants;
  const address = addressOf(posix, target);
  const type = c.SOCK_STREAM | c.SOCK_CLOEXEC | (kind.nonBlocking ? c.SOCK_NONBLOCK : 0);
  const fd = check(posix.socket(address.family, type, 0), 'socket');
  try {
    if (address.family !== c.AF_UNIX) setTcpOptions(posix, fd, address.family);
    if (kind.shared) check(posix.setsockopt(fd, c.SOL_SOCKET, c.SO_REUSEPORT, 1), 'setsockopt');
    bindTo(posix, fd, address, target);
    check(posix.listen(fd, target.tcpBacklog), 'listen', detailOf(target));
    return describe(posix, fd, target);
  } catch (error) {
    posix.close(fd);
    throw error;
  }
}

function addressOf(posix: Posix, { bind, port, unixsocket }: ListenTarget): SocketAddress {
  const { AF_UNIX, AF_INET, AF_INET6 } = posix.constants;
  if (unixsocket !== '') return { family: AF_UNIX, path: unixsocket };
  return { family: bind.includes(':') ? AF_INET6 : AF_INET, address: bind, port };
}

/**
 * SO_REUSEADDR: a restart need not wait for the last connections' TIME_WAIT. The other two are
 * inherited by what accept4 returns, which saves a setsockopt for each client: TCP_NODELAY, as
 * replies go out in one piece a batch anyway; SO_KEEPALIVE, as a client can vanish without FIN.
 */
function setTcpOptions(posix: Posix, fd: number, family: number): void {
  const c = posix.constants;
  check(posix.setsockopt(fd, c.SOL_SOCKET, c.SO_REUSEADDR, 1), 'setsockopt');
  check(posix.setsockopt(fd, c.SOL_SOCKET, c.SO_KEEPALIVE, 1), 'setsockopt');
  check(posix.setsockopt(fd, c.IPPROTO_TCP, c.TCP_NODELAY, 1), 'setsockopt');
  // `::` would take IPv4's port too, and so hide who else listens there.
  if (family === c.AF_INET6) {
    check(posix.setsockopt(fd, c.IPPROTO_IPV6, c.IPV6_V6ONLY, 1), 'setsockopt');
  }
}

/** A UNIX socket's file outlives its server: where nobody answers behind it, it is replaced. */
function bindTo(posix: Posix, fd: number, address: SocketAddress, target: ListenTarget): void {
  const { EADDRINUSE } = posix.constants;
  let bound = posix.bind(fd, address);
  if (bound === -EADDRINUSE && target.unixsocket !== '' && isAbandoned(posix, address)) {
    posix.unlink(target.unixsocket);
    bound = posix.bind(fd, address);
  }
  check(bound, 'bind', detailOf(target));
}

function isAbandoned(posix: Posix, address: SocketAddress): boolean {
  const c = posix.constants;
  const probe = check(posix.socket(c.AF_UNIX, c.SOCK_STREAM | c.SOCK_CLOEXEC, 0), 'socket');
  const connected = posix.connect(probe, address);
  posix.close(probe);
  return connected === -c.ECONNREFUSED;
}

function describe(posix: Posix, fd: number, target: ListenTarget): Listener {
  if (target.unixsocket !== '') {
    return { fd, name: target.unixsocket, port: 0, path: target.unixsocket };
  }
  const bound: AddressAnswer = { family: 0, address: '', port: 0 };
  check(posix.getsockname(fd, bound), 'getsockname');
  const host = target.bind.includes(':') ? `[${target.bind}]` : target.bind;
  const port = bound.port ?? 0;
  return { fd, name: `${host}:${port}`, port, path: '' };
}

function detailOf({ bind, port, unixsocket }: ListenTarget): { address: string; port?: number } {
  return unixsocket !== '' ? { address: unixsocket } : { address: bind, port };
}

/** True for an error that means: somebody else has this address. */
export function isTaken(error: unknown): error is SyscallError {
  return error instanceof SyscallError && error.code === 'EADDRINUSE';
}
