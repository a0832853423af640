/** `syskv`: a server to embed. The raw syscalls are in `syskv/posix`. */
export { SyscallError } from './posix/errors.ts';
export type { ModeName } from './server/modes.ts';
export type { Endpoint, LogLevel, ServerOptions } from './server/options.ts';
export type { ProtocolName } from './server/protocols.ts';
export { type RunningServer, type StartOptions, startServer } from './server/start.ts';
