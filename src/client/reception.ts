/**
 * Whether the server has accepted a connection yet. The kernel completes the handshake by itself,
 * so a client that waits in the listener's backlog is connected all the same and can't tell.
 */
import type { AddressAnswer } from '../posix/address.ts';
import type { Posix } from '../posix/posix.ts';

/** No file on this machine that is read here is longer; a longer one is cut. */
const MAXIMUM_TABLE_BYTES = 4 * 1024 * 1024;

/**
 * Looks for the server's end of the connection in /proc/net/tcp. Until it is accepted it belongs to
 * no descriptor, and its inode is 0.
 * @returns undefined where it can't be known: another machine's server, a UNIX socket, no Linux.
 * @see proc(5)
 */
export function isAccepted(posix: Posix, fd: number): boolean | undefined {
  const own: AddressAnswer = {};
  const peer: AddressAnswer = {};
  if (posix.getsockname(fd, own) < 0 || posix.getpeername(fd, peer) < 0) return undefined;
  if (own.port === undefined || peer.port === undefined) return undefined;
  const table = own.family === posix.constants.AF_INET6 ? 'tcp6' : 'tcp';
  const inode = inodeOf(readText(posix, `/proc/net/${table}`), peer.port, own.port);
  return inode === undefined ? undefined : inode !== '0';
}

/**
 * The inode of the connection between two ports, from the text of /proc/net/tcp: `sl local_address
 * rem_address st tx:rx tr:when retrnsmt uid timeout inode`. Ports are hexadecimal.
 */
export function inodeOf(table: string, localPort: number, remotePort: number): string | undefined {
  for (const line of table.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(hex(localPort)) && fields[2]?.endsWith(hex(remotePort))) {
      return fields[9];
    }
  }
  return undefined;
}

function hex(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

function readText(posix: Posix, path: string): string {
  const { O_RDONLY, O_CLOEXEC } = posix.constants;
  const fd = posix.open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return '';
  const bytes = new Uint8Array(MAXIMUM_TABLE_BYTES);
  let length = 0;
  for (;;) {
    const count = posix.read(fd, bytes, length, bytes.length - length);
    if (count <= 0) break;
    length += count;
  }
  posix.close(fd);
  return new TextDecoder('latin1').decode(bytes.subarray(0, length));
}
