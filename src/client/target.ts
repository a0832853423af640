/** Where a server is, and what is to be said first: from flags or from a URL. */
import type { SocketAddress } from '../posix/address.ts';
import type { Posix } from '../posix/posix.ts';

export type ClientProtocol = 'resp' | 'line' | 'http';

export interface Target {
  readonly protocol: ClientProtocol;
  /** A name, or a numeric IPv4 or IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Path of a UNIX socket, instead of TCP; '' for none. */
  readonly path: string;
  /** '' for the default user. */
  readonly user: string;
  /** Undefined: nothing is authenticated. */
  readonly password: string | undefined;
  readonly database: number;
}

/** What a URL says; the rest stays as it was. */
export type UrlParts = Partial<Omit<Target, 'path'>>;

const SCHEMES: Readonly<Record<string, ClientProtocol>> = {
  'redis:': 'resp',
  'resp:': 'resp',
  'line:': 'line',
  'http:': 'http',
};
const MAXIMUM_PORT = 65_535;

/**
 * `redis://user:password@host:port/database`, each part of which may be missing; `line://` and
 * `http://` choose the other protocols.
 * @returns undefined where it is no such URL.
 * @see https://www.iana.org/assignments/uri-schemes/prov/redis
 */
export function parseServerUrl(url: string): UrlParts | undefined {
  const match = /^([a-z]+:)\/\/(?:([^/@]*)@)?(\[[^\]]*\]|[^:/[\]]*)(?::(\d+))?(?:\/(\d*))?$/i.exec(
    url,
  );
  const protocol = SCHEMES[match?.[1].toLowerCase() ?? ''];
  if (match === null || protocol === undefined) return undefined;
  const [, , login, host, port, database] = match;
  if (Number(port ?? 0) > MAXIMUM_PORT) return undefined;
  const credentials = login === undefined ? {} : credentialsOf(login);
  if (credentials === undefined) return undefined;
  return {
    protocol,
    ...credentials,
    ...(host === '' ? {} : { host: host.replace(/^\[|\]$/g, '') }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(database === undefined || database === '' ? {} : { database: Number(database) }),
  };
}

/** `user:password`, or the password alone. */
function credentialsOf(login: string): { user?: string; password: string } | undefined {
  const colon = login.indexOf(':');
  try {
    const password = decodeURIComponent(login.slice(colon + 1));
    return colon <= 0
      ? { password }
      : { user: decodeURIComponent(login.slice(0, colon)), password };
  } catch {
    return undefined;
  }
}

/** `127.0.0.1:6379`, `[::1]:6379` or the UNIX socket's path. */
export function nameOfTarget({ host, port, path }: Pick<Target, 'host' | 'port' | 'path'>): string {
  if (path !== '') return path;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The socket address; `address` is the host in digits. */
export function socketAddressOf(posix: Posix, target: Target, address: string): SocketAddress {
  const { AF_UNIX, AF_INET, AF_INET6 } = posix.constants;
  if (target.path !== '') return { family: AF_UNIX, path: target.path };
  return { family: address.includes(':') ? AF_INET6 : AF_INET, address, port: target.port };
}
