import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SIGNATURES } from './signatures.ts';

const PAGE = readFileSync(new URL('../../docs/syscalls.md', import.meta.url), 'utf8');
const CALLS = [...new Set(SIGNATURES.map(({ call }) => call))];

test.each(CALLS)('docs/syscalls.md has a row for %s', (call) => {
  expect(PAGE).toMatch(new RegExp(`^\\| \`${call}\` \\| .* \\| .* \\| .* \\|$`, 'm'));
});
