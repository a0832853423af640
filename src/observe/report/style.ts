/** The report's style sheet: light and dark, and narrow enough for a phone. */
export const STYLE = `
:root {
  --page: #fbfbfa; --card: #ffffff; --ink: #1c1d21; --soft: #62656d; --faint: #8d9099;
  --rule: #e4e5e8; --band: #f4f4f2; --idle: #9a9da6; --accent: #2457d6; --shade: rgb(20 22 30 / .14);
  --c0: #2f6fde; --c1: #d9671e; --c2: #14905f; --c3: #b53b9b; --c4: #0a8fa8; --c5: #c63a45;
  --c6: #7452d1; --c7: #96770e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #131418; --card: #1a1c21; --ink: #e8e9ec; --soft: #a4a7b0; --faint: #7b7f89;
    --rule: #2c2f36; --band: #1f2127; --idle: #6d717b; --accent: #86a8ff; --shade: rgb(0 0 0 / .5);
    --c0: #6ea2ff; --c1: #f5944f; --c2: #3cc58d; --c3: #e277cb; --c4: #3fc4dd; --c5: #f27680;
    --c6: #a68cf5; --c7: #d3b147;
  }
}
* { box-sizing: border-box; }
html { background: var(--page); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  margin: 0 auto; max-width: 1240px; padding: clamp(1rem, 3vw, 2.5rem) clamp(.9rem, 3vw, 2.5rem);
}
code { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.command { color: var(--soft); margin: 0; font-size: .875rem; overflow-wrap: anywhere; }
h1 {
  font-size: clamp(1.25rem, 1rem + 1.2vw, 1.75rem); line-height: 1.25; letter-spacing: -.015em;
  margin: .35rem 0 .5rem; max-width: 46em; text-wrap: balance;
}
.name { white-space: nowrap; }
.proof { color: var(--soft); margin: 0 0 .3rem; max-width: 46em; }
h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; }
.timeline {
  background: var(--card); border: 1px solid var(--rule); border-radius: 12px; margin-top: 1.4rem;
  padding: .8rem 0 .4rem; box-shadow: 0 1px 2px rgb(0 0 0 / .04);
}
.tools {
  display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; align-items: center;
  justify-content: space-between; padding: 0 1rem .6rem;
}
.legend {
  flex: 1 1 16rem; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 0; padding: 0;
  color: var(--soft); font-size: .8rem;
}
.legend li { display: flex; align-items: center; gap: .4rem; }
.key { width: 22px; height: 12px; border-radius: 3px; display: inline-block; }
.key.call { background: var(--c0); }
.key.blocked, .share b {
  background: repeating-linear-gradient(-45deg, var(--c0) 0 2px, transparent 2px 5px),
    color-mix(in srgb, var(--c0) 18%, transparent);
}
.key.idle {
  background: repeating-linear-gradient(-45deg, var(--idle) 0 2px, transparent 2px 5px),
    color-mix(in srgb, var(--idle) 18%, transparent);
}
.key.failed { opacity: .5; }
.key.queue { border: 1.5px dotted var(--c1); background: color-mix(in srgb, var(--c1) 12%, transparent); }
.key.backlog { border: 1.5px dashed var(--c1); background: color-mix(in srgb, var(--c1) 12%, transparent); }
.key.open { background: color-mix(in srgb, var(--c0) 15%, transparent); }
.zoom { display: flex; gap: 4px; }
.zoom button {
  font: inherit; font-size: .85rem; min-width: 2.1rem; height: 2rem; padding: 0 .6rem; cursor: pointer;
  color: var(--ink); background: var(--band); border: 1px solid var(--rule); border-radius: 7px;
}
.zoom button:hover { border-color: var(--faint); }
button:focus-visible, #chart:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
#chart { touch-action: pan-y; cursor: grab; outline-offset: -2px; user-select: none; }
#chart.moving { cursor: grabbing; }
#chart svg { display: block; width: 100%; }
#chart text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
#chart .group { fill: var(--faint); font-size: 11px; letter-spacing: .06em; text-transform: uppercase; }
#chart .sub, #chart .tick { fill: var(--soft); font-size: 11px; }
#chart .tick { font-variant-numeric: tabular-nums; }
#chart .grid { stroke: var(--rule); }
#chart .band { fill: var(--band); }
#chart .bar { stroke: none; }
#chart .bar.failed { opacity: .55; }
#chart .bar:hover, #chart .bar.on { stroke: var(--ink); stroke-width: 1.5; }
#chart .on-bar { fill: #fff; pointer-events: none; font-size: 11px; }
#chart .in-hatch { fill: var(--ink); pointer-events: none; font-size: 11px; paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
@media (prefers-color-scheme: dark) { #chart .on-bar { fill: #0e0f12; } }
.cx { --c: var(--idle); } .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); }
.c3 { --c: var(--c3); } .c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); }
.c7 { --c: var(--c7); }
#chart .call { fill: var(--c); }
#chart .hatch-ground { fill: var(--c); opacity: .16; }
#chart .hatch-line { stroke: var(--c); stroke-width: 2; }
#chart .open { fill: var(--c); opacity: .13; }
#chart .backlog { fill: var(--c); fill-opacity: .1; stroke: var(--c); stroke-width: 1.5; stroke-dasharray: 4 3; }
#chart .queue { fill: var(--c); fill-opacity: .1; stroke: var(--c); stroke-width: 2; stroke-dasharray: 1 4; stroke-linecap: round; }
#chart .dot { fill: var(--c); }
.hint { color: var(--faint); font-size: .78rem; margin: .5rem 0 .3rem; }
.timeline .hint { padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .36rem .8rem .36rem 0; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 500; font-size: .78rem; }
th:first-child, td:nth-child(2):has(+ td code), td code, .words { text-align: left; }
th[scope=row] { text-align: left; font-weight: 400; }
.share { width: 34%; min-width: 110px; text-align: left; }
.share i { display: block; height: 11px; border-radius: 3px; background: var(--c0); min-width: 2px; overflow: hidden; }
.share b { display: block; height: 100%; background-color: var(--card); }
details table td { text-align: left; } details table { font-size: .8rem; }
details .words { white-space: normal; overflow-wrap: anywhere; color: var(--c); min-width: 14em; }
details thead th { text-align: left; }
summary { cursor: pointer; margin: 2rem 0 .6rem; font-weight: 600; }
caption { text-align: left; color: var(--faint); }
#note {
  position: fixed; z-index: 2; max-width: min(420px, calc(100vw - 24px)); pointer-events: none;
  background: var(--card); border: 1px solid var(--rule); border-radius: 9px; padding: .6rem .75rem;
  box-shadow: 0 6px 24px var(--shade); font-size: .82rem; line-height: 1.4;
}
#note b { font-weight: 600; } #note .when { color: var(--soft); }
#note code { display: block; color: var(--soft); font-size: .75rem; overflow-wrap: anywhere; margin-top: .3rem; }
#note .what { color: var(--c); font-weight: 600; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .share { display: none; } th, td { padding-right: .6rem; }
  .timeline { margin-inline: -.5rem; }
}
@media print { .zoom, .hint { display: none; } }
`;
