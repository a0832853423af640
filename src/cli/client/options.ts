/** What `syskv cli` was told, from its flags, a URL and the environment. */
import { InvalidArgumentError } from 'commander';
import type { Delimiters, OutputStyle } from '../../client/format/format.ts';
import {
  type ClientProtocol,
  parseServerUrl,
  type Target,
  type UrlParts,
} from '../../client/target.ts';

/** What commander makes of the flags. */
export interface ClientFlags {
  host?: string;
  port?: number;
  socket?: string;
  pass?: string;
  user?: string;
  uri?: UrlParts;
  db?: number;
  protocol?: ClientProtocol;
  resp2?: true;
  resp3?: true;
  raw?: boolean;
  json?: true;
  csv?: true;
  repeat?: number;
  interval?: number;
  stdin?: true;
  exitCode?: true;
  pipe?: true;
  stat?: true;
  latency?: true;
  latencyHistory?: true;
  latencyDist?: true;
  scan?: true;
  pattern?: string;
  bigkeys?: true;
  memkeys?: true;
  memkeysSamples?: number;
  hotkeys?: true;
  d?: string;
  D?: string;
  X?: string;
  quotedInput?: true;
  /** False for --no-auth-warning. */
  authWarning: boolean;
}

export interface ClientOptions {
  readonly target: Target;
  readonly respVersion: 0 | 2 | 3;
  readonly style: OutputStyle;
  /** Undefined where none was given; -1 repeats without end. */
  readonly repeat: number | undefined;
  readonly intervalSeconds: number | undefined;
  /** -x: the last argument is what stdin holds. */
  readonly lastFromInput: boolean;
  /** -X: the argument that is what stdin holds. */
  readonly inputTag: string | undefined;
  /** --quoted-input: arguments are written as in a typed line. */
  readonly quotedInput: boolean;
  /** --pattern: of keys. */
  readonly pattern: Uint8Array | undefined;
  /** -d and -D, for raw replies: between the elements of one, and behind each. */
  readonly delimiters: Delimiters;
  /** -e: a reply that is an error makes the exit status 1. */
  readonly errorStatus: boolean;
}

const DEFAULT_HOST = '127.0.0.1';
/** Redis' port; HTTP's is that of `syskv serve --protocol http`. */
const DEFAULT_PORTS: Readonly<Record<ClientProtocol, number>> = {
  resp: 6379,
  line: 6379,
  http: 1729,
};

/** A flag counts more than the URL, and that more than the environment. */
export function clientOptionsOf(flags: ClientFlags, environment: NodeJS.ProcessEnv): ClientOptions {
  const { uri = {} } = flags;
  const protocol = flags.protocol ?? uri.protocol ?? 'resp';
  const target = {
    protocol,
    host: flags.host ?? uri.host ?? DEFAULT_HOST,
    port: flags.port ?? uri.port ?? DEFAULT_PORTS[protocol],
    path: flags.socket ?? '',
    user: flags.user ?? uri.user ?? '',
    password: flags.pass ?? uri.password ?? environment['REDISCLI_AUTH'],
    database: flags.db ?? uri.database ?? 0,
  };
  return {
    target,
    respVersion: respVersionOf(flags, protocol),
    style: styleOf(flags, process.stdout.isTTY),
    repeat: flags.repeat,
    intervalSeconds: flags.interval,
    lastFromInput: flags.stdin === true,
    inputTag: flags.X,
    quotedInput: flags.quotedInput === true,
    pattern: flags.pattern === undefined ? undefined : new TextEncoder().encode(flags.pattern),
    delimiters: { between: flags.d ?? '\n', behind: flags.D ?? '\n' },
    errorStatus: flags.exitCode === true,
  };
}

/** JSON has maps, so it asks for RESP3, which has them too. */
function respVersionOf(flags: ClientFlags, protocol: ClientProtocol): 0 | 2 | 3 {
  if (protocol !== 'resp') return 0;
  if (flags.resp2) return 2;
  return flags.resp3 || flags.json ? 3 : 0;
}

function styleOf({ json, csv, raw }: ClientFlags, isTerminal: boolean): OutputStyle {
  if (json) return 'json';
  if (csv) return 'csv';
  return (raw ?? !isTerminal) ? 'raw' : 'standard';
}

const MODE_FLAGS = {
  pipe: '--pipe',
  stat: '--stat',
  latency: '--latency',
  latencyHistory: '--latency-history',
  latencyDist: '--latency-dist',
  scan: '--scan',
  bigkeys: '--bigkeys',
  memkeys: '--memkeys',
  hotkeys: '--hotkeys',
} as const;
const MODES = Object.keys(MODE_FLAGS) as (keyof typeof MODE_FLAGS)[];

/** What doesn't go together, as one line; '' where all is well. */
export function contradictionIn(flags: ClientFlags, command: readonly string[]): string {
  const protocol = flags.protocol ?? flags.uri?.protocol ?? 'resp';
  const modes = MODES.filter((name) => flags[name] !== undefined).map((name) => MODE_FLAGS[name]);
  if (modes.length > 1) return `${modes.join(' and ')} are one or the other`;
  if (modes.length > 0 && command.length > 0) return `a command does not go with ${modes[0]}`;
  if (modes.length > 0 && protocol !== 'resp') return `${modes[0]} speaks RESP`;
  if (flags.stdin && flags.X !== undefined) return '-x and -X are one or the other';
  if (flags.X !== undefined && !command.includes(flags.X)) return '-X names no argument';
  if (protocol === 'line' && (flags.json || flags.csv))
    return 'the line protocol has lines: no --json, no --csv';
  if (protocol !== 'resp' && (flags.resp2 || flags.resp3)) return '-2 and -3 are for RESP';
  if (flags.stdin && command.length === 0) return '-x needs a command to append to';
  return '';
}

export function serverUrl(text: string): UrlParts {
  const parts = parseServerUrl(text);
  if (parts !== undefined) return parts;
  throw new InvalidArgumentError('Must be like redis://user:password@127.0.0.1:6379/0.');
}

export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value <= MAXIMUM_SECONDS) return value;
  throw new InvalidArgumentError('Must be a number of seconds such as 1 or 0.1.');
}

/** -1 repeats without end. */
export function repetitions(text: string): number {
  const value = Number(text);
  if (/^(-1|\d+)$/.test(text) && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new InvalidArgumentError('Must be a count, or -1 for no end.');
}

/** setTimeout's longest: beyond it timers fire at once. */
const MAXIMUM_SECONDS = 2_147_483;
