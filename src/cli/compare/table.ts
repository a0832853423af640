/**
 * One scenario as a table for the terminal. Columns that have no room beside the first ones stand
 * below them, in a table of their own: nothing is cut off.
 */
import type { Cell } from '../../measure/cell.ts';
import { COLUMNS, type Column, insteadOf } from '../../measure/report/columns.ts';
import { count } from '../../measure/report/format.ts';
import type { Scenario } from '../../measure/scenarios.ts';
import { USUAL_WIDTH, wrapped } from './lines.ts';

const HEAD = 'server';

export function tableOf(
  scenario: Scenario,
  cells: readonly Cell[],
  width: number = USUAL_WIDTH,
): string {
  const names = Math.max(HEAD.length, ...cells.map(({ target }) => target.length));
  const measured = cells.filter(({ summary }) => summary !== null);
  const tables = groupsOf(width - names).map((columns) => [
    `${HEAD.padEnd(names)}${columns.map(({ title, width: own }) => pad(title, own)).join('')}`,
    ...measured.map((cell) => row(cell, columns, names)),
  ]);
  const reasons = cells.filter(({ summary }) => summary === null);
  return [
    '',
    ...heading(scenario, cells, width),
    ...(measured.length === 0
      ? []
      : tables.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]))),
    ...reasons.flatMap((cell) => reason(cell, names, width)),
  ].join('\n');
}

function heading({ title }: Scenario, cells: readonly Cell[], width: number): string[] {
  const offered = cells.find(({ rounds }) => rounds.some(({ open }) => open !== null));
  if (offered === undefined) return wrapped(title, width);
  const load = `latency at ${count(offered.offeredPerSecond)} ops/s`;
  const together = `${title}${load.padStart(width - title.length)}`;
  return title.length + load.length < width ? [together] : [...wrapped(title, width), load];
}

/** As many columns beside each other as there is room for. */
function groupsOf(room: number): Column[][] {
  const groups: Column[][] = [[]];
  let left = room;
  for (const column of COLUMNS) {
    if (column.width > left) {
      groups.push([]);
      left = room;
    }
    groups[groups.length - 1].push(column);
    left -= column.width;
  }
  return groups;
}

function row(cell: Cell, columns: readonly Column[], names: number): string {
  const { target, summary, warming } = cell;
  const texts = columns.map((column) => pad(column.text(summary!, warming), column.width));
  return `${target.padEnd(names)}${texts.join('')}`;
}

function reason(cell: Cell, names: number, width: number): string[] {
  const indent = ' '.repeat(names + 1);
  return wrapped(`${cell.target.padEnd(names)} ${insteadOf(cell)}`, width, indent);
}

/** Right-aligned, and never without a space before it. */
function pad(text: string, width: number): string {
  return ` ${text.padStart(width - 1)}`;
}
