/** How much the kernel grants: descriptors, waiting connections, the port. */

import type { SocketAddress } from '../../posix/address.ts';
import { errorName } from '../../posix/errors.ts';
import { type Finding, limited, type Machine, ok } from './machine.ts';

/** `serve --maxclients`, and what a server opens besides clients. */
const WANTED_CLIENTS = 10_000;
const RESERVED_DESCRIPTORS = 64;
/** `serve --tcp-backlog`. */
const WANTED_BACKLOG = 511;

/** Node raises the soft limit to the hard one when it starts, so the hard one counts. */
export function examineDescriptors({ posix }: Machine): Finding {
  const limit = { soft: 0, hard: 0 };
  posix.getrlimit(posix.constants.RLIMIT_NOFILE, limit);
  const clients = limit.hard - RESERVED_DESCRIPTORS;
  if (clients >= WANTED_CLIENTS) {
    return ok('descriptors', `${shown(limit.hard)}: ${WANTED_CLIENTS} clients, the default, fit`);
  }
  const wanted = WANTED_CLIENTS + RESERVED_DESCRIPTORS;
  const fix = `ulimit -Hn ${wanted} as root, LimitNOFILE= in a systemd unit, docker run --ulimit nofile=${wanted}`;
  return limited('descriptors', `${limit.hard}: at most ${Math.max(clients, 1)} clients`, fix);
}

function shown(limit: number): string {
  return Number.isSafeInteger(limit) ? String(limit) : 'no limit';
}

export function examineBacklog({ readText }: Machine): Finding {
  const text = readText('/proc/sys/net/core/somaxconn');
  if (text === undefined) return ok('backlog', 'not told by this system; 511 is asked for');
  if (Number(text) >= WANTED_BACKLOG)
    return ok('backlog', `somaxconn ${text}: the default of 511 fits`);
  const what = `somaxconn ${text}: no more clients wait for accept, whatever --tcp-backlog says`;
  return limited('backlog', what, `sudo sysctl -w net.core.somaxconn=${WANTED_BACKLOG}`);
}

/** Tries what a server would do, then looks who is in the way. */
export function examinePort(machine: Machine, port: number): Finding {
  const name = `port ${port}`;
  const { posix } = machine;
  const result = tryBind(machine, port);
  if (result === 0) return ok(name, 'free');
  const holder = machine.portHolder(port);
  const other = `syskv serve --port ${port + 1}, or --port 0 for any free one`;
  if (holder !== undefined) {
    const what = `held by PID ${holder.pid}: ${holder.command}`;
    return limited(name, what, `stop it (kill ${holder.pid}), or ${other}`);
  }
  if (result === -posix.constants.EACCES) {
    const fix = 'ports below 1024 need root or CAP_NET_BIND_SERVICE';
    return limited(name, 'refused (EACCES)', `${fix}: --port 6379`);
  }
  const what = `refused (${errorName(-result)}); by whom this user may not see`;
  return limited(name, what, `sudo ss -ltnp, or ${other}`);
}

/** 0, or -errno. */
function tryBind({ posix }: Machine, port: number): number {
  const c = posix.constants;
  const fd = posix.socket(c.AF_INET, c.SOCK_STREAM, 0);
  if (fd < 0) return fd;
  // As a server does: else the TIME_WAIT of the last one would be in the way.
  posix.setsockopt(fd, c.SOL_SOCKET, c.SO_REUSEADDR, 1);
  const address: SocketAddress = { family: c.AF_INET, address: '127.0.0.1', port };
  const bound = posix.bind(fd, address);
  const result = bound < 0 ? bound : posix.listen(fd, 1);
  posix.close(fd);
  return result;
}
