import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';

const PAGE = readFileSync(new URL('../../docs/syscalls.md', import.meta.url), 'utf8');
const CALLS = Object.entries(posix).filter(([, value]) => typeof value === 'function');

test.each(CALLS)('docs/syscalls.md has a row for %s', (call) => {
  expect(PAGE).toMatch(new RegExp(`^\\|[^|]*\`${call}\`[^|]*\\|`, 'm'));
});
