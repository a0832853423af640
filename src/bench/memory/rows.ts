/** What the memory benchmark found, as rows: a figure for each server, a bound, kept or not. */
import { megabytes, threeDigits, time } from '../../measure/report/format.ts';
import { listOf, tableOf as markdownTableOf } from '../page.ts';
import type { Growth } from './growth.ts';
import { type Churn, KEY_BYTES, VALUE_BYTES, type Weight } from './weigh.ts';

export interface Server {
  readonly name: string;
  readonly description: string;
  readonly idleBytes: number;
  readonly keys: number;
  readonly plain: Weight;
  readonly expiring: Weight;
  readonly churn: Churn;
}

export interface Row {
  readonly what: string;
  /** In the servers' order. */
  readonly values: readonly number[];
  readonly texts: readonly string[];
  /** '' where there is none; it is for the first server. */
  readonly bound: string;
  readonly reached: boolean | null;
}

const DATA_BYTES = KEY_BYTES + VALUE_BYTES;
const MOST_OVERHEAD_BYTES = 20;
const MOST_TTL_BYTES = 8;
const MOST_CHURN_SHARE = 1.25;
const LONGEST_US = 2000;
const KEY_TITLE = 'a key of 14 bytes with a value of 32';

/** @param servers ours first. */
export function rowsOf(servers: readonly Server[], growth: Growth | null): Row[] {
  const row = rowMaker(servers);
  return [
    row('idle server, resident', ({ idleBytes }) => idleBytes, megabytes),
    row(`${KEY_TITLE}, used_memory`, ({ plain, keys }) => plain.usedBytes / keys, bytes),
    row('  the same, resident', ({ plain, keys }) => plain.residentBytes / keys, bytes),
    row('  over the data, used_memory', (one) => overhead(one, 'usedBytes'), bytes, {
      most: MOST_OVERHEAD_BYTES,
    }),
    row('  over the data, resident', (one) => overhead(one, 'residentBytes'), bytes),
    row('  with a TTL, over the data, used_memory', expiring, bytes, {
      most: MOST_OVERHEAD_BYTES + MOST_TTL_BYTES,
    }),
    row('a TTL adds, used_memory', (one) => expiry(one, 'usedBytes'), bytes),
    row('a TTL adds, resident', (one) => expiry(one, 'residentBytes'), bytes),
    row('after churn, used_memory over data', (one) => churned(one, 'usedBytes'), times, {
      most: MOST_CHURN_SHARE,
    }),
    row('after churn, resident over data', (one) => churned(one, 'residentBytes'), times),
    ...growthRows(growth),
  ];
}

function growthRows(growth: Growth | null): Row[] {
  if (growth === null) return [];
  const { keys, longestUs, longestBusyUs, p99999Us, medianUs, emptyLongestUs } = growth;
  const row = (what: string, us: number): Row => ({
    ...{ what, values: [us], texts: [time(us)], bound: '', reached: null },
  });
  return [
    row(`longest SET on the way to ${keys.toLocaleString('en-US')} keys`, longestUs),
    {
      ...row('  less what others had of its CPU', longestBusyUs),
      bound: `< ${time(LONGEST_US)}`,
      reached: longestBusyUs < LONGEST_US,
    },
    row('  99.999 % of them within', p99999Us),
    row('  half of them within', medianUs),
    row('  longest gap of an empty loop', emptyLongestUs),
  ];
}

function rowMaker(servers: readonly Server[]) {
  return (
    what: string,
    of: (server: Server) => number,
    text: (value: number) => string,
    bound?: { most: number },
  ): Row => {
    const values = servers.map(of);
    return {
      what,
      values,
      texts: values.map(text),
      bound: bound === undefined ? '' : `≤ ${text(bound.most)}`,
      reached: bound === undefined || values.length === 0 ? null : values[0] <= bound.most,
    };
  };
}

function overhead({ plain, keys }: Server, by: keyof Weight): number {
  return plain[by] / keys - DATA_BYTES;
}

function expiry({ plain, expiring, keys }: Server, by: keyof Weight): number {
  return (expiring[by] - plain[by]) / keys;
}

function expiring({ expiring: weight, keys }: Server): number {
  return weight.usedBytes / keys - DATA_BYTES;
}

function churned({ churn }: Server, by: keyof Weight): number {
  return churn.grown[by] / churn.liveBytes;
}

function bytes(value: number): string {
  return `${value.toFixed(1)} B`;
}

function times(value: number): string {
  return `${threeDigits(value)} ×`;
}

const WHAT_WIDTH = 52;
const TEXT_WIDTH = 15;
const BOUND_WIDTH = 12;

/** For the terminal, at most 100 columns wide. */
export function tableOf(names: readonly string[], rows: readonly Row[]): string {
  const line = (what: string, texts: readonly string[], bound: string, verdict: string) => {
    const columns = names.map((_, at) => (texts[at] ?? '').padStart(TEXT_WIDTH));
    return `${what.padEnd(WHAT_WIDTH)}${columns.join('')}${bound.padStart(BOUND_WIDTH)}${verdict}`;
  };
  const body = rows.map(({ what, texts, bound, reached }) =>
    line(what, texts, bound, reached === null ? '' : reached ? '  yes' : '  NO'),
  );
  return [line('', names, 'bound', ''), ...body].map((text) => text.trimEnd()).join('\n');
}

export function markdownOf(
  names: readonly string[],
  rows: readonly Row[],
  about: readonly string[],
): string {
  const table = markdownTableOf(
    ['', ...names, 'bound', 'kept'],
    rows.map(({ what, texts, bound, reached }) => [
      what.trim(),
      ...names.map((_, at) => texts[at] ?? ''),
      bound,
      reached === null ? '' : reached ? 'yes' : '**no**',
    ]),
  );
  return `${listOf(about)}\n\n${table}\n`;
}
