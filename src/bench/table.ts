/** Cells and goals for the terminal, at most 100 columns wide. */
import { wrapped } from '../cli/compare/lines.ts';
import { count, percent } from '../measure/report/format.ts';
import { COLUMNS, latencyOrigin, loadsOf, rowsOf } from './columns.ts';
import type { Verdict } from './goals.ts';
import type { LoadCheck, PeerResult } from './result.ts';
import { readingLines, type TrialResult } from './trials/trial.ts';

const WIDTH = 100;
const NAME_WIDTH = 13;
const GOAL_WIDTH = 64;
const BOUND_WIDTH = 23;
const FIGURE_WIDTH = 9;
const READING_WIDTH = 12;
const LOAD_WIDTH = 26;
const CHECK_WIDTH = 9;

/** @param name of the cell, to be asked for with --cells. */
export function tableOf(
  name: string,
  title: string,
  results: readonly PeerResult[],
  standard: string,
): string {
  const head = `${''.padEnd(NAME_WIDTH)}${COLUMNS.map((one) => pad(one.title, one.width)).join('')}`;
  const rows = rowsOf(results, standard).map(({ peer, texts }) => {
    if (texts.length === 1) return reasonOf(peer, texts[0]);
    const cells = texts.map((text, index) => pad(text, COLUMNS[index].width));
    return `${peer.padEnd(NAME_WIDTH)}${cells.join('')}`;
  });
  const origin = latencyOrigin(results);
  const lines = [...wrapped(`${title} [${name}]`, WIDTH), origin, head, ...rows];
  return ['', ...lines, ...loadLines(results)].map((line) => line.trimEnd()).join('\n');
}

function loadLines(results: readonly PeerResult[]): string[] {
  const lines = loadsOf(results);
  if (lines.length === 0) return [];
  const open = results.find((one) => one.open.length > 1)?.open ?? [];
  const titles = open.map(
    ({ share, ratePerSecond }) => `at ${percent(share)}, ${count(ratePerSecond)}/s`,
  );
  const head = { peer: 'p50 p99 p99.9', texts: titles };
  return [head, ...lines].map(
    ({ peer, texts }) =>
      peer.padEnd(NAME_WIDTH) + texts.map((text) => pad(text, LOAD_WIDTH)).join(''),
  );
}

/** How far the two loads lie apart on what both can do. */
export function checkTableOf(checks: readonly LoadCheck[]): string {
  if (checks.length === 0) return '';
  const rows = checks.map(({ peer, opsRatio, cpuRatio }) => {
    const ratios = [opsRatio, cpuRatio].map((ratio) => pad(`${ratio.toFixed(2)}×`, CHECK_WIDTH));
    return `${peer.padEnd(NAME_WIDTH)}${ratios.join('')}`;
  });
  const titles = ['ops/s', 'cpu/op'].map((title) => pad(title, CHECK_WIDTH)).join('');
  const title = `The generator's figures over redis-benchmark's  [${checks[0].cell}]`;
  return ['', title, `${''.padEnd(NAME_WIDTH)}${titles}`, ...rows].join('\n');
}

/** What a trial found: a figure a line. */
export function trialTableOf(result: TrialResult): string {
  const head = ['', 'median', 'least', 'most'];
  const lines = [head, ...readingLines(result)].map(([figure, ...texts]) => {
    const columns = texts.map((text) => pad(text, READING_WIDTH)).join('');
    return `${figure.padEnd(GOAL_WIDTH)}${columns}`.trimEnd();
  });
  return ['', ...wrapped(`${result.title} [${result.name}]`, WIDTH), ...lines].join('\n');
}

/** The goals that were measured. */
export function goalTableOf(verdicts: readonly Verdict[]): string {
  const known = verdicts.filter(({ reached }) => reached !== null);
  if (known.length === 0) return '';
  const rows = known.map(({ goal, bound, figure, reached }) =>
    [
      goal.padEnd(GOAL_WIDTH),
      bound.padEnd(BOUND_WIDTH),
      pad(figure, FIGURE_WIDTH),
      reached ? '  yes' : '  NO',
    ].join(''),
  );
  return ['', 'Goals', ...rows, goalSentence(verdicts)].join('\n');
}

export function goalSentence(verdicts: readonly Verdict[]): string {
  const known = verdicts.filter(({ reached }) => reached !== null);
  const reached = known.filter((one) => one.reached).length;
  const rest = verdicts.length - known.length;
  const others = rest === 0 ? '' : `; ${rest} were not measured (--goals measures them)`;
  return `${reached} of ${known.length} goals reached${others}.`;
}

/** Right-aligned, and never without a space before it. */
function pad(text: string, width: number): string {
  return ` ${text.padStart(width - 1)}`;
}

/** Whole, over as many lines as it takes. */
function reasonOf(peer: string, text: string): string {
  const indent = ' '.repeat(NAME_WIDTH + 1);
  return wrapped(`${peer.padEnd(NAME_WIDTH)} ${text}`, WIDTH, indent).join('\n');
}
