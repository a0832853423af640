/** INFO's text. Field names and their meaning: redis.io/docs/latest/commands/info. */
import {
  CALLS,
  FAILED_CALLS,
  HISTOGRAM,
  HISTOGRAM_STEPS,
  type MemoryFacts,
  MICROSECONDS,
  REJECTED_CALLS,
} from '../commands/call.ts';
import { TABLE } from '../commands/table.ts';
import type { Store } from '../store/face.ts';
import type { Board } from './board.ts';
import { monotonicMs } from './clock.ts';
import {
  CLIENT_ERRORS,
  COMMANDS_PROCESSED,
  CONNECTED_CLIENTS,
  CONNECTIONS_RECEIVED,
  ERROR_CODES,
  ERRORS,
  ERRORS_BY_CODE,
  EVICTED_CLIENTS,
  INPUT_BYTES,
  OUTPUT_BYTES,
  PROTOCOL_ERRORS,
  READS,
  REJECTED_CONNECTIONS,
} from './counters.ts';
import { memorySection } from './info-memory.ts';
import { cpuSection, serverSection } from './info-process.ts';
import {
  persistenceSection,
  RESTING_BUFFERS,
  RESTING_EVICTION,
  RESTING_EXPIRY,
  RESTING_STATISTICS,
  RESTING_SYNCS,
  replicationSection,
} from './info-resting.ts';
import type { ServerOptions } from './options.ts';
import type { Settings } from './settings.ts';

export interface InfoSource {
  readonly options: ServerOptions;
  readonly store: Store;
  readonly board: Board;
  readonly settings: Settings;
  readonly startedAtMs: number;
  /** The same by the clock of durations (clock.ts). */
  readonly upSinceMs: number;
  readonly runId: string;
  memory(): MemoryFacts;
  /** Clients whose request waits. */
  blockedClients(): number;
}

export type Fields = Readonly<Record<string, string | number>>;

/** The totals when INFO was last asked for here: what has come since is the rate of the moment. */
interface Sample {
  atMs: number;
  commands: number;
  inputBytes: number;
  outputBytes: number;
}

export class Info {
  readonly #source: InfoSource;
  #before: Sample;
  #rates = { commands: 0, inputBytes: 0, outputBytes: 0 };

  constructor(source: InfoSource) {
    this.#source = source;
    this.#before = { atMs: source.upSinceMs, commands: 0, inputBytes: 0, outputBytes: 0 };
  }

  /** The text for these sections, in INFO's own order; for the default ones when none is named. */
  text(names: readonly string[], nowMs: number): string {
    const wanted = new Set(names.length === 0 ? ['default'] : names);
    const every = wanted.has('all') || wanted.has('everything');
    return Object.entries(this.#sections(nowMs))
      .filter(([name]) => every || wanted.has(name) || this.#isDefault(name, wanted))
      .map(([name, section]) => sectionText(name, section()))
      .join('\r\n');
  }

  #isDefault(name: string, wanted: ReadonlySet<string>): boolean {
    return wanted.has('default') && !ON_DEMAND.has(name);
  }

  #sections(nowMs: number): Readonly<Record<string, () => Fields>> {
    const source = this.#source;
    return {
      server: () => serverSection(source, nowMs),
      clients: () => clients(source),
      memory: () => memorySection(source),
      persistence: () => persistenceSection(source),
      stats: () => this.#statistics(),
      replication: () => replicationSection(source),
      cpu: cpuSection,
      modules: () => ({}),
      commandstats: () => commandStatistics(source),
      errorstats: () => errorStatistics(source),
      latencystats: () => latencyStatistics(source),
      cluster: () => ({ cluster_enabled: 0 }),
      keyspace: () => keyspace(source),
    };
  }

  #statistics(): Fields {
    const { store, board } = this.#source;
    const { hits, misses, expired, evicted } = store.statistics;
    const rates = this.#measure();
    return {
      total_connections_received: board.total(CONNECTIONS_RECEIVED),
      total_commands_processed: board.total(COMMANDS_PROCESSED),
      instantaneous_ops_per_sec: Math.round(rates.commands),
      total_net_input_bytes: board.total(INPUT_BYTES),
      total_net_output_bytes: board.total(OUTPUT_BYTES),
      total_net_repl_input_bytes: 0,
      total_net_repl_output_bytes: 0,
      instantaneous_input_kbps: (rates.inputBytes / 1024).toFixed(2),
      instantaneous_output_kbps: (rates.outputBytes / 1024).toFixed(2),
      instantaneous_input_repl_kbps: '0.00',
      instantaneous_output_repl_kbps: '0.00',
      rejected_connections: board.total(REJECTED_CONNECTIONS),
      ...RESTING_SYNCS,
      expired_keys: expired,
      ...RESTING_EXPIRY,
      evicted_keys: evicted,
      evicted_clients: board.total(EVICTED_CLIENTS),
      ...RESTING_EVICTION,
      keyspace_hits: hits,
      keyspace_misses: misses,
      ...RESTING_STATISTICS,
      total_error_replies: board.total(ERRORS),
      dump_payload_sanitizations: 0,
      total_reads_processed: board.total(READS),
      total_writes_processed: board.total(READS),
      ...RESTING_BUFFERS,
      client_errors: board.total(CLIENT_ERRORS),
      protocol_errors: board.total(PROTOCOL_ERRORS),
    };
  }

  /** Per second, since INFO was last asked for, or for a little while before that. */
  #measure() {
    const { board } = this.#source;
    const nowMs = monotonicMs();
    const before = this.#before;
    const seconds = (nowMs - before.atMs) / 1000;
    if (seconds < SHORTEST_SAMPLE_SECONDS) return this.#rates;
    const sample = {
      atMs: nowMs,
      commands: board.total(COMMANDS_PROCESSED),
      inputBytes: board.total(INPUT_BYTES),
      outputBytes: board.total(OUTPUT_BYTES),
    };
    const rate = (now: number, then: number) => Math.max(0, now - then) / seconds;
    this.#rates = {
      commands: rate(sample.commands, before.commands),
      inputBytes: rate(sample.inputBytes, before.inputBytes),
      outputBytes: rate(sample.outputBytes, before.outputBytes),
    };
    this.#before = sample;
    return this.#rates;
  }
}

/** A rate over less than this says more about chance than about the server. */
const SHORTEST_SAMPLE_SECONDS = 0.1;
/** Sections that are told when asked for by name, or by `all`. */
const ON_DEMAND: ReadonlySet<string> = new Set(['commandstats', 'latencystats']);

function sectionText(name: string, fields: Fields): string {
  const title = TITLES[name] ?? name[0].toUpperCase() + name.slice(1);
  const lines = Object.entries(fields).map(([field, value]) => `${field}:${value}\r\n`);
  return `# ${title}\r\n${lines.join('')}`;
}

const TITLES: Readonly<Record<string, string>> = { cpu: 'CPU' };

function clients({ board, options, blockedClients }: InfoSource): Fields {
  return {
    connected_clients: board.total(CONNECTED_CLIENTS),
    cluster_connections: 0,
    maxclients: options.maxclients,
    client_recent_max_input_buffer: 0,
    client_recent_max_output_buffer: 0,
    blocked_clients: blockedClients(),
    tracking_clients: 0,
    clients_in_timeout_table: 0,
    syskv_queue_depth: board.queue.depth,
    syskv_busy_workers: board.busyWorkers,
  };
}

function commandStatistics({ board }: InfoSource): Fields {
  const fields: Record<string, string> = {};
  for (const row of TABLE.rows) {
    const counts = board.tallies.total(row.number);
    const calls = counts[CALLS];
    if (calls === 0 && counts[REJECTED_CALLS] === 0) continue;
    const total = Math.round(counts[MICROSECONDS]);
    const each = calls === 0 ? 0 : counts[MICROSECONDS] / calls;
    fields[`cmdstat_${row.name}`] =
      `calls=${calls},usec=${total},usec_per_call=${each.toFixed(2)},` +
      `rejected_calls=${counts[REJECTED_CALLS]},failed_calls=${counts[FAILED_CALLS]}`;
  }
  return fields;
}

function errorStatistics({ board }: InfoSource): Fields {
  const fields: Record<string, string> = {};
  for (const [index, code] of ERROR_CODES.entries()) {
    const count = board.total(ERRORS_BY_CODE + index);
    if (count > 0) fields[`errorstat_${code}`] = `count=${count}`;
  }
  return fields;
}

function latencyStatistics({ board, settings }: InfoSource): Fields {
  const shares = settings.get('latency-tracking-info-percentiles').split(' ').filter(Boolean);
  const fields: Record<string, string> = {};
  for (const row of TABLE.rows) {
    const counts = board.tallies.total(row.number);
    const steps = counts.subarray(HISTOGRAM, HISTOGRAM + HISTOGRAM_STEPS);
    if (steps.every((count) => count === 0)) continue;
    const values = shares.map(
      (share) => `p${share}=${percentile(steps, Number(share)).toFixed(3)}`,
    );
    fields[`latency_percentiles_usec_${row.name}`] = values.join(',');
  }
  return fields;
}

/** The bound of the step in which this share of the calls is reached: powers of two. */
function percentile(steps: Float64Array, share: number): number {
  const wanted = (steps.reduce((sum, count) => sum + count, 0) * share) / 100;
  let sum = 0;
  for (let step = 0; step < steps.length; step++) {
    sum += steps[step];
    if (sum >= wanted) return 2 ** step;
  }
  return 0;
}

function keyspace({ store, options }: InfoSource): Fields {
  const fields: Record<string, string> = {};
  for (let database = 0; database < options.databases; database++) {
    const keys = store.count(database);
    if (keys === 0) continue;
    fields[`db${database}`] = `keys=${keys},expires=${store.countWithExpiry(database)},avg_ttl=0`;
  }
  return fields;
}
