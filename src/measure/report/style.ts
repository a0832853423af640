/** How a comparison looks: light and dark, on a desk and on a phone. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #fff;
  --ink: #1c2128;
  --faint: #5b6470;
  --line: #d5dae1;
  --panel: #f4f6f8;
  --alarm: #fff4d6;
  --c0: #b4570c;
  --c1: #8250df;
  --c2: #0969da;
  --c3: #bf3989;
  --c4: #6e7781;
  --c5: #9a6700;
  --c6: #1a7f37;
  --c7: #0e8a8a;
  --c8: #cf222e;
  --c9: #4338ca;
  --c10: #57606a;
  --c11: #2f6f4f;
  --c12: #7a5c00;
  --c13: #5a3e85;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c;
    --ink: #e6eaf0;
    --faint: #9aa5b3;
    --line: #303844;
    --panel: #1a2029;
    --alarm: #3a2f12;
    --c0: #f0883e;
    --c1: #b494ff;
    --c2: #58a6ff;
    --c3: #f778ba;
    --c4: #a5b0bc;
    --c5: #e3b341;
    --c6: #3fb950;
    --c7: #39c5cf;
    --c8: #ff7b72;
    --c9: #a5a0ff;
    --c10: #c9d1d9;
    --c11: #7ee2b8;
    --c12: #d9c27a;
    --c13: #cbb2f5;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font:
    16px / 1.5 system-ui,
    sans-serif;
}
main {
  max-width: 60rem;
  margin: 0 auto;
  padding: 1rem;
}
h1 {
  margin: 0.5rem 0;
}
h2 {
  margin: 0;
  font-size: 1.35rem;
}
h3 {
  margin: 1.5rem 0 0.4rem;
  font-size: 1rem;
}
section {
  margin: 2.5rem 0;
  padding-top: 1rem;
  border-top: 1px solid var(--line);
}
.question,
.meanings,
dt {
  color: var(--faint);
}
em {
  color: var(--faint);
}
.meanings {
  font-size: 0.85rem;
}
nav a {
  display: inline-block;
  margin: 0 0.8rem 0.3rem 0;
  color: var(--c2);
}
.keys span {
  display: inline-block;
  margin-right: 0.9rem;
  white-space: nowrap;
}
.swatch {
  display: inline-block;
  width: 0.8em;
  height: 0.8em;
  margin-right: 0.35em;
  border-radius: 2px;
  background: var(--c);
}
.warnings {
  padding: 0.8rem 1rem;
  border-radius: 6px;
  background: var(--alarm);
}
.warnings h2 {
  font-size: 1rem;
}
.warnings ul {
  margin: 0.3rem 0 0;
  padding-left: 1.2rem;
}
.row {
  display: grid;
  grid-template-columns: 12.5rem 1fr 6rem;
  align-items: center;
  gap: 0.6rem;
  min-height: 1.7rem;
}
.name,
.value {
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.value {
  text-align: right;
}
.track {
  display: flex;
  height: 1.1rem;
}
.track i {
  display: block;
  min-width: 1px;
  background: var(--c);
}
.track .system {
  background: repeating-linear-gradient(
    135deg,
    var(--c) 0 4px,
    color-mix(in srgb, var(--c) 45%, var(--ground)) 4px 8px
  );
}
.key-user,
.key-system {
  padding: 0 0.3em;
  border: 1px solid var(--faint);
  border-radius: 3px;
}
.key-system {
  background: repeating-linear-gradient(135deg, var(--line) 0 4px, transparent 4px 8px);
}
.instead {
  grid-column: 2 / -1;
  color: var(--faint);
  font-style: italic;
}
td.instead {
  text-align: left;
}
.plot {
  margin: 0.5rem 0;
}
.plot .hint {
  margin: 0;
  color: var(--faint);
  font-size: 0.85rem;
}
.u-legend {
  color: var(--ink);
  font-size: 0.85rem;
}
.u-legend .u-series > * {
  padding: 2px 4px;
}
.u-select {
  background: color-mix(in srgb, var(--c2) 25%, transparent);
}
.scroll {
  overflow-x: auto;
}
table {
  border-collapse: collapse;
  font-size: 0.82rem;
  font-variant-numeric: tabular-nums;
}
.scroll th,
.scroll td {
  padding: 0.25rem 0.3rem;
  border-bottom: 1px solid var(--line);
  text-align: right;
  white-space: nowrap;
}
.scroll th:first-child {
  text-align: left;
}
dl {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.2rem 1rem;
}
dd {
  margin: 0;
  overflow-wrap: anywhere;
}
summary,
button {
  cursor: pointer;
}
button {
  padding: 0.4rem 0.8rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--panel);
  color: var(--ink);
  font: inherit;
}
@media (max-width: 58rem) {
  .scroll thead {
    display: none;
  }
  .scroll,
  .scroll table,
  .scroll tbody {
    display: block;
  }
  .scroll tr {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr));
    gap: 0 1rem;
    padding: 0.5rem 0;
    border-bottom: 1px solid var(--line);
  }
  .scroll th,
  .scroll td {
    padding: 0.1rem 0;
    border: 0;
    white-space: normal;
  }
  .scroll th,
  .scroll .instead {
    grid-column: 1 / -1;
  }
  .scroll td[data-title] {
    display: flex;
    justify-content: space-between;
  }
  .scroll td[data-title]::before {
    content: attr(data-title);
    color: var(--faint);
  }
}
@media (max-width: 36rem) {
  .row {
    grid-template-columns: 1fr 5.5rem;
    gap: 0 0.6rem;
    margin-bottom: 0.4rem;
  }
  .row .name {
    grid-column: 1 / -1;
    font-size: 0.9rem;
  }
  .instead {
    grid-column: 1 / -1;
  }
  dl {
    grid-template-columns: 1fr;
  }
  dd {
    margin-bottom: 0.4rem;
  }
}
`;
