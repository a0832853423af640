/** What a plot shows, in a sentence: for whoever has no eye for plots, and to check the plot by. */
import type { Cell, Summary } from '../cell.ts';
import { count, listed, percent, time, times } from './format.ts';
import { cellsOf, type Report, type ReportedScenario } from './report.ts';

interface Measured {
  readonly name: string;
  readonly summary: Summary;
}

function measuredIn(cells: readonly Cell[]): Measured[] {
  return cells.flatMap(({ target: name, summary }) =>
    summary === null ? [] : [{ name, summary }],
  );
}

function sortedBy(cells: readonly Measured[], of: (summary: Summary) => number): Measured[] {
  return [...cells].sort((a, b) => of(a.summary) - of(b.summary));
}

export function throughputSentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  const sorted = sortedBy(measuredIn(cells), opsOf).reverse();
  return `${most(report, sorted)}${cannotSentence(cells)}`.trim() || 'Nothing was measured.';
}

function most(report: Report, sorted: readonly Measured[]): string {
  if (sorted.length === 0) return '';
  const [best] = sorted;
  const last = sorted[sorted.length - 1];
  const against = sorted
    .filter(({ name }) => name !== best.name && isReference(report, name))
    .map(({ name, summary }) => `${times(opsOf(best.summary) / opsOf(summary))} ${name}`);
  const ratio = against.length === 0 ? '' : `, ${listed(against)}`;
  const least =
    sorted.length < 2 ? '' : ` The least is ${last.name}'s ${count(opsOf(last.summary))}.`;
  const rate = `${count(opsOf(best.summary))} operations/s${ratio}`;
  return `${best.name} answers the most: ${rate}.${least}`;
}

function cannotSentence(cells: readonly Cell[]): string {
  const impossible = cells.filter(({ outcome }) => outcome === 'impossible');
  return impossible.map(({ target, reason }) => ` ${target} can't: ${reason}.`).join('');
}

export function latencySentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  const known = measuredIn(cells).filter(({ summary }) => summary.latency !== null);
  if (known.length === 0) return 'No latency was measured.';
  const sorted = sortedBy(known, p99Of);
  const best = sorted[0];
  const last = sorted[sorted.length - 1];
  const offered = `With ${count(cells[0].offeredPerSecond)} operations/s offered to each`;
  const p99 = ({ name, summary }: Measured) => `${name} with ${time(p99Of(summary))}`;
  if (sorted.length === 1) return `${offered}, 99 % of the answers of ${p99(best)} came in time.`;
  return (
    `${offered}, 99 of 100 answers come soonest from ${p99(best)}, latest from ${p99(last)}; ` +
    `1 of 1,000 takes longer than ${time(best.summary.latency!.p999.median)} and ` +
    `${time(last.summary.latency!.p999.median)}.`
  );
}

export function costSentence(report: Report, scenario: ReportedScenario): string {
  const known = measuredIn(cellsOf(report, scenario.name)).filter(({ summary }) => summary.cpuUs);
  if (known.length === 0) return 'No CPU time is known.';
  const sorted = sortedBy(known, cpuOf);
  const say = ({ name, summary }: Measured) => {
    const kernel = summary.systemUs / Math.max(cpuOf(summary), Number.EPSILON);
    return `under ${name}: ${time(cpuOf(summary))}, ${percent(kernel)} of it in the kernel`;
  };
  const most = sorted.length < 2 ? '' : ` It takes the most ${say(sorted[sorted.length - 1])}.`;
  return `An operation takes the least CPU time ${say(sorted[0])}.${most}`;
}

/** Throughput at the most idle connections against the fewest, where both were measured. */
export function idleSentence(report: Report): string {
  const curve = idleScenarios(report);
  const first = curve[0];
  const last = curve[curve.length - 1];
  const kept = report.targets.flatMap(({ name }) => {
    const share = opsAt(report, last, name) / opsAt(report, first, name);
    return Number.isFinite(share) ? [{ name, share }] : [];
  });
  kept.sort((a, b) => b.share - a.share);
  const dropped = report.targets
    .map(({ name }) => name)
    .filter((name) => !kept.some((one) => one.name === name));
  const shares = kept.map(({ name, share }) => `${name} ${percent(share)}`);
  const range = `From ${count(first.idleCurve!)} to ${count(last.idleCurve!)} idle connections`;
  const fate = dropped.length === 0 ? '' : ` ${listed(dropped)} did not carry that many.`;
  if (shares.length === 0) return `${range} nobody was measured.${fate}`;
  return `${range}, this much of the throughput is left: ${listed(shares)}.${fate}`;
}

export function idleScenarios({ scenarios }: Report): ReportedScenario[] {
  return scenarios
    .filter(({ idleCurve }) => idleCurve !== null)
    .sort((a, b) => a.idleCurve! - b.idleCurve!);
}

function opsAt(report: Report, scenario: ReportedScenario, target: string): number {
  const cell = cellsOf(report, scenario.name).find((one) => one.target === target);
  return cell?.summary?.opsPerSecond.median ?? Number.NaN;
}

function isReference({ targets }: Report, name: string): boolean {
  return targets.some((target) => target.name === name && target.reference);
}

function opsOf(summary: Summary): number {
  return summary.opsPerSecond.median;
}

function p99Of(summary: Summary): number {
  return summary.latency!.p99.median;
}

function cpuOf(summary: Summary): number {
  return summary.cpuUs!.median;
}
