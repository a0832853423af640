/**
 * What a plot shows, in sentences: for a reader who can't see plots, and to check the plot by. Each
 * says what the figures say, and no order where they give none (ranking.ts).
 */
import type { Cell, Summary } from '../cell.ts';
import type { Figure } from '../statistics.ts';
import type { Warming } from '../warmth.ts';
import { foreignShareOf, isBusy, isCold, isGeneratorFull, isThin } from '../warnings.ts';
import { count, listed, percent, several, threeDigits, time, times } from './format.ts';
import {
  endsOf,
  type Measured,
  measuredIn,
  namesOf,
  rangeOf,
  rankedIn,
  refusalOf,
} from './ranking.ts';
import { cellsOf, type Report, type ReportedScenario } from './report.ts';

/** How the servers were kept apart, and whether they were. */
export function placeSentence(report: Report): string {
  const { serverCpus, clientCpus, cpuCount } = report.environment;
  const share = foreignShareOf(report.cells);
  if (serverCpus.length === 0) {
    return `Servers and load shared ${several(cpuCount, 'CPU')}; the servers took turns.`;
  }
  const places = `The server that was loaded ran on CPU ${serverCpus.join(', ')}, the load on CPU ${clientCpus.join(', ')}`;
  const others = isBusy(share)
    ? `Others took up to ${percent(share)} of the server's CPU: see the warnings.`
    : `Others took at most ${percent(share)} of the server's CPU.`;
  return `${places}; they took turns. ${others}`;
}

export function throughputSentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  const sorted = sortedBy(rankedIn(report, cells), opsOf).reverse();
  const order = ranked(report, cells, sorted, () => mostAndLeast(report, sorted));
  return [order, ...cells.map(absence)].filter(Boolean).join(' ') || 'Nothing was measured.';
}

function mostAndLeast(report: Report, sorted: readonly Measured[]): string {
  const full = sorted.filter(({ cell }) => isGeneratorFull(cell));
  if (full.length > 0) {
    const rate = rangeOf(full, opsOf, count);
    const whom = `${namesOf(full)} answered all that the load could send, ${rate} operations/s`;
    return `${whom}: it is the load's limit, and no order.`;
  }
  if (sorted.length === 1) {
    return `${sorted[0].name} answers ${rangeOf(sorted, opsOf, count)} operations/s.`;
  }
  const { first, last } = endsOf(sorted, opsOf);
  const rate = `${rangeOf(first, opsOf, count)} operations/s`;
  const verb = first.length === 1 ? 'answers' : 'answer';
  const alike = first.length === 1 ? '' : ', alike within their rounds';
  const most = `${namesOf(first)} ${verb} the most${alike}: ${rate}${against(report, sorted, first)}.`;
  if (last.length === 0) return most;
  return `${most} The least comes from ${namesOf(last)}: ${rangeOf(last, opsOf, count)}.`;
}

/** `, 1.59 × node-net`: of one that is the best alone, against the references. */
function against(report: Report, sorted: readonly Measured[], first: readonly Measured[]): string {
  if (first.length > 1) return '';
  const [best] = first;
  const ratios = sorted
    .filter(({ name }) => name !== best.name && isReference(report, name))
    .map(({ name, summary }) => `${times(medianOf(best, opsOf) / opsOf(summary).median)} ${name}`);
  return ratios.length === 0 ? '' : `, ${listed(ratios)}`;
}

/** Why a server has no figures here. */
function absence({ target, outcome, reason }: Cell): string {
  if (outcome === 'impossible') return `${target} can't: ${reason}.`;
  if (outcome === 'failed') return `${target} failed: ${reason}.`;
  return outcome === 'unreached' ? `${target} was not reached.` : '';
}

/** The order, or why there is none. */
function ranked(
  report: Report,
  cells: readonly Cell[],
  sorted: readonly Measured[],
  say: () => string,
): string {
  if (sorted.length === 0) return '';
  if (sorted.length === 1) return say();
  const refusal = refusalOf(report, cells);
  return refusal === '' ? say() : `No order is given: ${refusal}.`;
}

export function latencySentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  const known = rankedIn(report, cells).filter(({ summary }) => summary.latency !== null);
  if (known.length === 0) return 'No latency was measured.';
  const sorted = sortedBy(known, p99Of);
  const offered = `With ${count(cells[0].offeredPerSecond)} operations/s offered to each`;
  return ranked(report, cells, sorted, () => {
    if (sorted.length === 1) {
      const [{ name, summary }] = sorted;
      return `${offered}, 99 of 100 answers of ${name} come within ${time(p99Of(summary).median)}.`;
    }
    return `${offered}, ${soonestAndLatest(sorted)}.`;
  });
}

function soonestAndLatest(sorted: readonly Measured[]): string {
  const { first, last } = endsOf(sorted, p99Of);
  const say = (all: readonly Measured[]) => `${namesOf(all)} within ${rangeOf(all, p99Of, time)}`;
  if (last.length === 0) return `99 of 100 answers come alike: ${say(first)}`;
  const ends = `99 of 100 answers come soonest from ${say(first)}, latest from ${say(last)}`;
  const isKnown = ![...first, ...last].some(({ cell }) => isThin(cell));
  if (!isKnown) return ends;
  const rare = [first, last].map((all) => rangeOf(all, p999Of, time));
  return `${ends}; 1 of 1,000 takes longer than ${rare.join(' and ')}`;
}

export function costSentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  const known = rankedIn(report, cells).filter(({ summary }) => summary.cpuUs !== null);
  if (known.length === 0) return 'No CPU time of a warm server is known.';
  const sorted = sortedBy(known, cpuOf);
  return ranked(report, cells, sorted, () => {
    const { first, last } = endsOf(sorted, cpuOf);
    if (last.length === 0 && first.length > 1) {
      return `Within the rounds an operation costs alike under ${costsOf(first)}.`;
    }
    if (sorted.length === 1) return `An operation takes CPU time under ${costsOf(first)}.`;
    const least = `An operation takes the least CPU time under ${costsOf(first)}.`;
    return last.length === 0 ? least : `${least} It takes the most under ${costsOf(last)}.`;
  });
}

function costsOf(all: readonly Measured[]): string {
  const kernel = all.map(({ summary }) => summary.systemUs / cpuOf(summary).median);
  const [least, most] = [Math.min(...kernel), Math.max(...kernel)].map(percent);
  const share = least === most ? least : `${least} to ${most}`;
  return `${namesOf(all)}: ${rangeOf(all, cpuOf, time)}, ${share} of it in the kernel`;
}

/** What differs between a server that has just begun and one that is warm. */
export function warmthSentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name).filter(({ warming }) => warming !== null);
  const cold = cells.filter(isCold).map(({ target, warming }) => stillCold(target, warming!));
  const later = cells
    .filter((cell) => !isCold(cell) && differs(cell.warming!))
    .map(({ target, warming }) => becameWarm(target, warming!));
  if (cold.length + later.length > 0) return [...later, ...cold].join(' ');
  return cells.length === 0 ? '' : 'Every server was as fast in its first moments as later.';
}

/** The first fifth of a second costs half as much again, or more. */
export function differs({ coldUs, finalUs }: Warming): boolean {
  return coldUs > finalUs * COLD_TIMES;
}

function becameWarm(target: string, warming: Warming): string {
  const { coldUs, finalUs, fastAfterMs, fastAfterOperations, threads } = warming;
  const whose = threads === 1 ? '' : ` of ${count(threads)} threads`;
  const when = `${time(fastAfterMs * US_PER_MS)}, ${count(fastAfterOperations)} operations${whose}`;
  return (
    `${target} took ${time(coldUs)} an operation at first, ${time(finalUs)} when it was warm; ` +
    `it came near to that after ${when}.`
  );
}

function stillCold(target: string, warming: Warming): string {
  const { coldUs, finalUs, elapsedMs, isFalling } = warming;
  if (isFalling) {
    return `${target} became cheaper with each round, so it has no place in any order here.`;
  }
  return (
    `${target} was not warm after ${time(elapsedMs * US_PER_MS)} of load: an operation took ` +
    `${time(coldUs)} at first, ${time(finalUs)} at the end, so it has no place in any order here.`
  );
}

/** What threads cost beyond one loop, and what C with the same calls says about it. */
export function threadSentence(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  const warm = measuredIn(cells).filter(
    ({ cell, summary }) => !isCold(cell) && summary.cpuUs !== null,
  );
  const loop = warm.find(({ name }) => name === LOOP);
  if (loop === undefined || refusalOf(report, cells) !== '') return '';
  const floors = [LOOP_FLOOR, THREAD_FLOOR].map((floor) => warm.find(({ name }) => name === floor));
  const threaded = warm.filter(({ name }) => THREADED.includes(name));
  return threaded.map((one) => beyondLoop(one, loop, floors)).join(' ');
}

function beyondLoop(
  one: Measured,
  loop: Measured,
  [loopFloor, threadFloor]: readonly (Measured | undefined)[],
): string {
  const more = medianOf(one, cpuOf) - medianOf(loop, cpuOf);
  const ratio = `${one.name} costs ${ratioOf(one, loop)}`;
  if (more <= 0) return `${ratio}.`;
  const kernel = one.summary.systemUs - loop.summary.systemUs;
  const where = `Of the ${time(more)} more, ${signed(kernel)} are in the kernel and ${signed(more - kernel)} in the server`;
  const switches = `it switches ${threeDigits(one.summary.switchesPerOp)} times an operation, ${loop.name} ${threeDigits(loop.summary.switchesPerOp)} times`;
  if (loopFloor === undefined || threadFloor === undefined)
    return `${ratio}. ${where}; ${switches}.`;
  const floors = `In C, by the same calls and without a store, threads cost ${ratioOf(threadFloor, loopFloor)}`;
  return `${ratio}. ${where}; ${switches}. ${floors}.`;
}

/** `3.20 × epoll (24.0 µs against 7.50 µs)` */
function ratioOf(one: Measured, other: Measured): string {
  const [mine, theirs] = [medianOf(one, cpuOf), medianOf(other, cpuOf)];
  return `${times(mine / theirs)} ${other.name} (${time(mine)} against ${time(theirs)})`;
}

function signed(us: number): string {
  return us < 0 ? `−${time(-us)}` : time(us);
}

/** Throughput at the most idle connections against the fewest, where both were measured. */
export function idleSentence(report: Report): string {
  const curve = idleScenarios(report);
  const [first, last] = [curve[0], curve[curve.length - 1]];
  const ends = [...cellsOf(report, first.name), ...cellsOf(report, last.name)];
  const refusal = refusalOf(report, ends);
  const kept = report.targets.flatMap(({ name }) => keptBy(report, first, last, name));
  if (refusal === '') kept.sort((a, b) => b.share - a.share);
  const shares = kept.map(({ name, share }) => `${name} ${percent(share)}`);
  const range = `From ${count(first.idleCurve!)} to ${count(last.idleCurve!)} idle connections`;
  const noisy = refusal === '' ? '' : `No order is given: ${refusal}.`;
  const fate = cellsOf(report, last.name).map(absence);
  if (shares.length === 0) return [`${range} nothing can be compared.`, ...fate].join(' ').trim();
  const left = `${range}, this much of the throughput is left: ${listed(shares)}.`;
  return [left, noisy, ...fate].filter(Boolean).join(' ');
}

function keptBy(
  report: Report,
  first: ReportedScenario,
  last: ReportedScenario,
  name: string,
): { name: string; share: number }[] {
  const ends = [last, first].map((scenario) =>
    measuredIn(cellsOf(report, scenario.name)).find(
      (one) => one.name === name && !isCold(one.cell),
    ),
  );
  const [most, fewest] = ends;
  if (most === undefined || fewest === undefined) return [];
  return [{ name, share: medianOf(most, opsOf) / medianOf(fewest, opsOf) }];
}

export function idleScenarios({ scenarios }: Report): ReportedScenario[] {
  return scenarios
    .filter(({ idleCurve }) => idleCurve !== null)
    .sort((a, b) => a.idleCurve! - b.idleCurve!);
}

function isReference({ targets }: Report, name: string): boolean {
  return targets.some((target) => target.name === name && target.reference);
}

function sortedBy(cells: readonly Measured[], of: (summary: Summary) => Figure): Measured[] {
  return [...cells].sort((a, b) => medianOf(a, of) - medianOf(b, of));
}

function medianOf({ summary }: Measured, of: (summary: Summary) => Figure): number {
  return of(summary).median;
}

function opsOf(summary: Summary): Figure {
  return summary.opsPerSecond;
}

function p99Of(summary: Summary): Figure {
  return summary.latency!.p99;
}

function p999Of(summary: Summary): Figure {
  return summary.latency!.p999;
}

function cpuOf(summary: Summary): Figure {
  return summary.cpuUs!;
}

/** A first moment that costs so much more than the last one is another state, and no noise. */
const COLD_TIMES = 1.5;
const US_PER_MS = 1000;
/** What threads are held against, and the floors of both. */
const LOOP = 'epoll';
const LOOP_FLOOR = 'floor';
const THREAD_FLOOR = 'floor-threads';
const THREADED: readonly string[] = ['thread-per-connection', 'thread-pool'];
