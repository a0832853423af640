/** `npm run bench:memory`: what keys take here and in an installed redis-server, in one run. */
import { existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { Command } from 'commander';
import { integer } from '../../cli/arguments.ts';
import { HELP_STYLE } from '../../cli/help.ts';
import { choosePinning, pin } from '../../measure/affinity.ts';
import { type Environment, environment } from '../../measure/environment.ts';
import type { Target } from '../../measure/targets/target.ts';
import { posix } from '../../posix/native.ts';
import { intoPage } from '../page.ts';
import { peerOf } from '../peers.ts';
import { measureGrowth } from './growth.ts';
import { markdownOf, rowsOf, type Server, tableOf } from './rows.ts';
import { weighChurn, weighIdle, weighKeys } from './weigh.ts';

const program = new Command('bench:memory')
  .description('Measures what keys take, here and in an installed redis-server.')
  .option('--keys <n>', 'a table grows to ten times as many', integer(1000, 20_000_000), 1_000_000)
  .option('--json <file>', 'write all figures')
  .option('--markdown <file>', 'write the table, between the markers where the file has them')
  .configureHelp(HELP_STYLE)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE))
  .allowExcessArguments(false)
  .action(run);

interface Flags {
  keys: number;
  json?: string;
  markdown?: string;
}

async function run({ keys, json, markdown }: Flags): Promise<void> {
  // Servers end with this process, and `exit` is not told of a signal that nobody handles.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => process.exit(1));
  const pinning = choosePinning(posix);
  const peers = ['epoll', 'redis-server'].map((name) => peerOf(name, false)!);
  const present = peers.filter(({ refusal }) => refusal === '');
  for (const { name, refusal } of peers) {
    if (refusal !== '') say(`${name} was not measured: ${refusal}`);
  }
  say(`growing a table to ${(keys * GROWTH).toLocaleString('en-US')} keys …`);
  pin(posix, [process.pid], pinning.serverCpus);
  const growth = measureGrowth(posix, keys * GROWTH);
  pin(posix, [process.pid], pinning.clientCpus);
  const servers: Server[] = [];
  for (const peer of present) servers.push(await weigh(peer, keys));
  const rows = rowsOf(servers, growth);
  const names = servers.map(({ name }) => (name === 'epoll' ? 'syskv' : name));
  say(`\n${tableOf(names, rows)}`);
  const about = environment(pinning);
  const report = { schema: 'syskv-bench-memory', schemaVersion: 1, keys, environment: about };
  if (json !== undefined) {
    write(json, `${JSON.stringify({ ...report, servers, growth, rows }, null, 2)}\n`);
  }
  if (markdown !== undefined) {
    const page = existsSync(markdown) ? readFileSync(markdown, 'utf8') : '';
    const described = servers.map(({ description }) => description);
    const figures = markdownOf(names, rows, aboutOf(about, described));
    write(markdown, intoPage(page, 'bench:memory --', figures));
  }
}

async function weigh(peer: Target, keys: number): Promise<Server> {
  const { name, description } = peer;
  say(`${name}: ${keys.toLocaleString('en-US')} keys, the same with a TTL, churn …`);
  return {
    ...{ name, description, keys },
    idleBytes: await weighIdle(peer),
    plain: await weighKeys(posix, peer, keys, false),
    expiring: await weighKeys(posix, peer, keys, true),
    churn: await weighChurn(posix, peer, Math.ceil(keys / CHURN_DIVISOR)),
  };
}

function aboutOf(about: Environment, described: readonly string[]): string[] {
  const { date, cpu, cpuCount, kernel, node, commit } = about;
  const machine = `${cpu}, ${cpuCount} CPUs, kernel ${kernel}, Node ${node}`;
  return [`date: ${date}`, `machine: ${machine}`, `commit: ${commit}`, ...described];
}

function write(file: string, text: string): void {
  writeFileSync(file, text);
  say(`Written: ${file}`);
}

function say(text: string): void {
  writeSync(STDOUT, `${text}\n`);
}

const GROWTH = 10;
/** Values are 1,000 bytes on average here: a tenth of the keys, 100 MB for a million. */
const CHURN_DIVISOR = 10;
const STDOUT = 1;
const EXIT_USAGE = 2;

await program.parseAsync();
