/** Writes docs/commands.md: `npm run docs:commands`. */
import { writeFileSync } from 'node:fs';
import { plainSyntax, TABLE } from '../dist/internals.js';
import { commandPage } from './command-page.mjs';

writeFileSync(
  new URL('../docs/commands.md', import.meta.url),
  commandPage(TABLE.commands, plainSyntax),
);
