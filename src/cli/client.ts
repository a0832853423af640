/** `syskv cli`: the client, for people, for scripts and for mass insertion. */
import { Command, Option } from 'commander';
import { VERSION } from '../version.ts';
import { integer, MAXIMUM_PORT, socketPath } from './arguments.ts';
import { explainFailure } from './client/failures.ts';
import { interact } from './client/interactive.ts';
import { runBigKeys, runHotKeys, runScan } from './client/keys.ts';
import {
  runLatency,
  runLatencyDistribution,
  runLatencyHistory,
  runPipe,
  runStat,
} from './client/modes.ts';
import {
  type ClientFlags,
  type ClientOptions,
  clientOptionsOf,
  contradictionIn,
  repetitions,
  seconds,
  serverUrl,
} from './client/options.ts';
import { printError } from './client/output.ts';
import { runLines, runOnce } from './client/script.ts';

export function clientCommand(): Command {
  const command = new Command('cli')
    .description('Talk to a server: one command, lines on stdin, or a prompt.')
    .argument('[command...]')
    .passThroughOptions()
    .helpOption('--help', 'display help for command')
    .version(`syskv cli ${VERSION}`, '-v, --version')
    .addHelpText('after', EXAMPLE)
    .action(run);
  addConnection(command);
  addOutput(command);
  addModes(command);
  return command;
}

const EXAMPLE = `
Example:
  syskv cli SET name Alice EX 60
  strace -e trace=network syskv cli GET name`;

function addConnection(command: Command): void {
  command
    .option('-h, --host <host>', 'name or address of the server [127.0.0.1]')
    .option('-p, --port <n>', 'TCP port [6379, http 1729]', integer(1, MAXIMUM_PORT))
    .option('-s, --socket <path>', 'UNIX socket to connect to, instead of TCP', socketPath)
    .option('-u, --uri <url>', 'redis://user:password@host:port/db, line:// http://', serverUrl)
    .option('-a, --pass <password>', 'password for AUTH; safer in REDISCLI_AUTH')
    .option('--user <name>', 'user name for AUTH')
    .addOption(new Option('--no-auth-warning', 'do not warn about -a and -u').hideHelp())
    .option('-n, --db <n>', 'database to SELECT first', integer(0, MAXIMUM_DATABASE))
    .addOption(new Option('--protocol <name>', 'protocol').choices(PROTOCOLS));
}

function addOutput(command: Command): void {
  command
    .option('-2, --resp2', 'use RESP2 (HELLO 2)')
    .option('-3, --resp3', 'use RESP3 (HELLO 3)')
    .option('--raw', 'print replies as bytes alone, as into a pipe')
    .option('--no-raw', 'print replies with types, as on a terminal')
    .option('--json', 'print JSON, from RESP3 unless -2 is given')
    .option('--csv', 'print comma-separated values')
    .option('-d <delimiter>', 'text between the elements of a raw reply [LF]')
    .option('-D <delimiter>', 'text behind each raw reply [LF]')
    .option('-e, --exit-code', 'exit with 1 when the reply is an error');
}

function addModes(command: Command): void {
  command
    .option('-r, --repeat <n>', 'run the command n times; -1: without end', repetitions)
    .option('-i, --interval <seconds>', 'pause between repetitions', seconds)
    .option('-x, --stdin', 'read the last argument from stdin')
    .option('-X <tag>', 'read the argument <tag> from stdin')
    .option('--quoted-input', 'arguments are quoted as at the prompt: "a\\x00b"')
    .option('--scan', 'print all keys, one a line')
    .option('--pattern <glob>', 'for --scan and --*keys: only keys that match')
    .option('--bigkeys', 'find the key with most elements of each type')
    .option('--memkeys', 'find the key with most memory of each type')
    .option(
      '--memkeys-samples <n>',
      '--memkeys, from n elements of a key',
      integer(0, MAXIMUM_DATABASE),
    )
    .option('--hotkeys', 'find the keys used most, under an LFU policy')
    .option('--pipe', 'mass insertion: send RESP from stdin to the server')
    .option('--stat', "print a row of the server's statistics each second")
    .option('--latency', 'measure round trips of PING, in milliseconds')
    .option('--latency-history', 'the same, a line for each 15 seconds, or -i')
    .option('--latency-dist', 'the same as a spectrum, a row each second, or -i');
}

async function run(words: string[], flags: ClientFlags, command: Command): Promise<void> {
  const contradiction = contradictionIn(flags, words);
  if (contradiction !== '') command.error(`error: ${contradiction}`);
  const options = clientOptionsOf(flags, process.env);
  const typed = flags.pass !== undefined || flags.uri?.password !== undefined;
  if (typed && flags.authWarning) printError(WARNING);
  try {
    process.exit(await start(words, flags, options));
  } catch (error) {
    for (const line of explainFailure(error, options.target)) printError(line);
    process.exit(1);
  }
}

/** In redis-cli's words, which scripts filter. */
const WARNING =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.";

/** Returns the exit status. */
async function start(words: string[], flags: ClientFlags, options: ClientOptions): Promise<number> {
  if (flags.pipe) return runPipe(options);
  if (flags.stat) return runStat(options);
  if (flags.latency) return runLatency(options);
  if (flags.latencyHistory) return runLatencyHistory(options);
  if (flags.latencyDist) return runLatencyDistribution(options);
  if (flags.scan) return runScan(options);
  if (flags.bigkeys) return runBigKeys(options, false);
  if (flags.memkeys || flags.memkeysSamples !== undefined) {
    return runBigKeys(options, true, flags.memkeysSamples);
  }
  if (flags.hotkeys) return runHotKeys(options);
  if (words.length > 0) return runOnce(words, options);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  // A terminal that can't move its cursor gets the prompt alone.
  if (!isTerminal || process.env['TERM'] === 'dumb') return runLines(options, isTerminal);
  await interact(options);
  return 0;
}

const PROTOCOLS = ['resp', 'line', 'http'];
/** SELECT takes an int; how many databases there are the server knows. */
const MAXIMUM_DATABASE = 2 ** 31 - 1;
