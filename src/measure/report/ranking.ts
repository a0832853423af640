/**
 * Which figures may be put in an order. A sentence that ranks has to be true of the next run, too:
 * it needs rounds that show their spread, a machine that had little else to do, and servers that
 * were warm.
 */
import type { Cell, Summary } from '../cell.ts';
import type { Figure } from '../statistics.ts';
import {
  FEWEST_ROUNDS,
  foreignShareOf,
  isBusy,
  isCold,
  isScattered,
  isTraced,
} from '../warnings.ts';
import { listed, percent, several } from './format.ts';
import type { Report } from './report.ts';

export interface Measured {
  readonly name: string;
  readonly cell: Cell;
  readonly summary: Summary;
}

/** Those that stand for a server: a floor answers a constant, and wins nothing. */
export function rankedIn(report: Report, cells: readonly Cell[]): Measured[] {
  return measuredIn(cells).filter(({ name, cell }) => !isFloor(report, name) && !isCold(cell));
}

export function measuredIn(cells: readonly Cell[]): Measured[] {
  return cells.flatMap((cell) =>
    cell.summary === null ? [] : [{ name: cell.target, cell, summary: cell.summary }],
  );
}

function isFloor({ targets }: Report, name: string): boolean {
  return targets.some((target) => target.name === name && target.isFloor);
}

/** Why nothing is put in an order here; '' where it may be. */
export function refusalOf({ settings }: Report, cells: readonly Cell[]): string {
  const share = foreignShareOf(cells);
  const namesWhere = (holds: (cell: Cell) => boolean) => [
    ...new Set(cells.filter(holds).map(({ target }) => target)),
  ];
  const scattered = namesWhere(isScattered);
  const traced = namesWhere(isTraced);
  if (settings.rounds < FEWEST_ROUNDS) {
    return `${several(settings.rounds, 'round')} of each can't show what chance does`;
  }
  if (traced.length > 0) return `a tracer was attached to ${listed(traced)}`;
  if (isBusy(share)) return `others took up to ${percent(share)} of the server's CPU`;
  if (scattered.length > 0) return `the rounds of ${listed(scattered)} lie too far apart`;
  return '';
}

/** The ends of an order, each with those whose rounds overlap with its own. */
export interface Ends {
  readonly first: readonly Measured[];
  /** None of the first ones; empty where the very last one is among them: then all are alike. */
  readonly last: readonly Measured[];
}

/** @param sorted best first, by what `of` gives; at least one. */
export function endsOf(sorted: readonly Measured[], of: (one: Summary) => Figure): Ends {
  const like = (other: Measured) => (one: Measured) => overlap(of(one.summary), of(other.summary));
  const first = sorted.filter(like(sorted[0]));
  const worst = sorted[sorted.length - 1];
  if (first.includes(worst)) return { first, last: [] };
  return { first, last: sorted.filter(like(worst)).filter((one) => !first.includes(one)) };
}

function overlap(a: Figure, b: Figure): boolean {
  return a.least <= b.most && b.least <= a.most;
}

/** `40,000`, or `39,000 to 40,000` of several. */
export function rangeOf(
  all: readonly Measured[],
  of: (summary: Summary) => Figure,
  text: (value: number) => string,
): string {
  const values = all.map(({ summary }) => of(summary).median);
  const [least, most] = [Math.min(...values), Math.max(...values)].map(text);
  return least === most ? least : `${least} to ${most}`;
}

export function namesOf(all: readonly Measured[]): string {
  return listed(all.map(({ name }) => name));
}
