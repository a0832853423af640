/** What went wrong, as one line, and as a remedy where there is one. */
import { getSystemErrorMap } from 'node:util';
import { Disconnected } from '../../client/conversation.ts';
import { RequestError } from '../../client/dialect.ts';
import { ReplyError } from '../../client/resp-reader.ts';
import { nameOfTarget, type Target } from '../../client/target.ts';
import { SyscallError } from '../../posix/errors.ts';

/** A host that has no address. */
export class UnknownHost extends Error {}

/** The lines to print; an error that is a bug of ours is thrown on. */
export function explainFailure(error: unknown, target: Target): string[] {
  if (error instanceof SyscallError) return explainSyscall(error, target);
  if (error instanceof UnknownHost) {
    return [`Could not connect to ${nameOfTarget(target)}: ${error.message}`];
  }
  if (error instanceof RequestError) return [`(error) ${error.message}`];
  if (error instanceof ReplyError || error instanceof Disconnected) {
    return [`Error: ${error.message}`];
  }
  throw error;
}

function explainSyscall(error: SyscallError, target: Target): string[] {
  const text = getSystemErrorMap().get(-error.errno)?.[1] ?? error.code;
  const what = `${text[0].toUpperCase()}${text.slice(1)}`;
  if (error.syscall !== 'connect' && error.syscall !== 'socket') return [`Error: ${what}`];
  return [`Could not connect to ${nameOfTarget(target)}: ${what}`, ...remedy(error, target)];
}

function remedy({ code }: SyscallError, { path, port, protocol }: Target): string[] {
  if (code !== 'ECONNREFUSED' && code !== 'ENOENT') return [];
  const place = path === '' ? `--port ${port}` : `--unixsocket ${path}`;
  const spoken = protocol === 'resp' ? '' : ` --protocol ${protocol}`;
  return [`  no server listens there: is it started? syskv serve ${place}${spoken}`];
}
