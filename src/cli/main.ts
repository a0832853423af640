/** The command line: `syskv serve` and its relatives. The only folder that prints or exits. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { clientCommand } from './client.ts';
import { compareCommand } from './compare.ts';
import { serveCommand } from './serve.ts';
import { straceCommand } from './strace.ts';

/** What the shell's own tools use for a wrong call; 1 is for what failed. */
const EXIT_USAGE = 2;

const program = new Command('syskv')
  .description('A Redis-compatible server made of raw syscalls, whose I/O model is a flag.')
  .version(VERSION)
  .showSuggestionAfterError()
  .configureHelp({ sortSubcommands: false })
  // What stands behind a subcommand is its own: `syskv cli SET key --help`.
  .enablePositionalOptions()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));

program.addCommand(serveCommand().copyInheritedSettings(program));
program.addCommand(clientCommand().copyInheritedSettings(program));
program.addCommand(straceCommand().copyInheritedSettings(program));
program.addCommand(compareCommand().copyInheritedSettings(program));

program.parse();
