/** One scenario as a table for the terminal, at most 100 columns wide. */
import type { Cell } from '../../measure/cell.ts';
import { COLUMNS, insteadOf } from '../../measure/report/columns.ts';
import { count } from '../../measure/report/format.ts';
import type { Scenario } from '../../measure/scenarios.ts';

const WIDTH = 100;
const NAME_WIDTH = 21;

export function tableOf(scenario: Scenario, cells: readonly Cell[]): string {
  const titles = COLUMNS.map(({ title, width }) => pad(title, width));
  const head = `${'server'.padEnd(NAME_WIDTH)}${titles.join('')}`;
  return ['', heading(scenario, cells), head, ...cells.map(row)].join('\n');
}

function heading({ title }: Scenario, cells: readonly Cell[]): string {
  const offered = cells[0]?.offeredPerSecond ?? 0;
  const load = offered === 0 ? '' : `latency at ${count(offered)} ops/s`;
  return `${title}${load.padStart(WIDTH - title.length)}`;
}

function row(cell: Cell): string {
  const name = cell.target.padEnd(NAME_WIDTH);
  const { summary } = cell;
  if (summary === null) return shorten(`${name} ${insteadOf(cell)}`);
  return `${name}${COLUMNS.map((column) => pad(column.text(summary), column.width)).join('')}`;
}

/** Right-aligned, and never without a space before it. */
function pad(text: string, width: number): string {
  return ` ${text.padStart(width - 1)}`;
}

function shorten(text: string): string {
  const line = text.replaceAll('\n', ' ');
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`;
}
