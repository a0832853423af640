/**
 * A comparison as one HTML file that needs nothing but itself: styles, scripts and figures are in
 * it. Bars are plain markup, readable without scripts; curves, where a reader wants to look
 * closely, are drawn by uPlot, whose own file is inlined.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { packageFile } from '../../paths.ts';
import type { Cell, Summary } from '../cell.ts';
import { isCold } from '../warnings.ts';
import { COLUMNS, insteadOf } from './columns.ts';
import { environmentRows } from './environment-rows.ts';
import { count, several, time } from './format.ts';
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
import { STYLE } from './style.ts';

/** Compiled by itself: the browser's part knows the browser's types, and no others. */
const SCRIPT = packageFile('dist/measure/page/compare.js');

export function htmlOf(report: Report): string {
  const idle = idleScenarios(report).length < 2 ? '' : idleSection(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>syskv compare</title>
<style>
${library('uPlot.min.css')}
${STYLE}
</style>
</head>
<body>
<main>
${header(report)}
${idle}
${report.scenarios.map((scenario) => section(report, scenario)).join('\n')}
${footer(report)}
</main>
<script type="application/json" id="report">${inScript(JSON.stringify(report))}</script>
<script>
${library('uPlot.iife.min.js')}
</script>
<script type="module">
${readFileSync(SCRIPT, 'utf8').replace(SOURCE_MAP, '')}
</script>
</body>
</html>
`;
}

function header(report: Report): string {
  const models = report.targets.filter(({ reference }) => !reference).length;
  const keys = report.targets.map(
    ({ name }) => `<span>${swatch(report, name)}${markup(name)}</span>`,
  );
  const links = report.scenarios.map(
    ({ name, title }) => `<a href="#${name}">${markup(title)}</a>`,
  );
  return `<header>
<h1>syskv compare</h1>
<p>${several(models, 'I/O model')}, ${several(report.scenarios.length, 'scenario')}, one machine. ${prose(placeSentence(report))}</p>
${warningList(report.warnings)}
<p class="keys">${keys.join(' ')}</p>
<nav>${links.join(' ')}</nav>
</header>`;
}

function warningList(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const items = warnings.map((warning) => `<li>${markup(warning)}</li>`).join('');
  return `<aside class="warnings"><h2>Read these first</h2><ul>${items}</ul></aside>`;
}

function idleSection(report: Report): string {
  return `<section id="idle">
<h2>Throughput against idle connections</h2>
<div class="plot" data-plot="idle"></div>
<p>${prose(idleSentence(report))}</p>
</section>`;
}

function section(report: Report, scenario: ReportedScenario): string {
  const cells = cellsOf(report, scenario.name);
  if (cells.length === 0) return '';
  const threads = threadSentence(report, scenario);
  const thread = threads === '' ? '' : `<p>${prose(threads)}</p>`;
  const warming = warmingPart(report, scenario);
  return `<section id="${scenario.name}">
<h2>${markup(scenario.title)}</h2>
<p class="question">${markup(scenario.question)}</p>
<h3>Throughput, operations per second</h3>
${bars(report, cells, throughputBar)}
<p>${prose(throughputSentence(report, scenario))}</p>
<h3>Latency</h3>
<div class="plot" data-plot="latency" data-scenario="${scenario.name}"></div>
<p>${prose(latencySentence(report, scenario))}</p>
<h3>CPU time of an operation:
<span class="key-user">server</span> and <span class="key-system">kernel</span></h3>
${bars(report, cells.filter(isMeasured), costBar)}
<p>${prose(costSentence(report, scenario))}</p>
${thread}${warming}
<details><summary>Figures</summary>${table(cells)}</details>
</section>`;
}

/** Where a warm-up was looked at: what an operation cost meanwhile. */
function warmingPart(report: Report, scenario: ReportedScenario): string {
  const sentence = warmthSentence(report, scenario);
  if (sentence === '') return '';
  return `<h3>Becoming warm: CPU time of an operation, after so many of them</h3>
<div class="plot" data-plot="warming" data-scenario="${scenario.name}"></div>
<p>${prose(sentence)}</p>`;
}

function isMeasured({ summary }: Cell): boolean {
  return summary !== null;
}

interface Bar {
  /** Parts of its length, in any unit that all bars of a figure share. */
  readonly parts: ReadonlyArray<{ readonly kind: string; readonly length: number }>;
  readonly label: string;
  readonly hint: string;
}

function throughputBar({ opsPerSecond: { median, least, most } }: Summary): Bar {
  return {
    parts: [{ kind: 'whole', length: median }],
    label: count(median),
    hint: `${count(least)} to ${count(most)} operations/s`,
  };
}

function costBar({ userUs, systemUs, cpuUs }: Summary): Bar {
  return {
    parts: [
      { kind: 'user', length: userUs },
      { kind: 'system', length: systemUs },
    ],
    label: cpuUs === null ? '–' : time(cpuUs.median),
    hint: `server ${time(userUs)}, kernel ${time(systemUs)}`,
  };
}

function bars(report: Report, cells: readonly Cell[], barOf: (summary: Summary) => Bar): string {
  const drawn = cells.map((cell) => ({ cell, bar: cell.summary && barOf(cell.summary) }));
  const longest = Math.max(...drawn.map(({ bar }) => (bar === null ? 0 : lengthOf(bar))));
  const rows = drawn.map(({ cell, bar }) => {
    const name = `<span class="name">${markup(cell.target)}${isCold(cell) ? NOT_WARM : ''}</span>`;
    if (bar === null) {
      const instead = `<span class="instead">${markup(insteadOf(cell))}</span>`;
      return `<div class="row">${name}${instead}</div>`;
    }
    const parts = bar.parts.map(({ kind, length }) => {
      const width = longest === 0 ? 0 : (length / longest) * 100;
      const look = `width:${width.toFixed(2)}%;--c:${colour(report, cell.target)}`;
      return `<i class="${kind}" style="${look}"></i>`;
    });
    const track = `<span class="track" title="${markup(bar.hint)}">${parts.join('')}</span>`;
    return `<div class="row">${name}${track}<span class="value">${bar.label}</span></div>`;
  });
  return `<div class="bars">${rows.join('')}</div>`;
}

function lengthOf({ parts }: Bar): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function table(cells: readonly Cell[]): string {
  const head = COLUMNS.map(({ title, meaning }) => `<th title="${markup(meaning)}">${title}</th>`);
  const rows = cells.map((cell) => {
    const { summary, warming } = cell;
    const name = `<th scope="row">${markup(cell.target)}</th>`;
    if (summary === null) {
      const instead = markup(insteadOf(cell));
      return `<tr>${name}<td class="instead" colspan="${COLUMNS.length}">${instead}</td></tr>`;
    }
    const figures = COLUMNS.map(
      (column) => `<td data-title="${column.title}">${column.text(summary, warming)}</td>`,
    );
    return `<tr>${name}${figures.join('')}</tr>`;
  });
  const meanings = COLUMNS.map(({ title, meaning }) => `<b>${title}</b> ${markup(meaning)}`);
  return `<div class="scroll"><table><thead><tr><th>server</th>${head.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div><p class="meanings">${meanings.join(' · ')}</p>`;
}

function footer(report: Report): string {
  const rows = environmentRows(report).map(
    ([name, value]) => `<dt>${markup(name)}</dt><dd>${markup(value)}</dd>`,
  );
  return `<footer><h2>Where this was measured</h2><dl>${rows.join('')}</dl>
<p><button type="button" id="download">Save the raw numbers as JSON</button></p></footer>`;
}

function swatch(report: Report, target: string): string {
  return `<i class="swatch" style="--c:${colour(report, target)}"></i>`;
}

/** A server has one colour everywhere, in the order of the report. */
function colour({ targets }: Report, name: string): string {
  return `var(--c${targets.findIndex((target) => target.name === name) % COLOURS})`;
}

/** A number and its unit stay on one line. */
function prose(sentence: string): string {
  return markup(sentence).replaceAll(/(\d) (%|ns|µs|ms|s|×|MiB)(?!\w)/g, '$1&nbsp;$2');
}

function markup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Nothing in it may end the script element. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c');
}

function library(name: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8');
}

const NOT_WARM = ' <em>not warm</em>';
const SOURCE_MAP = /^\/\/# sourceMappingURL=.*$/m;
/** As many as the style sheet names. */
const COLOURS = 14;
