/** The pages that readers see first, and the pieces of code that stand in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Block {
  /** Of the page: `docs/cli.md`. */
  readonly page: string;
  /** Of the first line within. */
  readonly line: number;
  /** What stands behind the opening fence: `ts`, or ''. */
  readonly language: string;
  readonly text: string;
}

/** README.md, CONTRIBUTING.md and all of docs/. */
export function pages(): string[] {
  const docs = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
}

export function textOf(page: string): string {
  return readFileSync(ROOT + page, 'utf8');
}

/** Everything that stands between two fences, in the order of the page. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of textOf(page).split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === null) open = { language: fence[1], line: index + 2, lines: [] };
    else {
      const { language, line: first, lines } = open;
      blocks.push({ page, line: first, language, text: lines.join('\n') });
      open = null;
    }
  }
  return blocks;
}
