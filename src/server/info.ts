/** INFO's text. Field names and their meaning: redis.io/docs/latest/commands/info. */
import { arch, release, type as systemName } from 'node:os';
import { REDIS_VERSION } from '../commands/version.ts';
import type { Store } from '../store/face.ts';
import { VERSION } from '../version.ts';
import type { Board } from './board.ts';
import {
  CLIENT_ERRORS,
  COMMANDS_PROCESSED,
  CONNECTED_CLIENTS,
  CONNECTIONS_RECEIVED,
  INPUT_BYTES,
  OUTPUT_BYTES,
  PROTOCOL_ERRORS,
  REJECTED_CONNECTIONS,
} from './counters.ts';
import type { ServerOptions } from './options.ts';

export interface InfoSource {
  readonly options: ServerOptions;
  readonly store: Store;
  readonly board: Board;
  readonly startedAtMs: number;
  readonly runId: string;
}

type Section = (source: InfoSource, nowMs: number) => Record<string, string | number>;

const SECTIONS: Readonly<Record<string, Section>> = {
  server,
  clients,
  memory,
  persistence: () => ({ loading: 0, rdb_bgsave_in_progress: 0, aof_enabled: 0 }),
  stats,
  replication: () => ({ role: 'master', connected_slaves: 0 }),
  cpu,
  modules: () => ({}),
  errorstats: () => ({}),
  cluster: () => ({ cluster_enabled: 0 }),
  keyspace,
};

/** The text for these sections, in INFO's own order; for all of them when none is named. */
export function infoText(source: InfoSource, names: readonly string[], nowMs: number): string {
  const every = names.length === 0 || names.some((name) => ALL_SECTIONS.has(name));
  return Object.entries(SECTIONS)
    .filter(([name]) => every || names.includes(name))
    .map(([name, section]) => sectionText(name, section(source, nowMs)))
    .join('\r\n');
}

const ALL_SECTIONS = new Set(['all', 'default', 'everything']);

function sectionText(name: string, fields: Record<string, string | number>): string {
  const title = TITLES[name] ?? name[0].toUpperCase() + name.slice(1);
  const lines = Object.entries(fields).map(([field, value]) => `${field}:${value}\r\n`);
  return `# ${title}\r\n${lines.join('')}`;
}

const TITLES: Readonly<Record<string, string>> = { cpu: 'CPU' };

function server({ options, startedAtMs, runId }: InfoSource, nowMs: number) {
  const uptimeSeconds = Math.floor((nowMs - startedAtMs) / 1000);
  return {
    redis_version: REDIS_VERSION,
    redis_git_sha1: '00000000',
    redis_git_dirty: 0,
    redis_mode: 'standalone',
    os: `${systemName()} ${release()} ${arch()}`,
    arch_bits: 64,
    syskv_version: VERSION,
    syskv_mode: options.mode,
    syskv_io: options.io,
    syskv_threads: options.threads,
    node_version: process.versions.node,
    multiplexing_api: options.mode,
    process_id: process.pid,
    run_id: runId,
    tcp_port: options.listen[0].port,
    server_time_usec: nowMs * 1000,
    uptime_in_seconds: uptimeSeconds,
    uptime_in_days: Math.floor(uptimeSeconds / 86_400),
    executable: process.execPath,
  };
}

function clients({ board, options }: InfoSource) {
  return {
    connected_clients: board.total(CONNECTED_CLIENTS),
    blocked_clients: 0,
    tracking_clients: 0,
    maxclients: options.maxclients,
    syskv_queue_depth: board.queue.depth,
    syskv_busy_workers: board.busyWorkers,
  };
}

function memory({ store }: InfoSource) {
  const { usedBytes, limitBytes } = store.statistics;
  const { rss, heapUsed } = process.memoryUsage();
  return {
    used_memory: usedBytes,
    used_memory_human: human(usedBytes),
    used_memory_rss: rss,
    used_memory_rss_human: human(rss),
    used_memory_heap: heapUsed,
    maxmemory: limitBytes,
    maxmemory_human: human(limitBytes),
    maxmemory_policy: 'noeviction',
    mem_allocator: 'syskv',
  };
}

function stats({ store, board }: InfoSource) {
  const { hits, misses, expired, evicted } = store.statistics;
  return {
    total_connections_received: board.total(CONNECTIONS_RECEIVED),
    total_commands_processed: board.total(COMMANDS_PROCESSED),
    total_net_input_bytes: board.total(INPUT_BYTES),
    total_net_output_bytes: board.total(OUTPUT_BYTES),
    rejected_connections: board.total(REJECTED_CONNECTIONS),
    client_errors: board.total(CLIENT_ERRORS),
    protocol_errors: board.total(PROTOCOL_ERRORS),
    expired_keys: expired,
    evicted_keys: evicted,
    keyspace_hits: hits,
    keyspace_misses: misses,
  };
}

function cpu() {
  const { user, system } = process.cpuUsage();
  return {
    used_cpu_sys: (system / 1e6).toFixed(6),
    used_cpu_user: (user / 1e6).toFixed(6),
  };
}

function keyspace({ store, options }: InfoSource) {
  const fields: Record<string, string> = {};
  for (let database = 0; database < options.databases; database++) {
    const keys = store.count(database);
    if (keys === 0) continue;
    fields[`db${database}`] = `keys=${keys},expires=${store.countWithExpiry(database)},avg_ttl=0`;
  }
  return fields;
}

/** As Redis words sizes: `1.50M`. */
function human(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${bytes}B` : `${value.toFixed(2)}${units[unit]}`;
}
