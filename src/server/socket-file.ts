/**
 * The file that a UNIX socket has. It outlives its server, and a path can be taken over by others:
 * nothing is ever removed by its name alone.
 */
import { lstatSync } from 'node:fs';
import type { SocketAddress } from '../posix/address.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';

/** Tells a file from every other one, also from one that got its inode number later. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly bornAtNs: bigint;
}

/** The socket at this path; undefined where there is none, or something else. */
export function socketFileAt(path: string): FileIdentity | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (found?.isSocket() !== true) return undefined;
  return { device: found.dev, inode: found.ino, bornAtNs: found.birthtimeNs };
}

/** Removes this file, unless the path leads to another one by now. */
export function removeSocketFile(posix: Posix, path: string, file: FileIdentity): void {
  const found = socketFileAt(path);
  if (found === undefined || found.inode !== file.inode || found.device !== file.device) return;
  if (found.bornAtNs === file.bornAtNs) posix.unlink(path);
}

/** Removes a socket that its server has left behind. Whether it did. */
export function removeAbandoned(posix: Posix, address: SocketAddress, path: string): boolean {
  const file = socketFileAt(path);
  // Nobody answers behind a file that is no socket either: that one is somebody's data.
  if (file === undefined || !isRefused(posix, address)) return false;
  removeSocketFile(posix, path, file);
  return true;
}

/**
 * Whether nobody listens there. The probe does not block: where the backlog is full it is told so
 * at once (EAGAIN), and somebody listens.
 */
function isRefused(posix: Posix, address: SocketAddress): boolean {
  const { AF_UNIX, SOCK_STREAM, SOCK_CLOEXEC, SOCK_NONBLOCK, ECONNREFUSED } = posix.constants;
  const type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  const probe = check(posix.socket(AF_UNIX, type, 0), 'socket');
  const connected = posix.connect(probe, address);
  posix.close(probe);
  return connected === -ECONNREFUSED;
}
