/** docs/commands.md tells what the command table says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandPage } from '../../scripts/command-page.mjs';
import { plainSyntax } from '../../src/commands/syntax.ts';
import { TABLE } from '../../src/commands/table.ts';

test('docs/commands.md is up to date (npm run docs:commands)', () => {
  const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  expect(page).toBe(commandPage(TABLE.commands, plainSyntax));
});

test('it names every command', () => {
  const page = commandPage(TABLE.commands, plainSyntax);
  const missing = TABLE.rows
    .filter((row) => !(row.subcommands !== undefined && row.arity === -2))
    .map((row) => row.name.replace('|', ' ').toUpperCase())
    .filter((name) => !new RegExp(`\\| \`${name}[ \`]`).test(page));
  expect(missing).toEqual([]);
});
