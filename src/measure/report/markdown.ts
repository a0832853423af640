/** A comparison as Markdown, to be pasted into an issue. */
import type { Cell } from '../cell.ts';
import { COLUMNS, insteadOf } from './columns.ts';
import { environmentRows } from './environment-rows.ts';
import { cellsOf, type Report, type ReportedScenario } from './report.ts';
import {
  costSentence,
  idleScenarios,
  idleSentence,
  latencySentence,
  placeSentence,
  threadSentence,
  throughputSentence,
  warmthSentence,
} from './sentences.ts';

export function markdownOf(report: Report): string {
  const idle =
    idleScenarios(report).length < 2 ? [] : ['## Idle connections', idleSentence(report)];
  const blocks = [
    '# syskv compare',
    placeSentence(report),
    list(environmentRows(report).map(([name, value]) => `${name}: ${value}`)),
    ...(report.warnings.length === 0 ? [] : ['## Warnings', list(report.warnings)]),
    ...report.scenarios.flatMap((scenario) => section(report, scenario)),
    ...idle,
    '## Columns',
    list(COLUMNS.map(({ title, meaning }) => `**${title}**: ${meaning}`)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function section(report: Report, scenario: ReportedScenario): string[] {
  const cells = cellsOf(report, scenario.name);
  if (cells.length === 0) return [];
  const titles = ['server', ...COLUMNS.map(({ title }) => title)];
  const rule = titles.map((_, index) => (index === 0 ? '---' : '---:'));
  const rows = [titles, rule, ...cells.map(rowOf)];
  const say = [throughputSentence, latencySentence, costSentence, threadSentence, warmthSentence];
  return [
    `## ${scenario.title}`,
    scenario.question,
    rows.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    once(say.map((sentence) => sentence(report, scenario))),
  ];
}

/** Why there is no order is the same for all that have none: said once. */
function once(sentences: readonly string[]): string {
  return sentences.reduce((all, one) => (all.includes(one) ? all : `${all} ${one}`), '').trim();
}

function rowOf(cell: Cell): string[] {
  const { summary, warming } = cell;
  if (summary !== null)
    return [cell.target, ...COLUMNS.map((column) => column.text(summary, warming))];
  return [cell.target, quote(insteadOf(cell)), ...COLUMNS.slice(1).map(() => '')];
}

function quote(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${quote(line)}`).join('\n');
}
