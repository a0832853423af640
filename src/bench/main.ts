/** `npm run bench`: the server beside its peers, in one run. */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { choice, integer } from '../cli/arguments.ts';
import { Progress } from '../cli/compare/progress.ts';
import { HELP_STYLE } from '../cli/help.ts';
import { choosePinning, UNPINNED } from '../measure/affinity.ts';
import { environment } from '../measure/environment.ts';
import { redisBenchmark, redisBenchmarkVersion } from '../measure/redis-benchmark.ts';
import { measureUnder } from '../measure/targets/server-node.ts';
import type { Target } from '../measure/targets/target.ts';
import { posix } from '../posix/native.ts';
import { MODE_NAMES } from '../server/modes.ts';
import { type BenchCell, fullCells, goalCells, shortCells } from './cells.ts';
import { markdownOf, missingLine } from './markdown.ts';
import { intoPage } from './page.ts';
import { PEER_NAMES, peerOf, REFERENCE_NAMES, standardOf, USUAL_PEERS } from './peers.ts';
import { type BenchReport, type Found, reportOf } from './report.ts';
import { type BenchPlan, runCells } from './rounds.ts';
import { checkTableOf, goalTableOf, tableOf, trialTableOf } from './table.ts';
import { TRIALS } from './trials/all.ts';
import { runTrials, type Trial, type TrialResult } from './trials/trial.ts';

/** `auto`: redis-benchmark for what it can do, the generator for the rest. */
const LOADS = ['auto', 'generator'] as const;

const HELP = `
Peers:  ${MODE_NAMES.join(' ')},
        epoll:2 for a model with two threads, ${REFERENCE_NAMES.join(' ')}
A cell is named like get-32b-p16 or set-32b-p64-5m; --cells looks among all of them,
and among the trials: ${TRIALS.map(({ name }) => name).join(' ')}.

Example:
  npm run bench -- --cells '^get.*p64' --peers epoll,redis-server --rounds 5
  npm run bench -- --goals --markdown docs/performance.md`;

const program = new Command('bench')
  .description('Measures the server beside its peers. Ctrl+C keeps what is done.')
  .option('--full', 'every cell: about an hour', false)
  .option('--goals', 'what the goals need, and the goals; exit with 1 where one is missed', false)
  .option('--cells <regex>', 'of all cells those whose name it matches', regex)
  .option('--peers <list>', 'only these', names)
  .addOption(choice('--load <load>', 'by whom', LOADS, LOADS[0]))
  .option('--rounds <n>', 'rounds of each (default: 3, goals 5)', integer(1, 100))
  .option('--duration <ms>', 'of each load (default: 400, goals 700)', integer(50, 60_000))
  .option(
    '--warm-up <ms>',
    'longest, until warm (default: 10,000, goals 30,000)',
    integer(0, 600_000),
  )
  .option('--json <file>', 'write all figures')
  .option('--markdown <file>', 'write the tables, between the markers where the file has them')
  .option('--node <file>', 'servers run under this Node, the load under the running one', nodeOf)
  .option('--no-strace', 'do not count system calls')
  .option('--no-pin', 'let server and load run on any CPU')
  .addHelpText('after', HELP)
  .configureHelp(HELP_STYLE)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .allowExcessArguments(false)
  .action(run);

interface Flags {
  full: boolean;
  goals: boolean;
  cells?: RegExp;
  peers?: string[];
  load: (typeof LOADS)[number];
  rounds?: number;
  duration?: number;
  warmUp?: number;
  json?: string;
  markdown?: string;
  strace: boolean;
  pin: boolean;
}

function regex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Taken at once: peers describe themselves by it. */
function nodeOf(file: string): string {
  try {
    measureUnder(file);
    return file;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function names(text: string): string[] {
  const list = text.split(',').filter((name) => name !== '');
  if (list.length > 0) return [...new Set(list)];
  throw new InvalidArgumentError('Must be names, with commas between them.');
}

async function run(flags: Flags): Promise<void> {
  const { cells, trials } = chosenBy(flags);
  const peers = peersFor(flags, cells);
  for (const peer of peers) if (peer.refusal !== '') print(missingLine(peer));
  const version = flags.load === 'generator' ? '' : redisBenchmarkVersion();
  if (version === '' && flags.load === 'auto') print(NO_REDIS_BENCHMARK);
  const plan = planOf(flags, cells, peers, version !== '');
  const stop = new AbortController();
  stopOnSignal(stop);
  const found = await measureAll(plan, trials, stop.signal);
  const report = reportOf(plan, peers, version, environment(plan.pinning), found);
  tell(report);
  const saved = save(flags, report);
  const missed = flags.goals && report.goals.some(({ reached }) => reached === false);
  process.exit(!saved || missed || found.interrupted ? EXIT_FAILURE : 0);
}

interface Chosen {
  readonly cells: readonly BenchCell[];
  readonly trials: readonly Trial[];
}

/** Trials belong to the goals; others get them by their names. */
function chosenBy({ full, goals, cells: wanted, peers }: Flags): Chosen {
  if (goals && full) program.error("error: --goals and --full can't be had at once");
  const chosen = goals ? goalCells() : full ? fullCells() : shortCells();
  const isThere = (trial: Trial) => trial.peers.every((name) => peers?.includes(name) ?? true);
  if (wanted === undefined) return { cells: chosen, trials: goals ? TRIALS.filter(isThere) : [] };
  const all = goals ? chosen : [...shortCells(), ...fullCells()];
  const cells = all.filter(({ name }, at) => {
    return wanted.test(name) && all.findIndex((one) => one.name === name) === at;
  });
  const trials = TRIALS.filter((trial) => wanted.test(trial.name) && isThere(trial));
  if (cells.length + trials.length > 0) return { cells, trials };
  const known = [...all, ...TRIALS].map(({ name }) => name).join(' ');
  return program.error(`error: no cell matches ${wanted} (there are: ${known})`);
}

/** Those that were asked for, or all that the cells name. */
function peersFor({ peers: wanted, goals }: Flags, cells: readonly BenchCell[]): Target[] {
  const usual = goals
    ? cells.flatMap(({ peers = [] }) => peers)
    : cells.length === 0
      ? []
      : USUAL_PEERS;
  return [...new Set(wanted ?? usual)].map((name) => {
    const peer = peerOf(name);
    if (peer !== undefined) return peer;
    return program.error(`error: no peer '${name}' (there are: ${PEER_NAMES.join(', ')})`);
  });
}

function planOf(
  flags: Flags,
  cells: readonly BenchCell[],
  peers: readonly Target[],
  hasRedisBenchmark: boolean,
): BenchPlan {
  const present = peers.filter(({ refusal }) => refusal === '');
  if (cells.length > 0 && present.length === 0)
    program.error('error: none of these peers can be measured here');
  return {
    cells: cells
      .map((cell) => ({
        cell,
        peers: present.filter(({ name }) => cell.peers?.includes(name) ?? true),
      }))
      .filter((one) => one.peers.length > 0),
    rounds: flags.rounds ?? (flags.goals ? GOAL_ROUNDS : ROUNDS),
    warmUpMs: WARM_UP_MS,
    warmingMs: flags.warmUp ?? (flags.goals ? GOAL_WARMING_MS : WARMING_MS),
    durationMs: flags.duration ?? (flags.goals ? GOAL_MS : DURATION_MS),
    strace: flags.strace,
    standard: standardOf(present.map(({ name }) => name)),
    redisBenchmark: hasRedisBenchmark ? redisBenchmark(posix) : null,
    isPinWanted: flags.pin,
    pinning: flags.pin ? choosePinning(posix) : UNPINNED,
    seed: SEED,
  };
}

async function measureAll(
  plan: BenchPlan,
  trials: readonly Trial[],
  signal: AbortSignal,
): Promise<Found> {
  const progress = new Progress(STDERR);
  const watcher = {
    onStep: (step: Parameters<Progress['show']>[0]) => progress.show(step),
    onCell: (cell: BenchCell, results: Found['results']) => {
      progress.clear();
      if (results.every(({ outcome }) => outcome === 'unreached')) return;
      print(tableOf(cell.name, cell.title, results, plan.standard));
    },
  };
  const { results, straceFailure } = await runCells(posix, plan, watcher, signal);
  progress.clear();
  const bench = { posix, rounds: plan.rounds, timing: plan, signal };
  const tellTrial = (result: TrialResult) => print(trialTableOf(result));
  return {
    ...{ results, straceFailure },
    trials: await runTrials(trials, bench, tellTrial),
    interrupted: signal.aborted,
  };
}

/** The first Ctrl+C stops the measuring, the second one everything. */
function stopOnSignal(stop: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT_FAILURE);
      stop.abort();
    });
  }
}

function tell(report: BenchReport): void {
  const tables = [checkTableOf(report.loadChecks), goalTableOf(report.goals)];
  for (const table of tables) if (table !== '') print(table);
  print('');
  for (const warning of report.warnings) print(`Warning: ${warning}`);
}

/** @returns whether all of it could be written. */
function save(flags: Flags, report: BenchReport): boolean {
  const forms: [string | undefined, (file: string) => string][] = [
    [flags.json, () => `${JSON.stringify(report, null, 2)}\n`],
    [flags.markdown, (file) => intoPage(tryRead(file), commandOf(flags), markdownOf(report))],
  ];
  let isSaved = true;
  for (const [file, make] of forms) {
    if (file === undefined) continue;
    try {
      writeFileSync(file, make(file));
      print(`Written: ${file}`);
    } catch (error) {
      writeSync(STDERR, `can't write ${file}: ${(error as Error).message}\n`);
      isSaved = false;
    }
  }
  return isSaved;
}

/** Each has a place of its own in the page. */
function commandOf({ goals }: Flags): string {
  return goals ? 'bench -- --goals' : 'bench --';
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function print(text: string): void {
  writeSync(STDOUT, `${text}\n`);
}

const ROUNDS = 3;
const GOAL_ROUNDS = 5;
const DURATION_MS = 400;
const GOAL_MS = 700;
const WARM_UP_MS = 200;
/** A server that is not warm by then is named in a warning. */
const WARMING_MS = 10_000;
const GOAL_WARMING_MS = 30_000;
/** The same keys in the same order each time. */
const SEED = 20_260;
const EXIT_FAILURE = 1;
/** What the shell's own tools use for a wrong call. */
const EXIT_USAGE = 2;
const STDOUT = 1;
const STDERR = 2;
const NO_REDIS_BENCHMARK =
  'redis-benchmark is not installed: sudo apt-get install redis-tools; the generator does it all';

await program.parseAsync();
