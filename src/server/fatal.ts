/** What ends a server before it serves: one line as perror would print it, and the remedy. */
import { getSystemErrorMap } from 'node:util';
import { SyscallError } from '../posix/errors.ts';
import type { ServerOptions } from './options.ts';
import { findPortHolder } from './port-holder.ts';

/** The lines for a failed start. */
export function explainFatal(error: unknown, options: ServerOptions): string[] {
  if (!(error instanceof SyscallError)) {
    return [`syskv: ${error instanceof Error ? error.message : String(error)}`];
  }
  const { syscall, code, errno, address, port } = error;
  const where = address === undefined ? '' : ` ${target(address, port)}`;
  const text = getSystemErrorMap().get(-errno)?.[1] ?? 'unknown error';
  return [`syskv: ${syscall}${where}: ${text} (${code})`, ...remedy(code, options)];
}

function target(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function remedy(code: string, options: ServerOptions): string[] {
  if (code === 'EADDRINUSE') return taken(options);
  if (code === 'EACCES') {
    return options.unixsocket === ''
      ? ['  ports below 1024 need root or CAP_NET_BIND_SERVICE: try --port 6379']
      : ['  the folder of the UNIX socket must be writable: try --unixsocket /tmp/syskv.sock'];
  }
  if (code === 'EADDRNOTAVAIL') return ['  no interface has this address: see `ip address`'];
  return [];
}

function taken({ port, unixsocket }: ServerOptions): string[] {
  if (unixsocket !== '')
    return ['  another server answers on this path: stop it or choose another'];
  const holder = findPortHolder(port);
  const by =
    holder === undefined
      ? '  held by a process that this user may not look at (try: sudo ss -ltnp)'
      : `  held by PID ${holder.pid}: ${holder.command}`;
  const stop = holder === undefined ? '' : `stop it (kill ${holder.pid}) or `;
  return [by, `  ${stop}choose another port: --port ${port + 1}, or --port 0 for any free one`];
}
