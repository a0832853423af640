/** The figures of a cell as rows of text: the same on the terminal and in Markdown. */
import type { LatencyFigures } from '../measure/cell.ts';
import { count, percent, threeDigits, time } from '../measure/report/format.ts';
import { MAIN_SHARE } from './cells.ts';
import type { BenchSummary, PeerResult } from './result.ts';

/** A peer, and the one that ratios are to: null where that was not measured in this cell. */
interface Row {
  readonly result: PeerResult;
  readonly summary: BenchSummary;
  readonly standard: BenchSummary | null;
}

export interface Column {
  readonly title: string;
  readonly meaning: string;
  readonly width: number;
  text(row: Row): string;
}

export const NONE = '–';

export const COLUMNS: readonly Column[] = [
  {
    title: 'ops/s',
    meaning: 'operations per second as fast as it goes (closed loop), median of the rounds',
    width: 10,
    text: ({ summary }) => count(summary.opsPerSecond.median),
  },
  {
    title: '±',
    meaning: 'median absolute deviation of the rounds, as a share of the median',
    width: 5,
    text: ({ summary: { opsPerSecond } }) =>
      opsPerSecond.values.length < 2 ? NONE : percent(opsPerSecond.spread).replace(' ', ''),
  },
  {
    title: '×',
    meaning: 'operations per second over those of redis-server: more is better here',
    width: 6,
    text: ({ summary, standard }) =>
      times(summary.opsPerSecond.median, standard?.opsPerSecond.median),
  },
  {
    title: 'cpu/op',
    meaning: "the server's CPU time for an operation, user and system",
    width: 8,
    text: ({ summary }) => (summary.cpuUs === null ? NONE : short(summary.cpuUs.median)),
  },
  {
    title: '×',
    meaning: 'the same over that of redis-server: less is better here',
    width: 6,
    text: ({ summary, standard }) => times(summary.cpuUs?.median, standard?.cpuUs?.median),
  },
  {
    title: 'user',
    meaning: 'the part of it in the server itself',
    width: 7,
    text: ({ summary }) => (summary.cpuUs === null ? NONE : short(summary.userUs)),
  },
  {
    title: 'system',
    meaning: 'the part of it in the kernel',
    width: 7,
    text: ({ summary }) => (summary.cpuUs === null ? NONE : short(summary.systemUs)),
  },
  {
    title: 'calls',
    meaning: 'system calls for an operation, counted under strace in a run of its own, never timed',
    width: 7,
    text: ({ summary: { syscallsPerOp } }) =>
      syscallsPerOp === null ? NONE : threeDigits(syscallsPerOp),
  },
  latency('p50', 'half', ({ p50 }) => p50.median),
  latency('p99', '99 of 100', ({ p99 }) => p99.median),
  latency('p99.9', '999 of 1,000', ({ p999 }) => p999.median),
  {
    title: 'B each',
    meaning: 'resident bytes that a key takes, or an idle connection, where the cell has many',
    width: 7,
    text: ({ result: { bytesPerKey, bytesPerIdle } }) => {
      const bytes = bytesPerKey ?? bytesPerIdle;
      return bytes === null ? NONE : count(bytes);
    },
  },
];

function latency(title: string, share: string, of: (figures: LatencyFigures) => number): Column {
  return {
    title,
    meaning: `${share} of the answers come within this`,
    width: 8,
    text: ({ summary }) => {
      const figures = summary.latency ?? summary.closedLatency;
      return figures === null ? NONE : short(of(figures));
    },
  };
}

/** One text a column; where there are no figures, the reason alone. */
export function rowsOf(
  results: readonly PeerResult[],
  standardName: string,
): { peer: string; texts: string[] }[] {
  const standard = results.find(({ peer }) => peer === standardName)?.summary ?? null;
  return results.map((result) => {
    const { peer, summary } = result;
    if (summary === null) return { peer, texts: [insteadOf(result)] };
    return { peer, texts: COLUMNS.map((column) => column.text({ result, summary, standard })) };
  });
}

/** What the latencies of a cell are of. */
export function latencyOrigin(results: readonly PeerResult[]): string {
  const loads = results.flatMap(({ open }) => open);
  const main = loads.find(({ share, latency }) => share === MAIN_SHARE && latency !== null);
  if (main === undefined) return 'latency: closed loop';
  return `latency: open loop, ${count(main.ratePerSecond)} ops/s`;
}

/** Latencies at every offered load, where a cell has several: one line a peer. */
export function loadsOf(results: readonly PeerResult[]): { peer: string; texts: string[] }[] {
  return results
    .filter(({ open }) => open.length > 1)
    .map(({ peer, open }) => ({
      peer,
      texts: open.map(({ latency: figures }) =>
        figures === null
          ? NONE
          : [figures.p50, figures.p99, figures.p999].map(({ median }) => short(median)).join(' '),
      ),
    }));
}

function insteadOf({ outcome, reason }: PeerResult): string {
  if (outcome === 'unreached') return 'not reached';
  return outcome === 'failed' ? `failed: ${reason}` : reason;
}

export function times(value: number | undefined, standard: number | undefined): string {
  if (value === undefined || !standard) return NONE;
  return `${(value / standard).toFixed(2)}×`;
}

/** `7.91µs` */
export function short(us: number): string {
  return time(us).replace(' ', '');
}
