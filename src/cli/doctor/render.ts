/** Findings as lines: a mark, a name, what was found, and under it the fix. */
import type { Finding, State } from '../../observe/doctor/machine.ts';

export interface Page {
  readonly columns: number;
  /** Without colours. */
  readonly isPlain: boolean;
}

/** Words and not only colours, for pipes and for eyes that see no difference. */
const MARKS: Readonly<Record<State, { readonly word: string; readonly colour: number }>> = {
  ok: { word: 'ok', colour: 32 },
  limited: { word: 'limit', colour: 33 },
  absent: { word: '-', colour: 90 },
  failed: { word: 'FAIL', colour: 31 },
};
const MARK_COLUMNS = 7;
const NAME_COLUMNS = 15;
const INDENT = ' '.repeat(MARK_COLUMNS + NAME_COLUMNS);
const LEAST_COLUMNS = 20;

export function renderFindings(findings: readonly Finding[], page: Page): string[] {
  return findings.flatMap((finding) => render(finding, page));
}

function render({ name, state, what, fix }: Finding, { columns, isPlain }: Page): string[] {
  const { word, colour } = MARKS[state];
  const mark = word.padEnd(MARK_COLUMNS);
  const shown = isPlain ? mark : `\x1b[${colour}m${mark}\x1b[0m`;
  const width = Math.max(columns - INDENT.length, LEAST_COLUMNS);
  const [first, ...others] = [
    ...wrap(what, width),
    ...(fix === '' ? [] : wrap(`fix: ${fix}`, width)),
  ];
  return [`${shown}${name.padEnd(NAME_COLUMNS)}${first}`, ...others.map((line) => INDENT + line)];
}

/** Breaks at blanks; a longer word stays whole, so that it can be copied. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
