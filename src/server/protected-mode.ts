/**
 * Protected mode: a server that was started without a password, on an address that others can
 * reach, serves the clients of its own machine alone.
 */
import type { Endpoint, ServerOptions } from './options.ts';

/** Whether clients of other machines can come in by this endpoint at all. */
export function isReachable({ bind, path }: Pick<Endpoint, 'bind' | 'path'>): boolean {
  return path === '' && !isLoopback(bind);
}

/** 127.0.0.0/8, ::1, and the former as IPv6 writes it. */
export function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/i.test(address);
}

/** `peer` as CLIENT LIST has it: `192.0.2.1:50000`, `[2001:db8::1]:50000`, a path. */
export function isDenied(
  { protectedMode, requirepass }: Pick<ServerOptions, 'protectedMode' | 'requirepass'>,
  peer: string,
): boolean {
  if (!protectedMode || requirepass !== '' || peer.startsWith('/')) return false;
  return !isLoopback(peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));
}
