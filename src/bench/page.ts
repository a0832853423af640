/** Tables and lists in Markdown, and their place in a page: between two markers. */

/** @param command what writes it: `bench`. */
export function markersOf(command: string): { begin: string; end: string } {
  return {
    begin: `<!-- begin: npm run ${command} --markdown -->`,
    end: `<!-- end: npm run ${command} --markdown -->`,
  };
}

/** Puts the figures where the page has the command's markers; a page without them is replaced. */
export function intoPage(page: string, command: string, figures: string): string {
  const { begin, end } = markersOf(command);
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) return figures;
  return `${page.slice(0, from + begin.length)}\n\n${figures}\n${page.slice(to)}`;
}

/** Columns padded to their widest text: the page is read as text, too. */
export function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows].map((row) => row.map(quote));
  const widths = titles.map((_, at) => Math.max(3, ...all.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => pad(row[at] ?? '', width, at)).join(' | ')} |`;
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head, ...body] = all.map(line);
  return [head, `| ${rule.join(' | ')} |`, ...body].join('\n');
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

function quote(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function listOf(lines: readonly string[]): string {
  return lines.map((line) => `- ${quote(line)}`).join('\n');
}
