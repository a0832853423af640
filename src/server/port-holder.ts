/** Who holds a TCP port: from /proc, so on Linux alone; elsewhere nobody is named. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface PortHolder {
  pid: number;
  /** The command line, as ps shows it. */
  command: string;
}

/**
 * The process that listens on a port, where it may be looked at (one's own, or anyone's as root).
 * @see proc(5), /proc/net/tcp
 */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = new Set([...listeningInodes('tcp', port), ...listeningInodes('tcp6', port)]);
  if (inodes.size === 0) return undefined;
  for (const pid of processes()) {
    if (holdsSocket(pid, inodes)) return { pid, command: commandLine(pid) };
  }
  return undefined;
}

/**
 * Lines of /proc/net/tcp: `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout
 * inode`.
 */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return linesOf(`/proc/net/${table}`)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === TCP_LISTEN)
    .map((fields) => fields[9]);
}

function processes(): number[] {
  return attempt(() => readdirSync('/proc'), [])
    .map(Number)
    .filter((pid) => pid > 0);
}

function holdsSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder), []).some((fd) => {
    const target = attempt(() => readlinkSync(`${folder}/${fd}`), '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    return inode !== undefined && inodes.has(inode);
  });
}

function commandLine(pid: number): string {
  return attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
    .replaceAll('\0', ' ')
    .trim();
}

function linesOf(path: string): string[] {
  return attempt(() => readFileSync(path, 'utf8').split('\n'), []);
}

/**
 * A process may end, or belong to somebody else, between two looks: then there is nothing to see.
 */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** TCP_LISTEN of the kernel's include/net/tcp_states.h, in hexadecimal as the table has it. */
const TCP_LISTEN = '0A';
