/**
 * The TypeScript in README and docs compiles and runs, as a user of the package would have it: the
 * snippets of a page are one program, in their order. What a line prints stands behind it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, pages } from '../support/pages.ts';
import { run } from '../support/run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Within the package, so that `syskv` is found as its own name. */
const FOLDER = join(ROOT, `build/snippets-${process.pid}`);
/** The compiler alone takes seconds on a machine that is busy with other tests. */
const LIMIT_MS = 60_000;

const PROGRAMS = pages().flatMap((page) => {
  const snippets = blocksOf(page).filter(({ language }) => language === 'ts');
  const text = snippets.map((snippet) => snippet.text).join('\n\n');
  return snippets.length === 0 ? [] : [{ page, text, name: page.replaceAll(/\W/g, '-') }];
});

const SETTINGS = {
  extends: '../../tsconfig.json',
  compilerOptions: { noEmit: false, outDir: '.', noUnusedLocals: false, types: ['node'] },
  include: ['*.mts'],
};

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, text } of PROGRAMS) {
    // The port of the pages may be taken here.
    writeFileSync(join(FOLDER, `${name}.mts`), `${text.replaceAll('6379', '0')}\nexport {};\n`);
  }
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(SETTINGS));
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test('there are pages with code', () => {
  expect(PROGRAMS.map(({ page }) => page)).toContain('README.md');
});

describe('the code of the pages', () => {
  test('compiles', { timeout: LIMIT_MS }, async () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = await run(process.execPath, [tsc, '-p', FOLDER], '', LIMIT_MS);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test.each(PROGRAMS)(
    'of $page runs, and prints what it says',
    { timeout: LIMIT_MS },
    (program) => {
      const printed = execFileSync(process.execPath, [join(FOLDER, `${program.name}.mjs`)], {
        encoding: 'utf8',
      });
      const calls = program.text.match(/console\.log\(.*/g) ?? [];
      const lines = printed.trimEnd().split('\n');
      expect(lines.length).toBe(calls.length);
      for (const [index, call] of calls.entries()) {
        const [, said] = call.split('; // ');
        if (said !== undefined) expect(lines[index]).toBe(said);
      }
    },
  );
});
