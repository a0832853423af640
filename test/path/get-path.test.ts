import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('get-path.mjs', import.meta.url));

interface PathFunction {
  name: string;
  file: string;
  lines: number;
}

/** What the path is allowed to be: it does not grow by itself. */
const MOST_FUNCTIONS = 131;
const MOST_FILES = 43;
const MOST_MEDIAN_LINES = 6;
const MOST_90TH_LINES = 15;

test('a warm GET passes few functions of few files, and none of them is long', () => {
  const path: PathFunction[] = JSON.parse(
    execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' }),
  );
  const lengths = path.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(path.map(({ name }) => name)).toContain('get');
  expect(path.length).toBeLessThanOrEqual(MOST_FUNCTIONS);
  expect(new Set(path.map(({ file }) => file)).size).toBeLessThanOrEqual(MOST_FILES);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(MOST_MEDIAN_LINES);
  expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(MOST_90TH_LINES);
});
