/** `syskv compare`: which I/O model costs what, on this machine. */
import { writeFileSync, writeSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { choosePinning, UNPINNED, whyUnpinned } from '../measure/affinity.ts';
import { environment } from '../measure/environment.ts';
import { type Condition, judge, parseCondition } from '../measure/fail-if.ts';
import { htmlOf } from '../measure/report/html.ts';
import { markdownOf } from '../measure/report/markdown.ts';
import { type Report, reportOf } from '../measure/report/report.ts';
import { type Measurement, measure, type Plan } from '../measure/rounds.ts';
import { SCENARIOS, type Scenario } from '../measure/scenarios.ts';
import type { Target } from '../measure/targets/target.ts';
import { warningsOf } from '../measure/warnings.ts';
import { posix } from '../posix/native.ts';
import { integer } from './arguments.ts';
import { widthOf, wrapped } from './compare/lines.ts';
import { Progress } from './compare/progress.ts';
import { tableOf } from './compare/table.ts';
import { allTargets } from './compare/targets.ts';
import { refusalToWrite } from './outputs.ts';

export function compareCommand(): Command {
  return new Command('compare')
    .description('Measure the I/O models beside each other. Ctrl+C keeps what is done.')
    .option('--modes <list>', 'measure only these, as epoll,redis-server', names)
    .option('--scenarios <list>', 'measure only these', names)
    .option('--quick', 'one short round of the main scenarios: a first look, no proof', false)
    .option(
      '--rounds <n>',
      'rounds of each scenario (default: 3, quick 1)',
      integer(1, MOST_ROUNDS),
    )
    .option('--duration <ms>', DURATION_HELP, integer(MINIMUM_MS, LONGEST_MS))
    .option('--warm-up <ms>', WARM_UP_HELP, integer(0, LONGEST_WARMING_MS))
    .option('--json <file>', 'write all figures as JSON')
    .option('--html <file>', 'write a report with plots: one file, no network')
    .option('--markdown <file>', 'write the tables as Markdown')
    .option('--fail-if <condition>', 'exit with 1 if this holds; repeatable', collect)
    .option('--no-strace', 'do not count system calls')
    .option('--no-pin', 'do not pin server and load to a CPU each')
    .addHelpText('after', help)
    .action(run);
}

function help(): string {
  const targets = allTargets().map(({ name }) => name);
  const scenarios = SCENARIOS.map(({ name }) => name);
  return `
Modes:      ${wrap(targets)}
Scenarios:  ${wrap(scenarios)}

Example:
  syskv compare --quick --html report.html
  syskv compare --modes epoll,redis-server --scenarios 50-clients --fail-if 'epoll.p99 > 2ms'
  syskv compare --fail-if 'epoll.50-clients.cpu > 0.9 * redis-server.cpu'`;
}

/** A list within 80 columns, under its first line. */
function wrap(words: readonly string[]): string {
  const lines = [''];
  for (const word of words) {
    const last = lines.length - 1;
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`;
    if (longer.length <= HELP_COLUMNS) lines[last] = longer;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(12)}`);
}

function names(text: string): string[] {
  const list = text.split(',').filter((name) => name !== '');
  if (list.length > 0) return list;
  throw new InvalidArgumentError('Must be names, with commas between them.');
}

function collect(text: string, before: string[] = []): string[] {
  return [...before, text];
}

interface Flags {
  modes?: string[];
  scenarios?: string[];
  quick: boolean;
  rounds?: number;
  duration?: number;
  warmUp?: number;
  json?: string;
  html?: string;
  markdown?: string;
  failIf?: string[];
  strace: boolean;
  pin: boolean;
}

async function run(flags: Flags, command: Command): Promise<void> {
  refuseOneForTwo(flags, command);
  const plan = planOf(flags, command);
  const conditions = conditionsOf(flags, plan, command);
  const stop = new AbortController();
  stopOnSignal(stop);
  const progress = new Progress(STDERR);
  const width = widthOf(process.stdout);
  const watcher = {
    onStep: (step: Parameters<Progress['show']>[0]) => progress.show(step),
    onScenario: (scenario: Scenario, cells: Measurement['cells']) => {
      progress.clear();
      print(tableOf(scenario, cells, width));
    },
  };
  const measurement = await measure(posix, plan, watcher, stop.signal);
  progress.clear();
  const report = finish(flags, plan, measurement);
  for (const warning of report.warnings)
    print(wrapped(`Warning: ${warning}`, width, '  ').join('\n'));
  save(flags, report);
  const failed = judgeAll(conditions, measurement);
  process.exit(failed || measurement.interrupted ? EXIT_FAILURE : 0);
}

/** Before minutes of measuring: the second report would overwrite the first one. */
function refuseOneForTwo({ json, html, markdown }: Flags, command: Command): void {
  const outputs = Object.entries({ json, html, markdown });
  const refusal = refusalToWrite(outputs.map(([name, path]) => ({ name: `--${name}`, path })));
  if (refusal !== '') command.error(`error: ${refusal}`);
}

/** The first Ctrl+C (or the terminal's end) stops the measuring, the second one everything. */
function stopOnSignal(stop: AbortController): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(EXIT_FAILURE);
      stop.abort();
    });
  }
}

function planOf(flags: Flags, command: Command): Plan {
  const pinning = flags.pin ? choosePinning(posix) : UNPINNED;
  const quick = SCENARIOS.filter((scenario) => !flags.quick || scenario.quick);
  const targets = chosen('mode', flags.modes, allTargets(), installed(), command);
  return {
    targets,
    scenarios: chosen('scenario', flags.scenarios, SCENARIOS, quick, command),
    rounds: flags.rounds ?? (flags.quick ? 1 : ROUNDS),
    warmUpMs: flags.quick ? QUICK_WARM_UP_MS : WARM_UP_MS,
    warmingMs: flags.warmUp ?? (flags.quick ? QUICK_WARMING_MS : WARMING_MS),
    durationMs: flags.duration ?? (flags.quick ? QUICK_MS : DURATION_MS),
    strace: flags.strace,
    loadShare: LOAD_SHARE,
    pinning,
    seed: SEED,
  };
}

/** What this machine can't run is left out, unless it is asked for. */
function installed(): readonly Target[] {
  return allTargets().filter(({ refusal }) => refusal === '');
}

function chosen<T extends { readonly name: string }>(
  what: string,
  wanted: readonly string[] | undefined,
  all: readonly T[],
  otherwise: readonly T[],
  command: Command,
): readonly T[] {
  if (wanted === undefined) return otherwise;
  return [...new Set(wanted)].map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    const known = all.map((one) => one.name).join(', ');
    return command.error(`error: no ${what} '${name}' (there are: ${known})`);
  });
}

function conditionsOf({ failIf = [] }: Flags, plan: Plan, command: Command): Condition[] {
  const known = {
    targets: plan.targets.map(({ name }) => name),
    scenarios: plan.scenarios.map(({ name }) => name),
  };
  return failIf.map((text) => {
    try {
      return parseCondition(text, known);
    } catch (error) {
      return command.error(`error: --fail-if: ${(error as Error).message}`);
    }
  });
}

function finish(flags: Flags, plan: Plan, measurement: Measurement): Report {
  const { cells, straceFailure, interrupted } = measurement;
  const unpinned = whyUnpinned(plan.pinning, flags.pin);
  const warnings = warningsOf({ cells, rounds: plan.rounds, unpinned, straceFailure, interrupted });
  return reportOf(plan, cells, environment(plan.pinning), warnings);
}

function save(flags: Flags, report: Report): void {
  const forms: [string | undefined, () => string][] = [
    [flags.json, () => `${JSON.stringify(report, null, 2)}\n`],
    [flags.html, () => htmlOf(report)],
    [flags.markdown, () => markdownOf(report)],
  ];
  for (const [file, make] of forms) {
    if (file === undefined) continue;
    try {
      writeFileSync(file, make());
      print(`Written: ${file}`);
    } catch (error) {
      fail(`can't write ${file}: ${(error as Error).message}`);
      process.exitCode = EXIT_FAILURE;
    }
  }
}

/** @returns whether a condition holds. */
function judgeAll(conditions: readonly Condition[], { cells }: Measurement): boolean {
  const met = conditions
    .map((condition) => judge(condition, cells))
    .filter(({ found }) => found.length > 0);
  for (const { condition, found } of met) {
    fail(`${condition.text}`);
    for (const line of found) fail(`  ${line}`);
  }
  return met.length > 0 || process.exitCode === EXIT_FAILURE;
}

function print(text: string): void {
  writeSync(STDOUT, `${text}\n`);
}

function fail(text: string): void {
  writeSync(STDERR, `failed: ${text}\n`);
}

const ROUNDS = 3;
/** Of the load itself, before each round. */
const WARM_UP_MS = 200;
const WARM_UP_HELP =
  'longest time to load each server until it is warm (default: 60,000, quick 5,000)';
/** Fifty threads that share a CPU compile for themselves for most of this. */
const WARMING_MS = 60_000;
const QUICK_WARMING_MS = 5000;
const LONGEST_WARMING_MS = 600_000;
const DURATION_MS = 700;
const DURATION_HELP = 'measured time of a round (default: 700, quick 300)';
const QUICK_WARM_UP_MS = 100;
const QUICK_MS = 300;
const MOST_ROUNDS = 100;
/** Shorter than this, the kernel's clock ticks show. */
const MINIMUM_MS = 50;
const LONGEST_MS = 60_000;
/** High enough that queues form, low enough that nobody's grows without end. */
const LOAD_SHARE = 0.7;
/** The same keys in the same order each time. */
const SEED = 20_260;
const HELP_COLUMNS = 68;
const EXIT_FAILURE = 1;
const STDOUT = 1;
const STDERR = 2;
