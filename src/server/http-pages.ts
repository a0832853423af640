/** The pages that the http protocol serves beside the keys: `/` and `/metrics`. */
import { exposition, type Metric, type Sample } from '../protocol/http/prometheus.ts';
import type { Store } from '../store/face.ts';
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

/** What the pages tell about the server besides its store. */
export interface HttpFacts {
  readonly version: string;
  readonly mode: string;
  readonly io: string;
  readonly databases: number;
  uptimeMs(): number;
  /** Counts over all threads: a Board is one. */
  readonly counts: {
    /** By the indices of counters.ts. */
    total(counter: number): number;
  };
}

export function metricsText(facts: HttpFacts, store: Store): string {
  return exposition([
    ...serverMetrics(facts),
    ...trafficMetrics(facts),
    ...storeMetrics(store),
    ...databaseMetrics(facts, store),
    ...processMetrics(),
  ]);
}

function serverMetrics({ version, mode, io, uptimeMs, counts }: HttpFacts) {
  const uptime = uptimeMs() / 1000;
  return [
    gauge('info', 'What runs; always 1', [{ labels: { version, mode, io }, value: 1 }]),
    gauge('uptime_seconds', 'Since the server started', one(uptime)),
    gauge('connected_clients', 'Open connections', one(counts.total(CONNECTED_CLIENTS))),
  ];
}

function trafficMetrics({ counts }: HttpFacts): Metric[] {
  const of = (name: string, help: string, index: number) =>
    counter(name, help, one(counts.total(index)));
  return [
    of('connections_received_total', 'Connections accepted', CONNECTIONS_RECEIVED),
    of('rejected_connections_total', 'Connections refused', REJECTED_CONNECTIONS),
    of('requests_total', 'Requests answered, of all protocols', COMMANDS_PROCESSED),
    of('client_errors_total', 'Connections that ended in an error', CLIENT_ERRORS),
    of('protocol_errors_total', 'Connections closed for what they sent', PROTOCOL_ERRORS),
    of('network_input_bytes_total', 'Bytes received', INPUT_BYTES),
    of('network_output_bytes_total', 'Bytes sent', OUTPUT_BYTES),
  ];
}

function storeMetrics({ statistics }: Store): Metric[] {
  const { usedBytes, limitBytes, hits, misses, expired, evicted } = statistics;
  return [
    gauge('memory_used_bytes', 'Memory that the store takes', one(usedBytes)),
    gauge('memory_limit_bytes', 'Memory that the store may take', one(limitBytes)),
    counter('keyspace_hits_total', 'Keys looked up and found', one(hits)),
    counter('keyspace_misses_total', 'Keys looked up and not found', one(misses)),
    counter('expired_keys_total', 'Keys removed as their time was over', one(expired)),
    counter('evicted_keys_total', 'Keys removed for lack of memory', one(evicted)),
  ];
}

/** Databases without keys are left out, as INFO does, but for the one that /keys/ is about. */
function databaseMetrics({ databases }: HttpFacts, store: Store): Metric[] {
  const keys: Sample[] = [];
  const expiring: Sample[] = [];
  for (let database = 0; database < databases; database++) {
    const value = store.count(database);
    if (value === 0 && database !== 0) continue;
    const labels = { db: String(database) };
    keys.push({ labels, value });
    expiring.push({ labels, value: store.countWithExpiry(database) });
  }
  return [
    gauge('keys', 'Keys in a database', keys),
    gauge('keys_with_expiry', 'Keys in a database that will expire', expiring),
  ];
}

const MICROSECONDS = 1e6;

function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage();
  return [
    gauge('resident_memory_bytes', 'Physical memory in use', one(process.memoryUsage.rss())),
    counter('cpu_seconds_total', 'CPU time', [
      { labels: { in: 'user' }, value: user / MICROSECONDS },
      { labels: { in: 'system' }, value: system / MICROSECONDS },
    ]),
  ];
}

function one(value: number): Sample[] {
  return [{ value }];
}

function gauge(name: string, help: string, samples: Sample[]): Metric {
  return { name: `syskv_${name}`, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: Sample[]): Metric {
  return { name: `syskv_${name}`, type: 'counter', help, samples };
}

export const HTML_TYPE = 'text/html; charset=utf-8';

function keysIn(store: Store): string {
  const count = store.count(0);
  return `${count} key${count === 1 ? '' : 's'}`;
}

/** ASCII, like all that the pages say. */
export function indexPage({ version, mode, io }: HttpFacts, store: Store): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>syskv</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto }</style>
<h1>syskv ${version}</h1>
<p>A key-value server: ${keysIn(store)}, mode ${mode}, io ${io}.</p>
<pre>
GET    /keys/NAME             the value, or 404
PUT    /keys/NAME             stores the body: 201 where the key is new, 204 where it was there
PUT    /keys/NAME?ttl=60      the same, for 60 seconds
POST   /keys/NAME             as PUT
DELETE /keys/NAME             204, or 404
GET    <a href="/metrics">/metrics</a>               counters for Prometheus
GET    <a href="/healthz">/healthz</a>               ok
</pre>
<p>NAME is percent-encoded, values are bytes. For example:</p>
<pre>
curl -X PUT --data-binary hello http://HOST/keys/greeting
curl http://HOST/keys/greeting
</pre>
</html>
`;
}
