/** The command line: `syskv serve` and its relatives. The only folder that prints or exits. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { serveCommand } from './serve.ts';

const program = new Command('syskv')
  .description('A Redis-compatible server made of raw syscalls, whose I/O model is a flag.')
  .version(VERSION)
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: false })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .addCommand(serveCommand());

program.parse();

/** What the shell's own tools use for a wrong call; 1 is for what failed. */
export const EXIT_USAGE = 2;
