/** The report: one file with everything in it, which asks no network for anything. */
import { describeDuration } from '../explain.ts';
import type { CallCount } from '../summary.ts';
import type { CallMark, ConnectionLane, ReportData } from './data.ts';
import { STYLE } from './style.ts';

export interface HtmlReport {
  /** What was watched: `syskv strace --demo blocking`. */
  readonly title: string;
  /** What it proves, the most telling sentence first. */
  readonly sentences: readonly string[];
  readonly data: ReportData;
  readonly counts: readonly CallCount[];
  /** Scripts of the page, compiled, in the order of their dependence. */
  readonly scripts: readonly string[];
}

export function htmlReport({ title, sentences, data, counts, scripts }: HtmlReport): string {
  const [first = '', ...others] = sentences;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<header>
  <p class="command"><code>${escapeHtml(title)}</code></p>
  <h1>${sentence(first)}</h1>
${others.map((text) => `  <p class="proof">${sentence(text)}</p>\n`).join('')}</header>
<main>
  <section class="timeline" aria-label="Timeline">
    <div class="tools">
      <ul class="legend">
${legend(data)}
      </ul>
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" id="out" title="Zoom out (-)">−</button>
        <button type="button" id="in" title="Zoom in (+)">+</button>
        <button type="button" id="fit" title="Show everything (0)">All</button>
      </div>
    </div>
    <div id="chart" tabindex="0" aria-label="Calls by thread and by connection. Arrow keys move, plus and minus zoom."></div>
    <p class="hint">Scroll or pinch to zoom, drag to move, point at a bar to see the call.${
      data.connections.some(({ bothEnds }) => bothEnds) ? BOTH_ENDS : ''
    }</p>
  </section>
  <section>
    <h2>Calls</h2>
    <div class="scroll">${countTable(counts)}</div>
    <p class="hint">By the clock on the wall, tracing included: these are no benchmark figures.</p>
  </section>
  <section>
    <details><summary>Every call, in the order in which they began</summary>
      <div class="scroll">${callTable(data)}</div>
    </details>
  </section>
</main>
<div id="note" role="status" hidden></div>
<script type="application/json" id="data">${embed(data)}</script>
<script type="module">
${scripts.map(inline).join('\n')}
</script>
</html>
`;
}

const BOTH_ENDS = ' In a connection, the calls above are the server’s, those below its client’s.';

/** A number stays beside its unit, and a name is one word. */
function sentence(text: string): string {
  return escapeHtml(text)
    .replace(/(\d) (s|ms|µs|min)\b/g, '$1&nbsp;$2')
    .replace(/\bsyskv-\d+/g, '<span class="name">$&</span>');
}

/** Nothing is loaded, whatever a name or a value in the log may look like. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** Modules of one folder, put into one script: their imports name what stands above them. */
function inline(script: string): string {
  return script
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export (?=(?:async )?(?:function|const|class)\b)/gm, '')
    .replace(/^export \{\};?\n?/gm, '')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '');
}

/** JSON within a script element ends at `</`, whatever quotes stand around it. */
function embed(data: ReportData): string {
  return JSON.stringify(data, rounded).replaceAll('<', '\\u003c');
}

/** Microseconds with one digit: finer is noise, and makes the file larger. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

/** What the picture shows; a state that no client and no call was in needs no explanation. */
function legend({ calls, connections }: ReportData): string {
  const waitsForAny = calls.some(({ blocked, arrival, connection }) => {
    return blocked && (arrival || connection < 0);
  });
  const entries: [key: string, words: string, shown: boolean][] = [
    ['call', 'a call', true],
    ['blocked', 'blocked in it, with this client', calls.some(({ blocked }) => blocked)],
    ['idle', 'blocked, with no client', waitsForAny],
    ['idle failed', 'ended by a signal or a time-out', calls.some(isCutShort)],
    ['backlog', 'connected, not accepted', connections.some(hasBacklog)],
    ['queue', 'accepted, in the server’s queue', connections.some(hasQueue)],
    ['open', 'accepted', connections.some(({ acceptedUs }) => acceptedUs !== null)],
  ];
  return entries
    .filter(([, , shown]) => shown)
    .map(([key, words]) => `        <li><i class="key ${key}"></i>${words}</li>`)
    .join('\n');
}

function isCutShort({ blocked, failed }: CallMark): boolean {
  return blocked && failed;
}

function hasBacklog({ connectedUs, acceptedUs }: ConnectionLane): boolean {
  if (connectedUs === null) return false;
  return acceptedUs === null || acceptedUs - connectedUs >= SEEN_US;
}

function hasQueue({ acceptedUs, takenUs }: ConnectionLane): boolean {
  return acceptedUs !== null && takenUs !== null && takenUs - acceptedUs >= SEEN_US;
}

/** Shorter states are thinner than a line where all is shown. */
const SEEN_US = 10_000;

function countTable(counts: readonly CallCount[]): string {
  const longest = Math.max(1, ...counts.map(({ totalUs }) => totalUs));
  const rows = counts.map(
    ({ name, count, failed, totalUs, blockedUs, longestUs }) => `<tr>
<th scope="row"><code>${escapeHtml(name)}</code></th><td>${count}</td><td>${failed || ''}</td>
<td>${describeDuration(totalUs)}</td>
<td class="share"><i style="width:${percent(totalUs, longest)}"><b style="width:${percent(blockedUs, totalUs)}"></b></i></td>
<td>${describeDuration(longestUs)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">call</th><th scope="col">count</th><th scope="col">failed</th>
<th scope="col">time</th><th scope="col" class="share">of it blocked</th><th scope="col">longest</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10}%`;
}

function callTable({ calls }: ReportData): string {
  const rows = calls.slice(0, MOST_ROWS).map(
    (
      call,
    ) => `<tr class="c${call.connection < 0 ? 'x' : call.connection % COLOURS}"><td>${(call.startUs / 1e6).toFixed(6)}</td>
<td>${escapeHtml(call.who)}</td><td><code>${escapeHtml(call.name)}</code></td>
<td class="words">${escapeHtml(call.words)}</td><td>${describeDuration(call.durationUs)}</td></tr>`,
  );
  const more =
    calls.length > MOST_ROWS ? `<caption>the first ${MOST_ROWS} of ${calls.length}</caption>` : '';
  return `<table>${more}<thead><tr><th scope="col">s</th><th scope="col">thread</th><th scope="col">call</th>
<th scope="col" class="words">what</th><th scope="col">took</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** A table of more rows makes a browser slow, and nobody reads on. */
const MOST_ROWS = 2000;
/** As many as the style sheet has. */
const COLOURS = 8;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
