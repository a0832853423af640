/**
 * CONFIG GET and SET: the settings by Redis' names. Those that clients ask for and that have one
 * possible answer here (no persistence, no cluster) are constants.
 */
import type { ConfigFace } from '../commands/call.ts';
import { nameOf } from './listeners.ts';
import type { Log } from './log.ts';
import { LOG_LEVELS, type LogLevel, type ServerOptions } from './options.ts';

interface Setting {
  get(): string;
  /** Takes the text, or returns what is wrong with it. Absent: the setting can't be changed. */
  set?(value: string): string;
}

/** What a server without persistence, replication or cluster answers. */
const CONSTANTS: Readonly<Record<string, string>> = {
  save: '',
  appendonly: 'no',
  'cluster-enabled': 'no',
  'maxmemory-policy': 'noeviction',
  daemonize: 'no',
  requirepass: '',
};

export function settingsOf(options: ServerOptions, log: Log): ConfigFace {
  const settings = new Map<string, Setting>();
  for (const [name, value] of Object.entries(CONSTANTS)) settings.set(name, { get: () => value });
  for (const [name, get] of Object.entries(FIXED)) {
    settings.set(name, { get: () => String(get(options)) });
  }
  settings.set('loglevel', loglevel(options, log));
  return new Settings(settings);
}

/** Settings that are decided at the start. */
const FIXED: Readonly<Record<string, (options: ServerOptions) => string | number>> = {
  port: ({ listen }) => listen[0].port,
  bind: ({ listen }) => listen.map((endpoint) => endpoint.bind).join(' '),
  unixsocket: ({ listen }) => listen.find((endpoint) => endpoint.path !== '')?.path ?? '',
  'tcp-backlog': (options) => options.tcpBacklog,
  'tcp-keepalive': (options) => options.tcpKeepaliveSeconds,
  maxclients: (options) => options.maxclients,
  timeout: (options) => options.timeoutSeconds,
  'client-query-buffer-limit': (options) => options.clientQueryBufferLimitBytes,
  'proto-max-bulk-len': (options) => options.protoMaxBulkBytes,
  'client-output-buffer-limit': (options) =>
    `normal ${options.clientOutputBufferLimitBytes} 0 0 slave 0 0 0 pubsub 0 0 0`,
  databases: (options) => options.databases,
  maxmemory: (options) => options.maxmemoryBytes,
  'syskv-mode': (options) => options.mode,
  'syskv-io': (options) => options.io,
  'syskv-threads': (options) => options.threads,
  'syskv-listen': ({ listen }) =>
    listen.map((endpoint) => `${endpoint.protocol}://${nameOf(endpoint)}`).join(' '),
};

function loglevel(options: ServerOptions, log: Log): Setting {
  return {
    get: () => options.loglevel,
    set(value) {
      const level = LOG_LEVELS.find((name) => name === value.toLowerCase());
      if (level === undefined)
        return `argument must be one of the following: ${LOG_LEVELS.join(', ')}`;
      options.loglevel = level satisfies LogLevel;
      log.setLevel(level);
      return '';
    },
  };
}

class Settings implements ConfigFace {
  readonly #settings: ReadonlyMap<string, Setting>;

  constructor(settings: ReadonlyMap<string, Setting>) {
    this.#settings = settings;
  }

  names(): Iterable<string> {
    return this.#settings.keys();
  }

  get(name: string): string {
    return this.#settings.get(name)?.get() ?? '';
  }

  /** All or none: what was already set is put back when a later one is refused. */
  set(pairs: ReadonlyArray<readonly [name: string, value: string]>): string {
    const before: [Setting, string][] = [];
    for (const [name, value] of pairs) {
      const error = this.#setOne(name, value, before);
      if (error === '') continue;
      for (const [setting, old] of before.reverse()) setting.set?.(old);
      return error;
    }
    return '';
  }

  #setOne(name: string, value: string, before: [Setting, string][]): string {
    const setting = this.#settings.get(name);
    if (setting === undefined) {
      return `Unknown option or number of arguments for CONFIG SET - '${name}'`;
    }
    const failed = `CONFIG SET failed (possibly related to argument '${name}') -`;
    if (setting.set === undefined) return `${failed} can't set immutable config`;
    before.push([setting, setting.get()]);
    const wrong = setting.set(value);
    return wrong === '' ? '' : `${failed} ${wrong}`;
  }
}
