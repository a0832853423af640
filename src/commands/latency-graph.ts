/** LATENCY GRAPH: one column a sample, the newest on the right, and how long ago beneath. */
import type { LatencyEvent } from './call.ts';

const ROWS = 4;
const MOST_COLUMNS = 79;

export function latencyGraph({ name, samples, worstMs }: LatencyEvent, nowSeconds: number): string {
  const shown = samples.slice(-MOST_COLUMNS);
  const values = shown.map(([, milliseconds]) => milliseconds);
  const high = Math.max(...values);
  const low = Math.min(...values);
  const span = Math.max(1, high - low);
  const heights = values.map((value) => 1 + Math.round(((value - low) / span) * (ROWS - 1)));
  const rows = Array.from({ length: ROWS }, (_, row) =>
    heights.map((height) => (height >= ROWS - row ? '#' : ' ')).join(''),
  );
  const ages = shown.map(([at]) => age(nowSeconds - at));
  const longest = Math.max(...ages.map((text) => text.length));
  const legend = Array.from({ length: longest }, (_, row) =>
    ages.map((text) => text[row] ?? ' ').join(''),
  );
  const title = `${name} - high ${high} ms, low ${low} ms (all time high ${worstMs} ms)`;
  return `${[title, '-'.repeat(80), ...rows, '', ...legend].join('\n')}\n`;
}

function age(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
