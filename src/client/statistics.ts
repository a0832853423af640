/** What `--stat` and `--latency` show, as rows of text. */

/** The fields of an INFO: `name:value` lines. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && line[0] !== '#') fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

export const STAT_HEADER = [
  '------- data ------ --------------------- load -------------------- - child -',
  'keys       mem      clients blocked requests            connections          ',
];

/** Rows between two headers. */
export const STAT_ROWS = 20;

/** Requests that the server has had, of which a row shows the difference. */
export function requestsIn(info: ReadonlyMap<string, string>): number {
  return Number(info.get('total_commands_processed') ?? 0);
}

/** One row, in redis-cli's columns. `newRequests`: since the row before. */
export function statRow(info: ReadonlyMap<string, string>, newRequests: number): string {
  const number = (name: string) => Number(info.get(name) ?? 0);
  return [
    column(String(countKeys(info)), 11),
    column(humanBytes(number('used_memory')), 9),
    column(String(number('connected_clients')), 8),
    column(String(number('blocked_clients')), 8),
    column(`${requestsIn(info)} (+${newRequests})`, 20),
    column(String(number('total_connections_received')), 12),
    childOf(info),
  ].join('');
}

/** Two columns never touch, however large the numbers. */
function column(text: string, width: number): string {
  return text.length < width ? text.padEnd(width) : `${text} `;
}

/** Over all databases: `db0:keys=3,expires=0,…`. */
function countKeys(info: ReadonlyMap<string, string>): number {
  let keys = 0;
  for (const [name, value] of info) {
    if (/^db\d+$/.test(name)) keys += Number(/keys=(\d+)/.exec(value)?.[1] ?? 0);
  }
  return keys;
}

function childOf(info: ReadonlyMap<string, string>): string {
  const isSaving = (name: string) => Number(info.get(name) ?? 0) > 0;
  if (isSaving('rdb_bgsave_in_progress')) return 'SAVE';
  return isSaving('aof_rewrite_in_progress') ? 'AOF' : '';
}

/** `1.25M`, `17.00B` without the fraction: as redis-cli rounds. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const units = ['K', 'M', 'G', 'T'];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  return `${(bytes / 1024 ** power).toFixed(2)}${units[power - 1]}`;
}

/** Round trips, in milliseconds. */
export class Latencies {
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = 0;
  #total = 0;
  #count = 0;

  add(ms: number): void {
    this.#minimum = Math.min(this.#minimum, ms);
    this.#maximum = Math.max(this.#maximum, ms);
    this.#total += ms;
    this.#count++;
  }

  /** `min: 0.031, max: 1.204, avg: 0.05 (98 samples)`, or the numbers alone. */
  text(separator?: string): string {
    const minimum = (this.#count === 0 ? 0 : this.#minimum).toFixed(3);
    const maximum = this.#maximum.toFixed(3);
    const average = (this.#total / Math.max(this.#count, 1)).toFixed(3);
    if (separator !== undefined) return [minimum, maximum, average, this.#count].join(separator);
    return `min: ${minimum}, max: ${maximum}, avg: ${average} (${this.#count} samples)`;
  }
}
