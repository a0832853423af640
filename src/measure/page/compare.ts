/**
 * Draws a comparison's curves from the figures that the page carries. Runs in the browser, with
 * uPlot already there. Curves are drawn anew when the colour scheme or the width changes.
 */
import type UPlot from 'uplot';

declare const uPlot: typeof UPlot;

/** Of the report, what is drawn. */
interface Report {
  readonly targets: ReadonlyArray<{ readonly name: string; readonly reference: boolean }>;
  readonly scenarios: ReadonlyArray<{ readonly name: string; readonly idleCurve: number | null }>;
  readonly curvePercentiles: readonly number[];
  readonly cells: ReadonlyArray<{
    readonly scenario: string;
    readonly target: string;
    readonly summary: Summary | null;
    readonly warming: { readonly blocks: readonly Block[] } | null;
  }>;
}

interface Summary {
  readonly opsPerSecond: { readonly median: number };
  readonly latency: { readonly curve: readonly number[] } | null;
}

/** A part of a warm-up. */
interface Block {
  readonly operations: number;
  readonly cpuUs: number;
}

/** Positions, then a row of values for each target; null: nothing was measured there. */
type Rows = [number[], ...(number | null)[][]];
type Format = (value: number | null) => string;

interface Look {
  readonly scales: UPlot.Scales;
  readonly axes: UPlot.Axis[];
  readonly x: UPlot.Series;
  readonly format: Format;
}

const report: Report = JSON.parse(document.getElementById('report')?.textContent ?? '');
const TALL = 340;
const SHORT = 280;
const NARROW = 600;
const BESIDE = 36;
/** As many as the style sheet names. */
const COLOURS = 14;
/** Between two positions of a curve that has none of its own. */
const STEP = 1.1;
const NONE = '–';
const drawn: UPlot[] = [];

function style(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function summaryOf(scenario: string, target: string): Summary | null {
  const cell = report.cells.find((one) => one.scenario === scenario && one.target === target);
  return cell?.summary ?? null;
}

function formatTime(us: number | null): string {
  if (us === null) return NONE;
  if (us >= 1e6) return `${+(us / 1e6).toPrecision(3)} s`;
  if (us >= 1000) return `${+(us / 1000).toPrecision(3)} ms`;
  if (us > 0 && us < 1) return `${+(us * 1000).toPrecision(3)} ns`;
  return `${+us.toPrecision(3)} µs`;
}

function formatCount(value: number | null): string {
  return value === null ? NONE : Math.round(value).toLocaleString('en-US');
}

/** `10 k`, `1 M`: on a phone there is no room for noughts. */
function formatShort(value: number | null): string {
  if (value === null || value < 1000) return formatCount(value);
  return value < 1e6 ? `${value / 1000} k` : `${value / 1e6} M`;
}

/** 90 % at 1, 99 % at 2, 99.9 % at 3: each step is ten times rarer. */
function rarity(percentile: number): number {
  return -Math.log10(1 - percentile / 100);
}

function formatPercentile(position: number | null): string {
  if (position === null) return NONE;
  const percentile = 100 * (1 - 10 ** -position);
  return `${+percentile.toFixed(Math.max(0, Math.ceil(position)))} %`;
}

function latencyRows(scenario: string): Rows {
  const curves = report.targets.map(({ name }) => summaryOf(scenario, name)?.latency?.curve ?? []);
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  const x = report.curvePercentiles.slice(0, length).map(rarity);
  return [x, ...curves.map((curve) => x.map((_, index) => curve[index] ?? null))];
}

function idleRows(): Rows {
  const scenarios = report.scenarios
    .flatMap(({ name, idleCurve }) => (idleCurve === null ? [] : [{ name, idleCurve }]))
    .sort((a, b) => a.idleCurve - b.idleCurve);
  const rows = report.targets.map(({ name }) =>
    scenarios.map((scenario) => summaryOf(scenario.name, name)?.opsPerSecond.median ?? null),
  );
  return [scenarios.map(({ idleCurve }) => idleCurve), ...rows];
}

/** What an operation cost after so many of them: the block that this operation was in. */
function warmingRows(scenario: string): Rows {
  const curves = report.targets.map(({ name }) => {
    const cell = report.cells.find((one) => one.scenario === scenario && one.target === name);
    return costsOf(cell?.warming?.blocks ?? []);
  });
  const ends = curves.flatMap((curve) => curve.map(({ until }) => until));
  if (ends.length === 0) return [[]];
  const x = steps(Math.min(...ends), Math.max(...ends));
  return [x, ...curves.map((curve) => x.map((at) => costAt(curve, at)))];
}

interface Cost {
  readonly until: number;
  readonly us: number;
}

function costsOf(blocks: readonly Block[]): Cost[] {
  let until = 0;
  return blocks.flatMap(({ operations, cpuUs }) => {
    until += operations;
    return operations === 0 ? [] : [{ until, us: cpuUs / operations }];
  });
}

/** null beyond the last one: the server was not loaded for so long. */
function costAt(curve: readonly Cost[], operations: number): number | null {
  return curve.find(({ until }) => operations <= until)?.us ?? null;
}

/** Each a little more than the one before: even steps on a logarithmic axis. */
function steps(from: number, to: number): number[] {
  const all = [from];
  for (let at = from * STEP; at < to; at *= STEP) all.push(Math.round(at));
  return to > from ? [...all, to] : all;
}

interface Line {
  readonly series: UPlot.Series;
  readonly values: (number | null)[];
}

function linesOf([x, ...rows]: Rows, format: Format): Line[] {
  const lines = report.targets.map(({ name, reference }, index) => ({
    series: {
      label: name,
      stroke: style(`--c${index % COLOURS}`),
      width: 2,
      ...(reference ? { dash: [6, 4] } : {}),
      points: { show: x.length < 8, size: 7 },
      value: (_: UPlot, value: number | null) => format(value),
    },
    values: rows[index],
  }));
  return lines.filter(({ values }) => values.some((value) => value !== null));
}

function axis(format: Format, grid: UPlot.Axis.Grid, rest: UPlot.Axis): UPlot.Axis {
  const stroke = style('--line');
  return {
    stroke: style('--faint'),
    grid: { stroke, ...grid },
    ticks: { stroke },
    values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))),
    ...rest,
  };
}

/** The lines between the powers would hide the curves. */
function powersOfTen(_: UPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Math.log10(value) % 1 === 0 ? value : null));
}

function latencyLook(): Look {
  return {
    scales: { x: { time: false }, y: { distr: 3 } },
    axes: [
      axis(formatPercentile, {}, { splits: wholeSteps, space: 60 }),
      axis(formatTime, { filter: powersOfTen }, { size: 70 }),
    ],
    x: { label: 'answers', value: (_, value) => formatPercentile(value) },
    format: formatTime,
  };
}

/** Between two whole steps there is nothing that reads well, until they are far apart. */
function wholeSteps(_: UPlot, __: number, min: number, max: number): number[] {
  const isWide = max - min > 1;
  const step = isWide ? 1 : (max - min) / 4;
  const splits: number[] = [];
  for (let at = isWide ? Math.ceil(min) : min; at <= max + 1e-9; at += step) splits.push(at);
  return splits;
}

function idleLook(): Look {
  return {
    scales: {
      x: { time: false, distr: 3 },
      y: { range: (_, __, max) => [0, (max || 1) * 1.05] },
    },
    axes: [axis(formatCount, { filter: powersOfTen }, {}), axis(formatCount, {}, { size: 70 })],
    x: { label: 'idle connections', value: (_, value) => formatCount(value) },
    format: (value) => (value === null ? NONE : `${formatCount(value)}/s`),
  };
}

function warmingLook(): Look {
  return {
    scales: { x: { time: false, distr: 3 }, y: { distr: 3 } },
    axes: [
      axis(formatShort, { filter: powersOfTen }, {}),
      axis(formatTime, { filter: powersOfTen }, { size: 70 }),
    ],
    x: { label: 'operations', value: (_, value) => formatCount(value) },
    format: formatTime,
  };
}

function plotOf(kind: string, scenario: string): [Rows, Look] {
  if (kind === 'idle') return [idleRows(), idleLook()];
  if (kind === 'warming') return [warmingRows(scenario), warmingLook()];
  return [latencyRows(scenario), latencyLook()];
}

function draw(element: HTMLElement): void {
  const { plot = '', scenario = '' } = element.dataset;
  const [rows, { scales, axes, x, format }] = plotOf(plot, scenario);
  const lines = linesOf(rows, format);
  element.replaceChildren();
  if (lines.length === 0 || rows[0].length === 0) return;
  const width = element.clientWidth;
  const options: UPlot.Options = {
    width,
    height: width < NARROW ? SHORT : TALL,
    scales,
    axes,
    // The last number below the axis stands half beyond its end.
    padding: [null, BESIDE, null, null],
    series: [x, ...lines.map(({ series }) => series)],
    cursor: { drag: { x: true, y: false } },
  };
  drawn.push(new uPlot(options, [rows[0], ...lines.map(({ values }) => values)], element));
  const hint = document.createElement('p');
  hint.className = 'hint';
  hint.textContent = 'Point to read values. Drag to zoom, double-click to zoom out.';
  element.append(hint);
}

function drawAll(): void {
  for (const plot of drawn.splice(0)) plot.destroy();
  for (const element of document.querySelectorAll<HTMLElement>('.plot')) draw(element);
}

function save(): void {
  const link = document.createElement('a');
  const blob = new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' });
  link.href = URL.createObjectURL(blob);
  link.download = 'syskv-compare.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

let width = window.innerWidth;
addEventListener('resize', () => {
  // A phone's address bar changes the height alone.
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  drawAll();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
document.getElementById('download')?.addEventListener('click', save);
drawAll();
