/** `syskv`: a server to embed. The raw syscalls are in `syskv/posix`. */
import { posix } from './posix/native.ts';
import { type RunningServer, type StartOptions, startOnThread } from './server/start.ts';

export { SyscallError } from './posix/errors.ts';
export type { ModeChoice, ModeName } from './server/modes.ts';
export type { Endpoint, LogLevel, ServerOptions } from './server/options.ts';
export type { ProtocolName } from './server/protocols.ts';
export type { RunningServer, StartOptions };

/**
 * Starts a server on a thread of its own; several may run in one process. Resolves once it listens;
 * rejects with a SyscallError where the address can't be had (`code` EADDRINUSE, …).
 *
 *     await using server = await startServer({ port: 0, mode: 'epoll' });
 *     const client = new Redis(server.port);
 */
export function startServer(options: StartOptions = {}): Promise<RunningServer> {
  return startOnThread(posix, options);
}
