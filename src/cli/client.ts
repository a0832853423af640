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
    .option('-h, --host <host>', 'name or address [127.0.0.1]')
    .option('-p, --port <n>', 'TCP port [6379, http 1729]', integer(1, MAXIMUM_PORT))
    .option('-s, --socket <path>', 'UNIX socket, instead of TCP', socketPath)
    .option('-u, --uri <url>', 'redis://user:password@host:port/db, or line:// http://', serverUrl)
    .option('-a, --pass <password>', 'AUTH first; REDISCLI_AUTH hides it better')
    .option('--user <name>', 'the user of -a')
    .addOption(new Option('--no-auth-warning', 'no word about -a').hideHelp())
    .option('-n, --db <n>', 'SELECT this database first', integer(0, MAXIMUM_DATABASE))
    .addOption(new Option('--protocol <name>', 'what is spoken').choices(PROTOCOLS));
}

function addOutput(command: Command): void {
  command
    .option('-2, --resp2', 'HELLO 2 first')
    .option('-3, --resp3', 'HELLO 3 first')
    .option('--raw', 'bytes alone, as where stdout is no terminal')
    .option('--no-raw', 'with types, wherever stdout leads')
    .option('--json', 'JSON, from RESP3 unless -2 is given')
    .option('--csv', 'comma-separated values')
    .option('-d <delimiter>', 'between the elements of a raw reply [LF]')
    .option('-D <delimiter>', 'behind each raw reply [LF]')
    .option('-e, --exit-code', 'exit with 1 when the reply is an error');
}

function addModes(command: Command): void {
  command
    .option('-r, --repeat <n>', 'run the command so often; -1 for no end', repetitions)
    .option('-i, --interval <s>', 'wait between repetitions', seconds)
    .option('-x, --stdin', 'the last argument is what stdin holds')
    .option('-X <tag>', 'the argument <tag> is what stdin holds')
    .option('--quoted-input', 'arguments are written as in a typed line: "a\\x00b"')
    .option('--scan', 'all keys, one a line')
    .option('--pattern <glob>', 'of the keys that these walk over')
    .option('--bigkeys', 'the key with most elements of each type')
    .option('--memkeys', 'the key with most memory of each type')
    .option('--memkeys-samples <n>', '--memkeys, by so many elements', integer(0, MAXIMUM_DATABASE))
    .option('--hotkeys', 'the keys used most, under an LFU policy')
    .option('--pipe', 'mass insertion: RESP from stdin to the server')
    .option('--stat', "a row of the server's statistics each second")
    .option('--latency', 'round trips of PING')
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
