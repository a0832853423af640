/** Values on the command line: what they may be, and what is said where they are not. */
import { isIP } from 'node:net';
import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_BIND, defaultPort, type Endpoint } from '../server/options.ts';
import { PROTOCOL_NAMES, type ProtocolName } from '../server/protocols.ts';

/** One of several words. */
export function choice(
  flag: string,
  what: string,
  names: readonly string[],
  otherwise: string,
): Option {
  return new Option(flag, what).choices(names).default(otherwise);
}

/** One of so many words that the help does not list them: Redis' documentation does. */
export function word(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(text)) return text;
    throw new InvalidArgumentError(`Allowed choices are ${names.join(', ')}.`);
  };
}

export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Must be an integer from ${least} to ${most}.`);
  };
}

/** As redis.conf words sizes: 1k is 1000 bytes, 1kb is 1024. */
export function bytes(text: string): number {
  const match = /^(\d+)([kmg]?)(b?)$/i.exec(text);
  if (match === null) {
    throw new InvalidArgumentError('Must be a size such as 1048576, 100mb or 2gb.');
  }
  const power = ['', 'k', 'm', 'g'].indexOf(match[2].toLowerCase());
  return Number(match[1]) * (match[3] === '' ? 1000 : 1024) ** power;
}

/** An address in digits: a name may stand for several addresses, and asking for them takes time. */
export function address(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError('Must be a numeric address such as 127.0.0.1 or ::1.');
}

/** A name that an HTTP server may be asked by; may be given several times. */
export function httpHosts(text: string, before: readonly string[]): readonly string[] {
  const isName = /^[\w-]+(\.[\w-]+)*\.?$/.test(text);
  const inBrackets = text.includes(':') && !text.startsWith('[') ? `[${text}]` : text;
  if (isName || isIP(inBrackets.slice(1, -1)) === 6) return [...before, inBrackets];
  throw new InvalidArgumentError('Must be a name such as keys.example, without a port.');
}

/** A UNIX socket's path, which has to fit into the kernel's struct sockaddr_un (unix(7)). */
export function socketPath(text: string): string {
  const length = Buffer.byteLength(text);
  if (length > 0 && length <= MAXIMUM_SOCKET_PATH_BYTES) return text;
  throw new InvalidArgumentError(`Must be a path of 1 to ${MAXIMUM_SOCKET_PATH_BYTES} bytes.`);
}

/** Permissions as chmod(1) has them: `770`. */
export function permissions(text: string): number {
  if (/^[0-7]{1,3}$/.test(text)) return Number.parseInt(text, 8);
  throw new InvalidArgumentError('Must be octal permissions such as 700 or 770.');
}

/**
 * `resp://127.0.0.1:6379`, `http://[::1]:1729`, `line:/tmp/line.sock`; may be given several times.
 */
export function endpoints(text: string, before: Endpoint[] | undefined): Endpoint[] {
  return [...(before ?? []), endpoint(text)];
}

function endpoint(text: string): Endpoint {
  const match = /^([a-z]+):(?:\/\/(\[[^\]]*\]|[^:[\]/]*)(?::(\d{1,5}))?|(\/.+))$/.exec(text);
  const protocol = PROTOCOL_NAMES.find((name) => name === match?.[1]);
  const port = Number(match?.[3] ?? (protocol === undefined ? 0 : defaultPort(protocol)));
  if (match === null || protocol === undefined || port > MAXIMUM_PORT) {
    throw new InvalidArgumentError(
      `Must be like resp://127.0.0.1:6379 or line:/tmp/line.sock (${PROTOCOL_NAMES.join(', ')}).`,
    );
  }
  if (match[4] !== undefined) return { protocol, bind: '', port: 0, path: socketPath(match[4]) };
  const bind = address((match[2] || DEFAULT_BIND).replace(/^\[|\]$/g, ''));
  return { protocol, bind, port, path: '' };
}

/** The endpoint that the separate flags describe. */
export function endpointOf(flags: {
  protocol: ProtocolName;
  bind: string;
  port?: number;
  unixsocket: string;
}): Endpoint {
  const { protocol, bind, unixsocket } = flags;
  if (unixsocket !== '') return { protocol, bind: '', port: 0, path: unixsocket };
  return { protocol, bind, port: flags.port ?? defaultPort(protocol), path: '' };
}

export const MAXIMUM_PORT = 65_535;
/** sun_path has 108 bytes, and the last one is a NUL. */
const MAXIMUM_SOCKET_PATH_BYTES = 107;
