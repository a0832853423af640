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
import { NUMBERS, SWITCHES, TEXTS, UNCHANGEABLE } from './settings-inert.ts';
import {
  anyText,
  eventLetters,
  FOR_EVER,
  memoryFrom,
  normalOutputLimit,
  numberFrom,
  oneOf,
  only,
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
  readonly store: { configure(settings: StoreSettings): void };
  readonly limitBytes: number;
  readonly changes: SharedChanges;
  /** As many of the wanted clients as the process can have. */
  affordable(wanted: number): number;
}

export class Settings implements ConfigFace {
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #changes: SharedChanges;

  constructor(parts: SettingsParts) {
    this.#changes = parts.changes;
    this.#settings = new Map([
      ...inertSettings(),
      ...fixedSettings(parts.options),
      ...clientSettings(parts),
      ...memorySettings(parts),
      ...observedSettings(parts),
    ]);
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
      judged.push([name, result.value]);
    }
    if (!this.#changes.write(judged)) return 'CONFIG SET failed - the values are too long';
    this.refresh();
    return '';
  }
}

type Named = [name: string, setting: Setting];

function named(list: string, separator: string, rule?: (value: string) => Rule): Named[] {
  return list
    .split(separator)
    .filter((item) => item !== '')
    .map((item) => {
      const [name, value] = item.split(/=(.*)/);
      return [name, { value, ...(rule && { rule: rule(value) }) }];
    });
}

function inertSettings(): Named[] {
  const least = (value: string) => (value.startsWith('-') ? BigInt(value) : 0n);
  return [
    ...named(NUMBERS, ' ', (value) => numberFrom(least(value), FOR_EVER)),
    ...named(SWITCHES, ' ', () => yesOrNo),
    ...named(TEXTS, ';', () => anyText),
    ...named(UNCHANGEABLE, ';'),
    ['hz', { value: '10', rule: hertz }],
    ['save', { value: '', rule: only('', 'nothing is kept on disk here') }],
    ['appendonly', { value: 'no', rule: only('no', 'nothing is kept on disk here') }],
    ['notify-keyspace-events', { value: '', rule: eventLetters }],
    ['latency-tracking-info-percentiles', { value: '50 99 99.9' }],
    ['maxmemory-clients', { value: '0', rule: only('0', 'no client is evicted here') }],
  ];
}

/** Any integer will do; it is kept within Redis' bounds. */
const hertz: Rule = (text) => {
  const judged = numberFrom(0n)(text);
  if ('wrong' in judged) return judged;
  return { value: String(Math.min(500, Math.max(1, Number(judged.value)))) };
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
    dir: process.cwd(),
    'enable-debug-command': 'local',
    'syskv-mode': options.mode,
    'syskv-io': options.io,
    'syskv-threads': options.threads,
    'syskv-listen': listen
      .map((endpoint) => `${endpoint.protocol}://${nameOf(endpoint)}`)
      .join(' '),
  };
  return Object.entries(values).map(([name, value]) => [name, { value: String(value) }]);
}

/** A setting of `options` that is a number. */
function numeric(options: ServerOptions, field: NumericField, rule: Rule): Setting {
  return {
    value: String(options[field]),
    rule,
    apply: (value) => {
      options[field] = Number(value);
    },
  };
}

type NumericField = {
  [Field in keyof ServerOptions]: ServerOptions[Field] extends number ? Field : never;
}[keyof ServerOptions];

const LEAST_LIMIT = 1024n * 1024n;

function clientSettings({ options, affordable }: SettingsParts): Named[] {
  const number = (field: NumericField, rule: Rule) => numeric(options, field, rule);
  const fromMegabyte = memoryFrom(LEAST_LIMIT);
  return [
    ['maxclients', number('maxclients', affordableClients(affordable))],
    ['timeout', number('timeoutSeconds', numberFrom(0n))],
    ['syskv-request-timeout', number('requestTimeoutSeconds', numberFrom(0n))],
    ['tcp-keepalive', number('tcpKeepaliveSeconds', numberFrom(0n))],
    ['client-query-buffer-limit', number('clientQueryBufferLimitBytes', fromMegabyte)],
    ['proto-max-bulk-len', number('protoMaxBulkBytes', fromMegabyte)],
    ['client-output-buffer-limit', outputLimit(options)],
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

function memorySettings({ options, store, limitBytes }: SettingsParts): Named[] {
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
    ['maxmemory', stored(limitBytes, memoryFrom(0n), (text) => ({ limitBytes: Number(text) }))],
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
