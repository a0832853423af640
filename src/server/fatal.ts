/** What ends a server before it serves: one line as perror would print it, and the remedy. */
import { getSystemErrorMap } from 'node:util';
import { SyscallError } from '../posix/errors.ts';
import { findPortHolder } from './port-holder.ts';

/** Something was asked for that can't be done, whatever the state of the machine: exit status 2. */
export class UsageError extends Error {}

/** The lines for a failed start. */
export function explainFatal(error: unknown): string[] {
  if (!(error instanceof SyscallError)) {
    return [`syskv: ${error instanceof Error ? error.message : String(error)}`];
  }
  const { syscall, code, errno } = error;
  const text = getSystemErrorMap().get(-errno)?.[1] ?? 'unknown error';
  return [`syskv: ${syscall}${target(error)}: ${text} (${code})`, ...remedy(error)];
}

function target({ address, port }: SyscallError): string {
  if (address === undefined) return '';
  if (port === undefined) return ` ${address}`;
  return address.includes(':') ? ` [${address}]:${port}` : ` ${address}:${port}`;
}

function remedy(error: SyscallError): string[] {
  switch (error.code) {
    case 'EADDRINUSE':
      return error.port === undefined ? PATH_TAKEN : portTaken(error.port);
    case 'EACCES':
      return error.port === undefined ? PATH_REFUSED : PORT_REFUSED;
    case 'ELOOP':
      return ['  the path is a symbolic link: name the file that it leads to'];
    case 'EADDRNOTAVAIL':
      return ['  no interface has this address: see `ip address`'];
    default:
      return [];
  }
}

const PATH_TAKEN = ['  another server answers on this path: stop it, or choose another path'];
const PATH_REFUSED = ['  the folder must be writable: try --unixsocket /tmp/syskv.sock'];
const PORT_REFUSED = ['  ports below 1024 need root or CAP_NET_BIND_SERVICE: try --port 6379'];

function portTaken(port: number): string[] {
  const others = `choose another port: --port ${port + 1}, or --port 0 for any free one`;
  const holder = findPortHolder(port);
  if (holder === undefined) {
    return ['  held by a process that this user may not look at: sudo ss -ltnp', `  ${others}`];
  }
  return [
    `  held by PID ${holder.pid}: ${holder.command}`,
    `  stop it (kill ${holder.pid}) or ${others}`,
  ];
}
