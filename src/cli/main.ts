/** The command line: `syskv serve` and its relatives. The only folder that prints or exits. */
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { HELP_STYLE } from './help.ts';

/** What the shell's own tools use for a wrong call; 1 is for what failed. */
const EXIT_USAGE = 2;

const EXAMPLE = `
Example:
  syskv serve --mode blocking    in one terminal
  syskv cli                      in another one: SET name Alice, GET name
  syskv strace --demo blocking   watch it happen, call by call`;

/** Each is loaded when it is wanted: a client starts sooner without the server's code. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand(),
  cli: async () => (await import('./client.ts')).clientCommand(),
  strace: async () => (await import('./strace.ts')).straceCommand(),
  compare: async () => (await import('./compare.ts')).compareCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
};

const program = new Command('syskv')
  .description('A Redis-compatible server made of raw syscalls, whose I/O model is a flag.')
  .version(VERSION)
  .showSuggestionAfterError()
  .configureHelp(HELP_STYLE)
  // What stands behind a subcommand is its own: `syskv cli SET key --help`.
  .enablePositionalOptions()
  .addHelpText('after', EXAMPLE)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));

const named = process.argv[2] ?? '';
for (const name of Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS)) {
  program.addCommand((await COMMANDS[name]()).copyInheritedSettings(program));
}

await program.parseAsync();
