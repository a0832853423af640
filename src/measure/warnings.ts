/** What makes a figure less than it seems, said beside it, as hyperfine does. */
import type { Cell } from './cell.ts';
import type { LoadResult } from './load/job.ts';
import { several, time } from './report/format.ts';

/** Where half of the rounds lie further off than this they show the machine, not the server. */
const NOISY_SPREAD = 0.1;
/** Below three rounds a median is a mean or a single value. */
export const FEWEST_ROUNDS = 3;
/** Ten samples beyond the 99.9th percentile. */
const FEWEST_SAMPLES = 10_000;
const FULL_GENERATOR = 0.95;
const BUSY_CPU = 0.1;
/** At the end of an open loop a request or two are always due and not sent yet. */
const UNSENT_SHARE = 0.01;

export interface Circumstances {
  readonly cells: readonly Cell[];
  readonly rounds: number;
  /** Why server and load were not kept apart; '' where each had a CPU. */
  readonly unpinned: string;
  readonly straceFailure: string;
  readonly interrupted: boolean;
}

export function warningsOf(about: Circumstances): string[] {
  const { cells, rounds, unpinned, straceFailure, interrupted } = about;
  const measured = cells.filter((cell) => cell.summary !== null);
  return [
    ...(interrupted ? ['Stopped early: what is missing was not measured.'] : []),
    ...(rounds < FEWEST_ROUNDS
      ? [`Too few rounds: ${several(rounds, 'round')} of each; take ${FEWEST_ROUNDS} or more.`]
      : []),
    ...(unpinned === '' ? [] : [`Server and load shared all CPUs: ${unpinned}.`]),
    ...(straceFailure === '' ? [] : [`No system calls were counted: ${straceFailure}.`]),
    ...noise(measured),
    ...measured.filter(isCold).map(coldWarning),
    ...list(
      measured.filter(isTraced),
      (names) => `A tracer is attached to ${names}: its times are not comparable.`,
    ),
    ...list(measured.filter(isThin), (names) => `Too few samples for p99.9: ${names}.`),
    ...list(
      measured.filter(isGeneratorFull),
      (names) =>
        `The load's own CPU was full: throughput of ${names} is its limit, compare CPU time instead.`,
    ),
    ...list(
      measured.filter(isOverloaded),
      (names) => `Not all requests of the open loop could be sent: ${names} did not keep up.`,
    ),
    ...list(measured.filter(hasErrors), (names) => `Error replies or lost connections: ${names}.`),
    ...list(
      measured.filter(hasStarved),
      (names) => `Some clients got no answer at all in a round: ${names}.`,
    ),
  ];
}

function noise(cells: readonly Cell[]): string[] {
  const busy = foreignShareOf(cells);
  return [
    ...(busy > BUSY_CPU
      ? [`Noisy machine: others took up to ${percent(busy)} of the server's CPU meanwhile.`]
      : []),
    ...list(
      cells.filter(isScattered),
      (names) =>
        `Noisy: half of the rounds lie more than ${percent(NOISY_SPREAD)} off for ${names}.`,
    ),
  ];
}

function coldWarning({ target, scenario, warming }: Cell): string {
  const { elapsedMs, coldUs, finalUs, isFalling } = warming!;
  if (isFalling) return `Not warm: ${target} (${scenario}) became cheaper with each round.`;
  const span = `${time(coldUs)} an operation at first, ${time(finalUs)} at the end`;
  const loaded = `after ${time(elapsedMs * US_PER_MS)} of load (${span})`;
  return `Not warm: ${target} (${scenario}) ${loaded}. Longer: --warm-up.`;
}

/** The most that others took of the server's CPU in any round. */
export function foreignShareOf(cells: readonly Cell[]): number {
  return Math.max(0, ...everyClosed(cells).map((result) => result.foreignShare));
}

export function isBusy(share: number): boolean {
  return share > BUSY_CPU;
}

/** Its rounds lie too far apart for their median to be much of a figure. */
export function isScattered({ summary }: Cell): boolean {
  return summary !== null && summary.opsPerSecond.spread > NOISY_SPREAD;
}

/** Its cost had not stopped falling when it was measured. */
export function isCold({ warming }: Cell): boolean {
  return warming !== null && !warming.isWarm;
}

export function isTraced({ rounds }: Cell): boolean {
  return rounds.some(({ closed, open }) => Boolean(closed.cost?.tracer || open?.cost?.tracer));
}

export function isThin({ summary }: Cell): boolean {
  return summary?.latency != null && summary.latency.samples < FEWEST_SAMPLES;
}

export function isGeneratorFull({ rounds }: Cell): boolean {
  return rounds.some(({ closed }) => closed.generatorShare > FULL_GENERATOR);
}

/** Operations that were due and could not be sent: its latencies would be longer still. */
export function isOverloaded({ rounds }: Cell): boolean {
  return rounds.some(({ open }) => {
    if (open === null) return false;
    return open.unsent > UNSENT_SHARE * (open.unsent + open.operations);
  });
}

function hasErrors({ rounds }: Cell): boolean {
  return rounds.some(({ closed }) => closed.errors > 0 || closed.lost > 0);
}

function hasStarved({ rounds }: Cell): boolean {
  return rounds.some(({ closed }) => closed.starved > 0);
}

function everyClosed(cells: readonly Cell[]): LoadResult[] {
  return cells.flatMap(({ rounds }) => rounds.map(({ closed }) => closed));
}

/** One warning for all cells that it concerns, with the first few of them. */
function list(cells: readonly Cell[], say: (names: string) => string): string[] {
  if (cells.length === 0) return [];
  const names = cells.slice(0, MOST_NAMED).map((cell) => `${cell.target} (${cell.scenario})`);
  const more = cells.length - names.length;
  return [say(names.join(', ') + (more > 0 ? ` and ${more} more` : ''))];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const MOST_NAMED = 3;
const US_PER_MS = 1000;
