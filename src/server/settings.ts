/**
 * CONFIG GET and SET: the settings by Redis' names. Each thread has its own values and puts them
 * into effect for itself; what one of them sets, the others take over at their next turn of work.
 */
import type { ConfigFace } from '../commands/call.ts';
import type { StoreSettings } from '../store/options.ts';
import { POLICIES, type PolicyName } from '../store/policies.ts';
import { nameOf } from './listeners.ts';
import type { Log } from './log.ts';
import { LOG_LEVELS, type LogLevel, type ServerOptions } from './options.ts';
import {
  CHOICES,
  NUMBERS,
  OLD_NAMES,
  SIZES,
  SWITCHES,
  TEXTS,
  UNCHANGEABLE,
} from './settings-inert.ts';
import * as redis from './settings-redis.ts';
import {
  anyText,
  eventLetters,
  FOR_EVER,
  guarded,
  memoryFrom,
  normalOutputLimit,
  numberFrom,
  oneOf,
  outputLimits,
  type Rule,
  yesOrNo,
} from './settings-rules.ts';
import type { SharedChanges } from './shared/changes.ts';

interface Setting {
  value: string;
  /** Absent: the setting can't be changed. */
  readonly rule?: Rule;
  /** Puts the value into effect for this thread. */
  readonly apply?: (value: string) => void;
}

export interface SettingsParts {
  /** This thread's own: a change is written into them. */
  readonly options: ServerOptions;
  readonly log: Log;
  readonly store: {
    configure(settings: StoreSettings): void;
    readonly statistics: { readonly limitBytes: number };
  };
  /** What the store may take where `maxmemory` is 0. */
  readonly usualLimitBytes: number;
  readonly changes: SharedChanges;
  /** As many of the wanted clients as the process can have. */
  affordable(wanted: number): number;
}

export class Settings implements ConfigFace {
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #changes: SharedChanges;

  constructor(parts: SettingsParts) {
    this.#changes = parts.changes;
    const settings = new Map([
      ...inertSettings(),
      ...fixedSettings(parts.options),
      ...clientSettings(parts),
      ...memorySettings(parts),
      ...observedSettings(parts),
    ]);
    for (const [old, name] of Object.entries(OLD_NAMES)) settings.set(old, settings.get(name)!);
    this.#settings = settings;
    this.refresh();
  }

  /** Takes over what other threads have set. */
  refresh(): void {
    if (!this.#changes.isNew) return;
    for (const [name, value] of this.#changes.read()) {
      const setting = this.#settings.get(name);
      if (setting === undefined || setting.value === value) continue;
      setting.value = value;
      setting.apply?.(value);
    }
  }

  names(): Iterable<string> {
    return this.#settings.keys();
  }

  get(name: string): string {
    return this.#settings.get(name)?.value ?? '';
  }

  /** All or none: everything is judged before anything takes effect. */
  set(pairs: ReadonlyArray<readonly [name: string, value: string]>): string {
    const judged: [string, string][] = [];
    for (const [name, text] of pairs) {
      const failed = `CONFIG SET failed (possibly related to argument '${name}') -`;
      const rule = this.#settings.get(name)?.rule;
      if (rule === undefined) return `${failed} can't set immutable config`;
      const result = rule(text);
      if ('wrong' in result) return `${failed} ${result.wrong}`;
      judged.push([OLD_NAMES[name] ?? name, result.value]);
    }
    if (!this.#changes.write(judged)) return 'CONFIG SET failed - the values are too long';
    this.refresh();
    return '';
  }
}

type Named = [name: string, setting: Setting];

/** `name=value` or `name=value:least` or `name=value:least:most`. */
function named(list: string, separator: string, rule?: (bounds: string[]) => Rule): Named[] {
  return list
    .split(separator)
    .filter((item) => item !== '')
    .map((item) => {
      const [name, text] = item.split(/=(.*)/);
      const [value, ...bounds] = rule === undefined ? [text] : text.split(':');
      return [name, { value, ...(rule && { rule: rule(bounds) }) }];
    });
}

function inertSettings(): Named[] {
  const numbers = NUMBERS.flatMap(([most, list]) =>
    named(list, ' ', ([least = '0', upper]) =>
      numberFrom(BigInt(least), upper === undefined ? most : BigInt(upper)),
    ),
  );
  return [
    ...numbers,
    ...named(SIZES, ' ', ([least = '0']) => memoryFrom(BigInt(least))),
    ...named(SWITCHES, ' ', () => yesOrNo),
    ...CHOICES.map(
      ([name, value, words]): Named => [name, { value, rule: oneOf(words.split(' ')) }],
    ),
    ...named(TEXTS, ';', () => anyText),
    ...named(UNCHANGEABLE, ';'),
    ...Object.entries(RULED).map(([name, [value, rule]]): Named => [name, { value, rule }]),
  ];
}

/** Any integer will do; it is kept within Redis' bounds. */
const hertz: Rule = (text) => {
  const judged = numberFrom(0n)(text);
  if ('wrong' in judged) return judged;
  return { value: String(Math.min(500, Math.max(1, Number(judged.value)))) };
};

/** Settings without an effect that have a rule of their own, with their defaults. */
const RULED: Readonly<Record<string, readonly [value: string, rule: Rule]>> = {
  activedefrag: ['no', redis.noDefragmentation],
  appendonly: ['no', redis.appendOnly],
  'cluster-announce-hostname': ['', redis.hostName],
  'cluster-link-sendbuf-limit': ['0', redis.anySize],
  dbfilename: ['dump.rdb', guarded],
  hz: ['10', hertz],
  'latency-tracking-info-percentiles': ['50 99 99.9', redis.percentiles],
  'notify-keyspace-events': ['', eventLetters],
  'oom-score-adj-values': ['0 200 800', redis.outOfMemoryScores],
  'proc-title-template': ['{title} {listen-addr} {server-mode}', redis.titleTemplate],
  'repl-backlog-size': ['1048576', redis.backlogSize],
  save: ['', redis.savePoints],
  'shutdown-on-sigint': ['default', redis.shutdownWords],
  'shutdown-on-sigterm': ['default', redis.shutdownWords],
  'tls-cluster': ['no', redis.noEncryption(yesOrNo, 'no')],
  'tls-port': ['0', redis.noEncryption(numberFrom(0n, 65_535n), '0')],
  'tls-replication': ['no', redis.noEncryption(yesOrNo, 'no')],
};

/** Settings that are decided at the start. */
function fixedSettings(options: ServerOptions): Named[] {
  const { listen } = options;
  const values: Record<string, string | number> = {
    port: listen[0].port,
    bind: listen.map((endpoint) => endpoint.bind).join(' '),
    unixsocket: listen.find((endpoint) => endpoint.path !== '')?.path ?? '',
    unixsocketperm: options.unixsocketperm.toString(8),
    'tcp-backlog': options.tcpBacklog,
    databases: options.databases,
    'enable-debug-command': 'local',
    'syskv-mode': options.mode,
    'syskv-io': options.io,
    'syskv-threads': options.threads,
    'syskv-listen': listen
      .map((endpoint) => `${endpoint.protocol}://${nameOf(endpoint)}`)
      .join(' '),
  };
  const fixed = Object.entries(values).map(
    ([name, value]): Named => [name, { value: String(value) }],
  );
  return [...fixed, ['dir', { value: process.cwd(), rule: guarded }]];
}

/** A setting of `options` that is a number; it has effect up to `most`. */
function numeric(
  options: ServerOptions,
  field: NumericField,
  rule: Rule,
  most = Number.POSITIVE_INFINITY,
): Setting {
  return {
    value: String(options[field]),
    rule,
    apply: (value) => {
      options[field] = Math.min(Number(value), most);
    },
  };
}

/** Positions within a request are 32-bit; what one read brings more fits below 2 GiB, too. */
const MOST_REQUEST_BYTES = 2 ** 31 - 2 ** 24;

type NumericField = {
  [Field in keyof ServerOptions]: ServerOptions[Field] extends number ? Field : never;
}[keyof ServerOptions];

const LEAST_LIMIT = 1024n * 1024n;

function clientSettings(parts: SettingsParts): Named[] {
  const { options, affordable } = parts;
  const number = (field: NumericField, rule: Rule) => numeric(options, field, rule);
  const fromMegabyte = memoryFrom(LEAST_LIMIT);
  return [
    ['maxclients', number('maxclients', affordableClients(affordable))],
    ['timeout', number('timeoutSeconds', numberFrom(0n))],
    ['syskv-request-timeout', number('requestTimeoutSeconds', numberFrom(0n))],
    ['tcp-keepalive', number('tcpKeepaliveSeconds', numberFrom(0n))],
    [
      'client-query-buffer-limit',
      numeric(options, 'clientQueryBufferLimitBytes', fromMegabyte, MOST_REQUEST_BYTES),
    ],
    ['proto-max-bulk-len', number('protoMaxBulkBytes', fromMegabyte)],
    ['client-output-buffer-limit', outputLimit(options)],
    ['maxmemory-clients', clientsMemory(parts)],
    [
      'requirepass',
      {
        value: options.requirepass,
        rule: anyText,
        apply: (value) => {
          options.requirepass = value;
        },
      },
    ],
    [
      'protected-mode',
      {
        value: options.protectedMode ? 'yes' : 'no',
        rule: yesOrNo,
        apply: (value) => {
          options.protectedMode = value === 'yes';
        },
      },
    ],
  ];
}

function affordableClients(affordable: SettingsParts['affordable']): Rule {
  return (text) => {
    const judged = numberFrom(1n, 2n ** 32n - 1n)(text);
    if ('wrong' in judged) return judged;
    const most = affordable(Number(judged.value));
    if (most >= Number(judged.value)) return judged;
    const limit = 'The operating system is not able to handle the specified number of clients';
    return { wrong: `${limit}, try with ${most}` };
  };
}

/** 0 is no limit that was asked for; the one that holds has a name of its own in INFO. */
function clientsMemory({ options, store }: SettingsParts): Setting {
  return {
    value: String(options.maxmemoryClientsBytes),
    rule: redis.clientsMemory,
    apply: (value) => {
      const share = Number.parseInt(value, 10) / 100;
      options.maxmemoryClientsBytes = value.endsWith('%')
        ? Math.floor(share * store.statistics.limitBytes)
        : Number(value);
    },
  };
}

function outputLimit(options: ServerOptions): Setting {
  const others = 'slave 268435456 67108864 60 pubsub 33554432 8388608 60';
  const setting: Setting = {
    value: `normal ${options.clientOutputBufferLimitBytes} 0 0 ${others}`,
    rule: outputLimits(() => setting.value),
    apply: (value) => {
      options.clientOutputBufferLimitBytes = normalOutputLimit(value);
    },
  };
  return setting;
}

/** In the order in which Redis names them: those that need an expiry first. */
const POLICY_WORDS = [
  ...POLICIES.filter((name) => name.startsWith('volatile')),
  ...POLICIES.filter((name) => name.startsWith('allkeys')),
  'noeviction',
];

function memorySettings({ options, store, usualLimitBytes }: SettingsParts): Named[] {
  const stored = (
    value: string | number,
    rule: Rule,
    change: (value: string) => StoreSettings,
  ) => ({
    value: String(value),
    rule,
    apply: (text: string) => store.configure(change(text)),
  });
  const least = (bound: bigint) => numberFrom(bound);
  return [
    [
      'maxmemory',
      stored(options.maxmemoryBytes, redis.anySize, (text) => ({
        limitBytes: Number(text) || usualLimitBytes,
      })),
    ],
    [
      'syskv-maxmemory',
      {
        get value() {
          return String(store.statistics.limitBytes);
        },
      },
    ],
    [
      'maxmemory-policy',
      stored(options.maxmemoryPolicy, oneOf(POLICY_WORDS), (text) => ({
        policy: text as PolicyName,
      })),
    ],
    [
      'maxmemory-samples',
      stored(options.maxmemorySamples, least(1n), (text) => ({ samples: Number(text) })),
    ],
    [
      'lfu-log-factor',
      stored(options.lfuLogFactor, least(0n), (text) => ({ lfuLogFactor: Number(text) })),
    ],
    [
      'lfu-decay-time',
      stored(options.lfuDecayMinutes, least(0n), (text) => ({ lfuDecayMinutes: Number(text) })),
    ],
  ];
}

function observedSettings({ options, log }: SettingsParts): Named[] {
  const number = (field: NumericField, least: bigint) =>
    numeric(options, field, numberFrom(least, FOR_EVER));
  return [
    ['slowlog-log-slower-than', number('slowlogMicroseconds', -1n)],
    ['slowlog-max-len', number('slowlogMaxLength', 0n)],
    ['latency-monitor-threshold', number('latencyThresholdMs', 0n)],
    [
      'loglevel',
      {
        value: options.loglevel,
        rule: oneOf(LOG_LEVELS),
        apply: (value) => {
          options.loglevel = value as LogLevel;
          log.setLevel(options.loglevel);
        },
      },
    ],
  ];
}
