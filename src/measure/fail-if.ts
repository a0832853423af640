/**
 * Conditions that make a comparison fail, for scripts: `epoll.p99 > 2ms`,
 * `epoll.50-clients.cpu > 0.9 * redis-server.cpu`. Without a scenario: where any of them fulfils
 * it.
 */
import type { Cell, Summary } from './cell.ts';
import { megabytes, time } from './report/format.ts';
import { isCold } from './warnings.ts';

/** Each in one base unit: microseconds, bytes, or a plain number. */
const METRICS: Readonly<Record<string, { unit: 'time' | 'bytes' | 'none'; of: Value }>> = {
  ops: { unit: 'none', of: (summary) => summary.opsPerSecond.median },
  'p99.9': { unit: 'time', of: (summary) => summary.latency?.p999.median },
  p99: { unit: 'time', of: (summary) => summary.latency?.p99.median },
  p50: { unit: 'time', of: (summary) => summary.latency?.p50.median },
  cpu: { unit: 'time', of: (summary) => summary.cpuUs?.median },
  user: { unit: 'time', of: (summary) => summary.cpuUs && summary.userUs },
  system: { unit: 'time', of: (summary) => summary.cpuUs && summary.systemUs },
  syscalls: { unit: 'none', of: (summary) => summary.syscallsPerOp },
  switches: { unit: 'none', of: (summary) => summary.switchesPerOp },
  threads: { unit: 'none', of: (summary) => summary.threads },
  memory: { unit: 'bytes', of: (summary) => summary.residentBytes },
};

type Value = (summary: Summary) => number | null | undefined;

const UNITS = {
  time: { ns: 0.001, us: 1, µs: 1, ms: 1000, s: 1_000_000 },
  bytes: { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 },
  none: {},
} as const;

export interface Names {
  readonly targets: readonly string[];
  readonly scenarios: readonly string[];
}

export interface Condition {
  readonly text: string;
  readonly left: Reference;
  readonly operator: '<' | '<=' | '>' | '>=';
  /** A number in the metric's base unit, or a factor before another figure. */
  readonly right: number | { readonly factor: number; readonly reference: Reference };
}

interface Reference {
  readonly target: string;
  /** '': each scenario. */
  readonly scenario: string;
  readonly metric: string;
}

/** @throws Error that says what is wrong, and what there is. */
export function parseCondition(text: string, names: Names): Condition {
  const match = /^\s*(\S+)\s*(<=|>=|<|>)\s*(.+?)\s*$/.exec(text);
  if (match === null) throw new Error(`'${text}' is not like 'epoll.p99 > 2ms'`);
  const left = parseReference(match[1], names);
  const operator = match[2] as Condition['operator'];
  return { text, left, operator, right: parseRight(match[3], left, names) };
}

function parseRight(text: string, left: Reference, names: Names): Condition['right'] {
  const factor = /^(?:([\d.]+)\s*\*\s*)?([a-z]\S*)$/i.exec(text);
  if (factor !== null) {
    const reference = parseReference(factor[2], names);
    return { factor: numberOf(factor[1] ?? '1', text), reference };
  }
  const quantity = /^([\d.,_]+)\s*([a-zµ]*)$/i.exec(text);
  if (quantity === null) throw new Error(`'${text}' is neither a quantity nor another figure`);
  return numberOf(quantity[1], text) * unitOf(quantity[2], left.metric);
}

function numberOf(digits: string, text: string): number {
  const value = Number(digits.replaceAll(/[_,]/g, ''));
  if (Number.isFinite(value)) return value;
  throw new Error(`'${text}' has no number`);
}

function unitOf(unit: string, metric: string): number {
  const units: Readonly<Record<string, number>> = UNITS[METRICS[metric].unit];
  if (unit === '') {
    // 2 of what? Only what has no unit goes without.
    if (METRICS[metric].unit === 'none') return 1;
    throw new Error(`${metric} wants a unit: ${Object.keys(units).join(', ')}`);
  }
  const factor = units[unit.toLowerCase()];
  if (factor === undefined) {
    const known = Object.keys(units).join(', ') || 'none';
    throw new Error(`${metric} is not counted in '${unit}' (${known})`);
  }
  return factor;
}

/** `target[.scenario].metric`; a metric may have a dot itself. */
function parseReference(text: string, names: Names): Reference {
  const metric = Object.keys(METRICS).find((name) => text.endsWith(`.${name}`));
  if (metric === undefined) {
    throw new Error(`'${text}' has no metric (${Object.keys(METRICS).join(', ')})`);
  }
  const [target, scenario = '', ...more] = text.slice(0, -metric.length - 1).split('.');
  known('server', target, names.targets);
  if (scenario !== '') known('scenario', scenario, names.scenarios);
  if (more.length > 0) throw new Error(`'${text}' is not target.scenario.metric`);
  return { target, scenario, metric };
}

function known(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new Error(`no ${what} '${name}' in this comparison (${names.join(', ')})`);
}

export interface Verdict {
  readonly condition: Condition;
  /** The cells that fulfil it, with what was found; also those that could not be judged. */
  readonly found: readonly string[];
}

/** A figure that is missing fails too: a check that can't be made must not pass in silence. */
export function judge(condition: Condition, cells: readonly Cell[]): Verdict {
  const judged = cells.filter((cell) => isMeant(condition.left, cell));
  const found = judged.flatMap((cell) => verdictOn(condition, cell, cells));
  return { condition, found: judged.length === 0 ? ['nothing was measured'] : found };
}

/** `epoll 50-clients: p99 is 10.0 ms, and 2.00 ms is the bound`, where the condition holds. */
function verdictOn({ left, right, operator }: Condition, cell: Cell, cells: readonly Cell[]) {
  const { metric } = left;
  const value = figureIn(cell, metric);
  if (value === undefined) return missing(cell, metric, left.scenario !== '');
  const limit = typeof right === 'number' ? right : limitOf(cell, right, cells);
  if (typeof limit !== 'number') return limit;
  if (!COMPARE[operator](value, limit)) return [];
  const mark = isCold(cell) ? ' (not warm)' : '';
  const bound = `${operator} ${inUnit(limit, metric)}${ofReference(right, limit)}`;
  return [`${cell.target} ${cell.scenario}: ${metric} ${inUnit(value, metric)}${mark} ${bound}`];
}

/** ` (0.9 × 8.00 µs of redis-server)` */
function ofReference(right: Condition['right'], limit: number): string {
  if (typeof right === 'number') return '';
  const { factor, reference } = right;
  const theirs = inUnit(limit / factor, reference.metric);
  const times = factor === 1 ? '' : `${factor} × ${theirs} of `;
  const metric = `${reference.scenario === '' ? '' : `${reference.scenario}.`}${reference.metric}`;
  return ` (${times}${reference.target}.${metric})`;
}

/** What a model can't do at all is a result, unless the condition names that very scenario. */
function missing({ target, scenario, outcome, reason }: Cell, metric: string, isNamed: boolean) {
  if (outcome === 'impossible' && !isNamed) return [];
  const why = reason === '' ? '' : `: ${reason}`;
  return [`${target} ${scenario}: ${metric} was not measured${why}`];
}

/** The right side's figure; where there is none, that this is so. */
function limitOf(
  cell: Cell,
  { factor, reference }: Exclude<Condition['right'], number>,
  cells: readonly Cell[],
): number | string[] {
  const scenario = reference.scenario || cell.scenario;
  const other = cells.find((one) => one.target === reference.target && one.scenario === scenario);
  if (other === undefined) return [`${reference.target} ${scenario}: nothing was measured`];
  const value = figureIn(other, reference.metric);
  return value === undefined ? missing(other, reference.metric, true) : value * factor;
}

function isMeant({ target, scenario }: Reference, cell: Cell): boolean {
  return cell.target === target && (scenario === '' || cell.scenario === scenario);
}

function figureIn({ summary }: Cell, metric: string): number | undefined {
  return (summary && METRICS[metric].of(summary)) ?? undefined;
}

const COMPARE: Readonly<Record<Condition['operator'], (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function inUnit(value: number, metric: string): string {
  switch (METRICS[metric].unit) {
    case 'time':
      return time(value);
    case 'bytes':
      return megabytes(value);
    default:
      return `${amount(value)}${NOUNS[metric] ?? ''}`;
  }
}

function amount(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** What follows a number whose metric does not name what is counted. */
const NOUNS: Readonly<Record<string, string>> = {
  ops: ' operations/s',
  syscalls: ' an operation',
  switches: ' an operation',
};
