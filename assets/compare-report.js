/**
 * Draws the curves of a comparison from the figures that the page carries. Runs in the browser, with
 * uPlot already there. Curves are drawn anew when the colour scheme or the width changes.
 */
(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const TALL = 340;
  const SHORT = 280;
  const NARROW = 600;
  const COLOURS = 12;
  const drawn = [];

  function style(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function summaryOf(scenario, target) {
    const isMeant = (cell) => cell.scenario === scenario && cell.target === target;
    return report.cells.find(isMeant)?.summary ?? null;
  }

  function formatTime(us) {
    if (us == null) return '–';
    if (us >= 1e6) return `${+(us / 1e6).toPrecision(3)} s`;
    if (us >= 1000) return `${+(us / 1000).toPrecision(3)} ms`;
    return `${+us.toPrecision(3)} µs`;
  }

  function formatCount(value) {
    return value == null ? '–' : Math.round(value).toLocaleString('en-US');
  }

  /** 90 % at 1, 99 % at 2, 99.9 % at 3: each step is ten times rarer. */
  function rarity(percentile) {
    return -Math.log10(1 - percentile / 100);
  }

  function formatPercentile(position) {
    if (position == null) return '–';
    const percentile = 100 * (1 - 10 ** -position);
    return `${+percentile.toFixed(Math.max(0, Math.ceil(position)))} %`;
  }

  function latencyData(scenario) {
    const series = report.targets.map(
      ({ name }) => summaryOf(scenario, name)?.latency?.curve ?? [],
    );
    const length = Math.max(...series.map((curve) => curve.length));
    const x = report.curvePercentiles.slice(0, length).map(rarity);
    return [x, ...series.map((curve) => x.map((_, index) => curve[index] ?? null))];
  }

  function idleData() {
    const scenarios = report.scenarios
      .filter(({ idleCurve }) => idleCurve !== null)
      .sort((a, b) => a.idleCurve - b.idleCurve);
    const ops = (scenario, target) => summaryOf(scenario.name, target)?.opsPerSecond.median ?? null;
    return [
      scenarios.map(({ idleCurve }) => idleCurve),
      ...report.targets.map(({ name }) => scenarios.map((scenario) => ops(scenario, name))),
    ];
  }

  function seriesOf(data, format) {
    return report.targets
      .map(({ name, reference }, index) => ({
        label: name,
        stroke: style(`--c${index % COLOURS}`),
        width: 2,
        dash: reference ? [6, 4] : undefined,
        points: { show: data[0].length < 8, size: 7 },
        value: (_, value) => format(value),
        values: data[index + 1],
      }))
      .filter(({ values }) => values.some((value) => value !== null));
  }

  function axis(values, { grid, ...rest } = {}) {
    const line = style('--line');
    return {
      stroke: style('--faint'),
      grid: { stroke: line, ...grid },
      ticks: { stroke: line },
      values,
      ...rest,
    };
  }

  /** The lines between the powers would hide the curves. */
  function powersOfTen(_, splits) {
    return splits.map((value) => (Math.log10(value) % 1 === 0 ? value : null));
  }

  function perCell(format) {
    return (_, splits) => splits.map((value) => (value === null ? '' : format(value)));
  }

  function latencyOptions(data) {
    const last = data[0].at(-1) ?? 1;
    return {
      scales: { x: { time: false, range: (_, min, max) => [min, max ?? last] }, y: { distr: 3 } },
      axes: [
        axis(perCell(formatPercentile), { splits: wholeSteps, space: 60 }),
        axis(perCell(formatTime), { size: 70, grid: { filter: powersOfTen } }),
      ],
      x: { label: 'answers', value: (_, value) => formatPercentile(value) },
      format: formatTime,
    };
  }

  /** Between two whole steps there is nothing that reads well, until they are far apart. */
  function wholeSteps(_, __, min, max) {
    const step = max - min > 1 ? 1 : (max - min) / 4;
    const first = max - min > 1 ? Math.ceil(min) : min;
    const splits = [];
    for (let at = first; at <= max + 1e-9; at += step) splits.push(at);
    return splits;
  }

  function idleOptions() {
    return {
      scales: {
        x: { time: false, distr: 3 },
        y: { range: (_, __, max) => [0, (max || 1) * 1.05] },
      },
      axes: [axis(perCell(formatCount)), axis(perCell(formatCount), { size: 70 })],
      x: { label: 'idle connections', value: (_, value) => formatCount(value) },
      format: (value) => (value == null ? '–' : `${formatCount(value)}/s`),
    };
  }

  function draw(element) {
    const isIdle = element.dataset.plot === 'idle';
    const data = isIdle ? idleData() : latencyData(element.dataset.scenario);
    const { scales, axes, x, format } = isIdle ? idleOptions() : latencyOptions(data);
    const series = seriesOf(data, format);
    element.replaceChildren();
    if (series.length === 0 || data[0].length === 0) return;
    const width = element.clientWidth;
    const options = {
      width,
      height: width < NARROW ? SHORT : TALL,
      scales,
      axes,
      series: [x, ...series.map(({ values, ...rest }) => rest)],
      cursor: { drag: { x: true, y: false } },
    };
    drawn.push(new uPlot(options, [data[0], ...series.map(({ values }) => values)], element));
    const hint = document.createElement('p');
    hint.className = 'hint';
    hint.textContent = 'Point to read values. Drag to zoom, double-click to zoom out.';
    element.append(hint);
  }

  function drawAll() {
    for (const plot of drawn.splice(0)) plot.destroy();
    for (const element of document.querySelectorAll('.plot')) draw(element);
  }

  function save() {
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
  document.getElementById('download').addEventListener('click', save);
  drawAll();
})();
