/** What makes a figure less than it seems, said beside it, as hyperfine does. */
import type { Cell } from './cell.ts';
import type { LoadResult } from './load/job.ts';

/** Rounds that lie further apart than this show the machine rather than the server. */
const NOISY_SPREAD = 0.1;
/** Below three rounds a median is a mean or a single value. */
const FEWEST_ROUNDS = 3;
/** Ten samples beyond the 99.9th percentile. */
const FEWEST_SAMPLES = 10_000;
const FULL_GENERATOR = 0.95;
const BUSY_CPU = 0.1;

export interface Circumstances {
  readonly cells: readonly Cell[];
  readonly rounds: number;
  readonly pinned: boolean;
  readonly straceFailure: string;
  readonly interrupted: boolean;
}

export function warningsOf(about: Circumstances): string[] {
  const { cells, rounds, pinned, straceFailure, interrupted } = about;
  const measured = cells.filter((cell) => cell.summary !== null);
  return [
    ...(interrupted ? ['Stopped early: what is missing was not measured.'] : []),
    ...(rounds < FEWEST_ROUNDS
      ? [`Too few samples: ${rounds} round(s) show no spread; take ${FEWEST_ROUNDS} or more.`]
      : []),
    ...(pinned ? [] : ['Server and load shared all CPUs: fewer than two could be pinned.']),
    ...(straceFailure === '' ? [] : [`No system calls were counted: ${straceFailure}.`]),
    ...noise(measured),
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
    ...list(measured.filter(hasErrors), (names) => `Error replies or lost connections: ${names}.`),
  ];
}

function noise(cells: readonly Cell[]): string[] {
  const spread = cells.filter(({ summary }) => summary!.opsPerSecond.spread > NOISY_SPREAD);
  const busy = Math.max(0, ...everyClosed(cells).map((result) => result.foreignShare));
  return [
    ...(busy > BUSY_CPU
      ? [`Noisy machine: others took up to ${percent(busy)} of the server's CPU meanwhile.`]
      : []),
    ...list(
      spread,
      (names) => `Noisy: the rounds differ by more than ${percent(NOISY_SPREAD)} for ${names}.`,
    ),
  ];
}

function isTraced({ rounds }: Cell): boolean {
  return rounds.some(({ closed, open }) => Boolean(closed.cost?.tracer || open?.cost?.tracer));
}

function isThin({ summary }: Cell): boolean {
  return summary?.latency != null && summary.latency.samples < FEWEST_SAMPLES;
}

function isGeneratorFull({ rounds }: Cell): boolean {
  return rounds.some(({ closed }) => closed.generatorShare > FULL_GENERATOR);
}

function hasErrors({ rounds }: Cell): boolean {
  return rounds.some(({ closed }) => closed.errors > 0 || closed.lost > 0);
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
