/** A run as Markdown: what it was made with, the goals, the tables, and where it loses. */
import { environmentRows } from '../measure/report/environment-rows.ts';
import { percent } from '../measure/report/format.ts';
import { COLUMNS, latencyOrigin, loadsOf, NONE, rowsOf, short, times } from './columns.ts';
import type { Verdict } from './goals.ts';
import { listOf, tableOf } from './page.ts';
import { type BenchReport, type ReportedCell, resultsOf } from './report.ts';
import type { BenchSummary } from './result.ts';
import { goalSentence } from './table.ts';
import { readingLines, type TrialResult } from './trials/trial.ts';

/** Ratios nearer to 1 than this are the machine's. */
const NOISE = 0.05;

export function markdownOf(report: BenchReport): string {
  const { goals, cells, warnings, loadChecks, trials } = report;
  const known = goals.filter(({ reached }) => reached !== null);
  const blocks = [
    listOf(aboutLines(report)),
    ...(warnings.length === 0 ? [] : ['### Warnings', listOf(warnings)]),
    ...(known.length === 0 ? [] : ['### Goals', goalTable(known), goalSentence(goals)]),
    ...(cells.length === 0 ? [] : overviews(report)),
    ...(loadChecks.length === 0 ? [] : ['### The two loads', checkTable(loadChecks)]),
    ...cells.flatMap((cell) => section(report, cell)),
    ...trials.flatMap(trialSection),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function overviews(report: BenchReport): string[] {
  return [
    '### CPU time of the server for an operation',
    overview(report, cpuText),
    '### Operations per second',
    overview(report, opsText),
    '### Where it loses',
    lossesOf(report),
  ];
}

function aboutLines(report: BenchReport): string[] {
  const { environment, settings, peers } = report;
  const measured = peers.filter(({ refusal }) => refusal === '');
  return [
    ...environmentRows({ environment, settings, targets: measured }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    `load: ${settings.redisBenchmark || 'redis-benchmark is not installed'}, and the generator`,
    ...peers.filter(({ refusal }) => refusal !== '').map(missingLine),
  ];
}

export function missingLine({ name, refusal }: BenchReport['peers'][number]): string {
  return `${name} was not measured: ${refusal}`;
}

/** How far the two loads lie apart. */
function checkTable(checks: BenchReport['loadChecks']): string {
  return tableOf(
    ['generator over redis-benchmark', 'ops/s', 'cpu/op'],
    checks.map(({ cell, peer, opsRatio, cpuRatio }) => [
      `${cell}, ${peer}`,
      ...[opsRatio, cpuRatio].map((ratio) => `${ratio.toFixed(2)}×`),
    ]),
  );
}

function goalTable(verdicts: readonly Verdict[]): string {
  return tableOf(
    ['goal', 'bound', 'figure', 'reached'],
    verdicts.map(({ goal, bound, figure, reached }) => [
      ...[goal, bound, figure],
      reached ? 'yes' : '**no**',
    ]),
  );
}

type CellText = (summary: BenchSummary, standard: BenchSummary | null) => string;

const cpuText: CellText = ({ cpuUs }, standard) =>
  cpuUs === null
    ? NONE
    : `${short(cpuUs.median)}${ratioText(cpuUs.median, standard?.cpuUs?.median)}`;

const opsText: CellText = ({ opsPerSecond }, standard) =>
  `${Math.round(opsPerSecond.median / 1000)} k` +
  ratioText(opsPerSecond.median, standard?.opsPerSecond.median);

function ratioText(value: number, standard: number | undefined): string {
  return standard === undefined ? '' : ` (${times(value, standard)})`;
}

/** Cells down, peers across. */
function overview(report: BenchReport, text: CellText): string {
  const peers = [...new Set(report.results.map(({ peer }) => peer))];
  const rows = report.cells.map(({ name }) => {
    const results = resultsOf(report, name);
    const of = (peer: string) => results.find((one) => one.peer === peer)?.summary ?? null;
    const standard = of(report.settings.standard);
    return [
      name,
      ...peers.map((peer) => {
        const summary = of(peer);
        if (summary === null) return NONE;
        return text(summary, peer === report.settings.standard ? null : standard);
      }),
    ];
  });
  return tableOf(['', ...peers], rows);
}

/** Our own models where the standard does better, by more than noise. */
export function lossesOf(report: BenchReport): string {
  const { standard } = report.settings;
  let compared = 0;
  const lines = report.cells.flatMap(({ name }) => {
    const results = resultsOf(report, name);
    const theirs = results.find(({ peer }) => peer === standard)?.summary ?? null;
    if (theirs === null) return [];
    const ours = results.filter(({ peer }) => !isReference(report, peer));
    return ours.flatMap(({ peer, summary }) => {
      if (summary === null) return [];
      compared++;
      return lossLines(`${name}, ${peer}`, summary, theirs, standard);
    });
  });
  if (compared === 0) return 'There was nothing to compare with.';
  return lines.length === 0 ? `Nowhere by more than ${percent(NOISE)} in this run.` : listOf(lines);
}

function lossLines(
  who: string,
  ours: BenchSummary,
  theirs: BenchSummary,
  standard: string,
): string[] {
  const cpu = (ours.cpuUs?.median ?? 0) / (theirs.cpuUs?.median ?? Number.NaN);
  const ops = ours.opsPerSecond.median / theirs.opsPerSecond.median;
  const wait = (ours.latency?.p999.median ?? 0) / (theirs.latency?.p999.median ?? Number.NaN);
  const say = (ratio: number, what: string) => `${who}: ${ratio.toFixed(2)} × ${what}`;
  return [
    ...(cpu > 1 + NOISE ? [say(cpu, `the CPU time of ${standard}`)] : []),
    ...(ops < 1 - NOISE ? [say(ops, `the throughput of ${standard}`)] : []),
    ...(wait > 1 + NOISE ? [say(wait, `the p99.9 of ${standard} at the same load`)] : []),
  ];
}

function isReference({ peers }: BenchReport, name: string): boolean {
  return peers.some((peer) => peer.name === name && peer.reference);
}

function section(report: BenchReport, cell: ReportedCell): string[] {
  const results = resultsOf(report, cell.name);
  if (results.length === 0) return [];
  const rows = rowsOf(results, report.settings.standard).map(({ peer, texts }) => [
    peer,
    ...texts,
    ...new Array<string>(COLUMNS.length - texts.length).fill(''),
  ]);
  return [
    `### ${cell.title}`,
    `\`${cell.name}\`; load by ${cell.load}; ${latencyOrigin(results)}.`,
    tableOf(['', ...COLUMNS.map(({ title }) => title)], rows),
    ...shares(report, cell),
  ];
}

function trialSection(result: TrialResult): string[] {
  const titles = [result.name, 'median', 'least', 'most'];
  return [`### ${result.title}`, tableOf(titles, readingLines(result))];
}

function shares(report: BenchReport, cell: ReportedCell): string[] {
  const results = resultsOf(report, cell.name);
  const lines = loadsOf(results);
  if (lines.length === 0) return [];
  const open = results.find((one) => one.open.length > 1)?.open ?? [];
  const titles = open.map(({ share }) => `p50 p99 p99.9 at ${percent(share)}`);
  return [
    tableOf(
      ['', ...titles],
      lines.map(({ peer, texts }) => [peer, ...texts]),
    ),
  ];
}
