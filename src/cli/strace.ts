/** `syskv strace`: watch a server at work, call by call. */
import { Command, Option } from 'commander';
import { STORY_NAMES, type StoryName } from '../observe/proof/stories.ts';
import { MODE_NAMES, type ModeName } from '../server/modes.ts';
import { integer } from './arguments.ts';
import { refusalToWrite } from './outputs.ts';
import { Refusal } from './refusal.ts';
import { serveCommand } from './serve.ts';
import { attach, readSaved, start } from './strace/commands.ts';
import { demonstrate } from './strace/demonstrate.ts';
import type { Report } from './strace/finish.ts';

export function straceCommand(): Command {
  return new Command('strace')
    .description('Watch a server at work: its system calls, and what they mean.')
    .usage('[options] [flags of serve | FILE]')
    .argument('[file...]', 'a log written by strace or by serve --trace')
    .addOption(
      new Option('--demo <mode>', 'start a server in this mode, and clients that show it').choices(
        MODE_NAMES,
      ),
    )
    .addOption(new Option('--story <story>', 'what the clients of --demo do').choices(STORY_NAMES))
    .option('--pid <n>', 'watch the running server with this process ID', integer(1, 2 ** 31 - 1))
    .option('--raw', "print strace's lines as they are", false)
    .option('--all', 'show the calls of Node itself as well', false)
    .option('--recorder', 'use the built-in recorder instead of strace', false)
    .option('--html <file>', 'write a report with a timeline')
    .option('--perfetto <file>', "write a trace for Perfetto's viewer")
    .allowUnknownOption()
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const EXAMPLES = `
All flags of \`syskv serve\` are accepted, for the server that is started.

Examples:
  syskv strace --demo blocking --html report.html
  syskv strace --demo thread-pool --story exhaustion
  syskv strace --mode epoll --port 6379
  syskv strace --pid 4711
  strace -f -ttt -T -yy -Y -s 512 -o saved.log -p 4711; syskv strace saved.log`;

export interface StraceFlags extends Report {
  demo?: ModeName;
  story?: StoryName;
  pid?: number;
  raw: boolean;
  all: boolean;
  recorder: boolean;
}

async function run(_words: string[], flags: StraceFlags, command: Command): Promise<void> {
  const { operands, unknown } = command.parseOptions([...command.args]);
  try {
    const status = await watch(operands, unknown, flags, command);
    process.exit(status);
  } catch (error) {
    process.stderr.write(`syskv: ${error instanceof Error ? error.message : error}\n`);
    process.exit(error instanceof Refusal ? error.status : EXIT_FAILURE);
  }
}

function watch(
  operands: readonly string[],
  serveFlags: readonly string[],
  flags: StraceFlags,
  command: Command,
): Promise<number> {
  const ways = [flags.demo, flags.pid, operands[0]].filter((way) => way !== undefined);
  if (ways.length > 1 || operands.length > 1) {
    command.error('error: one of --demo, --pid, FILE and a server to start');
  }
  if (flags.story !== undefined && flags.demo === undefined) {
    command.error('error: --story says what --demo shows: give both');
  }
  const { html, perfetto } = flags;
  const outputs = [
    { name: '--html', path: html },
    { name: '--perfetto', path: perfetto },
  ];
  const inputs = [
    { name: 'the log that is read', path: operands[0] },
    { name: '--trace', path: traceIn(serveFlags) },
  ];
  const refusal = refusalToWrite(outputs, inputs);
  if (refusal !== '') command.error(`error: ${refusal}`);
  if (operands.length > 0 || flags.pid !== undefined) refuseServeFlags(serveFlags, command);
  else checkServeFlags(serveFlags, command);
  if (flags.pid !== undefined) return attach(flags.pid, flags);
  if (operands.length > 0) return readSaved(operands[0], flags);
  return flags.demo === undefined
    ? start(serveFlags, flags)
    : demonstrate(flags.demo, flags.story ?? 'second-client', serveFlags, flags);
}

/** The file that the server to be started records into. */
function traceIn(serveFlags: readonly string[]): string | undefined {
  const at = serveFlags.lastIndexOf('--trace');
  const joined = serveFlags.findLast((flag) => flag.startsWith('--trace='));
  return at < 0 ? joined?.slice('--trace='.length) : serveFlags[at + 1];
}

function refuseServeFlags(serveFlags: readonly string[], command: Command): void {
  if (serveFlags.length > 0) command.error(`error: unknown option '${serveFlags[0]}'`);
}

/** A wrong flag is told before a server is started, in the words of `serve`. */
function checkServeFlags(serveFlags: readonly string[], command: Command): void {
  serveCommand()
    .copyInheritedSettings(command)
    .action(() => {})
    .parse(serveFlags, { from: 'user' });
}

const EXIT_FAILURE = 1;
