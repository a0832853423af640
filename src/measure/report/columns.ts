/**
 * The figures of a cell as a row of text: the same columns on the terminal, in Markdown and HTML.
 */
import type { Cell, Summary } from '../cell.ts';
import { BLOCK_MS, type Warming } from '../warmth.ts';
import { count, percent, threeDigits, time } from './format.ts';

export interface Column {
  readonly title: string;
  /** What it means, for a tooltip or a legend. */
  readonly meaning: string;
  readonly width: number;
  text(summary: Summary, warming: Warming | null): string;
}

const NONE = '–';

export const COLUMNS: readonly Column[] = [
  {
    title: 'ops/s',
    meaning: 'operations per second as fast as it goes, median of the rounds',
    width: 9,
    text: ({ opsPerSecond }) => count(opsPerSecond.median),
  },
  {
    title: '±',
    meaning: 'median absolute deviation of the rounds',
    width: 5,
    text: ({ opsPerSecond }) =>
      opsPerSecond.values.length < 2 ? NONE : percent(opsPerSecond.spread),
  },
  latency('p50', 'half of the answers come within', ({ p50 }) => p50.median),
  latency('p99', '99 of 100 answers come within', ({ p99 }) => p99.median),
  latency('p99.9', '999 of 1,000 answers come within', ({ p999 }) => p999.median),
  cpu('cpu/op', 'CPU time of the server for an operation', ({ cpuUs }) => cpuUs!.median),
  cpu('user', 'of which in the server itself', ({ userUs }) => userUs),
  cpu('system', 'of which in the kernel', ({ systemUs }) => systemUs),
  {
    title: 'cold',
    meaning: `CPU time of an operation in the first ${BLOCK_MS} ms that the server was loaded`,
    width: 7,
    text: (_, warming) => (warming === null ? NONE : time(warming.coldUs).replace(' ', '')),
  },
  {
    title: 'warm',
    meaning:
      'after how much load an operation cost nearly what it costs at last; no: it still fell',
    width: 6,
    text: (_, warming) => warmText(warming),
  },
  {
    title: 'calls',
    meaning: 'system calls of the server for an operation (counted under strace, never timed)',
    width: 6,
    text: ({ syscallsPerOp }) => (syscallsPerOp === null ? NONE : threeDigits(syscallsPerOp)),
  },
  {
    title: 'switch',
    meaning: 'context switches of the server for an operation',
    width: 6,
    text: ({ switchesPerOp, cpuUs }) => (cpuUs === null ? NONE : threeDigits(switchesPerOp)),
  },
  {
    title: 'thr',
    meaning: "threads of all its processes, Node's own included",
    width: 4,
    text: ({ threads }) => (threads === 0 ? NONE : count(threads)),
  },
  {
    title: 'MiB',
    meaning: 'resident memory of the server',
    width: 5,
    text: ({ residentBytes }) =>
      residentBytes === 0 ? NONE : threeDigits(residentBytes / 1024 ** 2),
  },
];

function latency(
  title: string,
  meaning: string,
  of: (latency: NonNullable<Summary['latency']>) => number,
): Column {
  return {
    ...{ title, meaning: `${meaning} this, at the same load for all`, width: 7 },
    text: ({ latency }) => (latency === null ? NONE : time(of(latency)).replace(' ', '')),
  };
}

function cpu(title: string, meaning: string, of: (summary: Summary) => number): Column {
  return {
    ...{ title, meaning, width: 7 },
    text: (summary) => (summary.cpuUs === null ? NONE : time(of(summary)).replace(' ', '')),
  };
}

function warmText(warming: Warming | null): string {
  if (warming === null) return NONE;
  if (!warming.isWarm) return 'no';
  return `${(warming.fastAfterMs / MS_PER_SECOND).toFixed(1)}s`;
}

const MS_PER_SECOND = 1000;

/** What stands in place of figures. */
export function insteadOf({ outcome, reason }: Cell): string {
  if (outcome === 'unreached') return 'not reached';
  return outcome === 'failed' ? `failed: ${reason}` : reason;
}
