/** The rows of what concerns the server. Facts as in Redis 7.0; the notation is that of row.ts. */
import type { Command } from './call.ts';
import * as about from './command-info.ts';
import { getKeys, getKeysAndFlags } from './command-keys.ts';
import type { CommandTable } from './command-table.ts';
import { debug } from './debug.ts';
import { help } from './help.ts';
import { dbsize } from './keys.ts';
import * as latency from './latency.ts';
import { lolwut } from './lolwut.ts';
import * as memoryAnswers from './memory.ts';
import { rowsOf, withSubcommands } from './row.ts';
import * as server from './server.ts';
import { slowLogGet, slowLogLength, slowLogReset } from './slowlog.ts';

const row = rowsOf('server');
const config = rowsOf('server', 'config');
const command = rowsOf('server', 'command');
const memory = rowsOf('server', 'memory');
const slowlog = rowsOf('server', 'slowlog');
const latencyRow = rowsOf('server', 'latency');
const functionRow = rowsOf('scripting', 'function');
const ANYTIME = 'noscript loading stale';
const VARIES = 'nondeterministic_output request_policy:all_shards response_policy:special';
const UNORDERED = 'nondeterministic_output_order';
const EVERY_SHARD = 'request_policy:all_shards response_policy:all_succeeded';

// biome-ignore format: one command, two lines
export function serverRows(table: () => CommandTable): readonly Command[] {
  return [
    commandRows(table),
    configRows(table),
    row(dbsize, 'dbsize', 1, 'readonly fast @keyspace', '', '1.0.0 O(1)',
      'Count the keys of the database.', 'request_policy:all_shards response_policy:agg_sum'),
    row(debug, 'debug subcommand [arg ...]', -2, `admin ${ANYTIME}`, '', '1.0.0 Depends on the subcommand.',
      'Questions and switches for tests.'),
    row(server.flushAll, 'flushall [ASYNC{@4.0.0} | SYNC{@6.2.0}]{async}', -1, 'write @keyspace @dangerous', '',
      '1.0.0 O(N) with N keys in all databases', 'Remove every key of every database.', EVERY_SHARD),
    row(server.flushDatabase, 'flushdb [ASYNC{@4.0.0} | SYNC{@6.2.0}]{async}', -1, 'write @keyspace @dangerous', '',
      '1.0.0 O(N) with N keys in the database', 'Remove every key of the database.', EVERY_SHARD),
    functionRows(table),
    row(server.info, 'info [section ...]', -1, 'loading stale @dangerous', '', '1.0.0 O(1)',
      'Return facts and counters of the server.',
      'nondeterministic_output request_policy:all_shards response_policy:special'),
    latencyRows(table),
    row(lolwut, 'lolwut [VERSION version]', -1, 'readonly fast', '', '5.0.0 O(1)',
      'Return the version, and a picture with it.'),
    memoryRows(table),
    row(server.role, 'role', 1, 'noscript loading stale fast @admin @dangerous', '', '2.8.12 O(1)',
      'Return what part this server has in a replication.'),
    row(server.shutdown, 'shutdown [NOSAVE | SAVE] [NOW{@7.0.0}] [FORCE{@7.0.0}] [ABORT{@7.0.0}]', -1,
      'admin noscript loading stale no_multi allow_busy', '', '1.0.0 O(1)', 'Stop the server.'),
    slowLogRows(table),
    row(server.swapDatabases, 'swapdb index1 index2', 3, 'write fast @keyspace @dangerous', '', '4.0.0 O(1)',
      'Exchange two databases.'),
    row(server.time, 'time', 1, 'loading stale fast', '', '2.6.0 O(1)',
      'Return the time: seconds since 1970, and microseconds.', 'nondeterministic_output'),
  ];
}

// biome-ignore format: one command, two lines
function memoryRows(table: () => CommandTable): Command {
  const showHelp = help(table, 'memory');
  return withSubcommands(
    row(showHelp, 'memory', -2, '', '', '4.0.0 Depends on the subcommand.',
      'Questions that concern memory.'),
    [
      memory(memoryAnswers.memoryDoctor, 'doctor', 2, '', '', '4.0.0 O(1)',
        'Tell what is wrong with memory, if anything is.', VARIES),
      memory(showHelp, 'help', 2, 'loading stale', '', '4.0.0 O(1)',
        'Tell what the subcommands do.'),
      memory(memoryAnswers.memoryMallocStats, 'malloc-stats', 2, '', '', '4.0.0 O(1)',
        'Return what the store says of its memory.', VARIES),
      memory(memoryAnswers.memoryPurge, 'purge', 2, '', '', '4.0.0 O(1)',
        'Do nothing: free pages are given back at once.', 'request_policy:all_shards response_policy:all_succeeded'),
      memory(memoryAnswers.memoryStats, 'stats', 2, '', '', '4.0.0 O(1)',
        'Return what takes how much memory.', VARIES),
      memory(memoryAnswers.memoryUsage, 'usage key [SAMPLES count]', -3, 'readonly', '2 2 1 RO', '4.0.0 O(1)',
        'Return how many bytes a key and its value take, overhead included.'),
    ]);
}

// biome-ignore format: one command, two lines
function slowLogRows(table: () => CommandTable): Command {
  const showHelp = help(table, 'slowlog');
  const always = 'admin loading stale';
  return withSubcommands(
    row(showHelp, 'slowlog', -2, '', '', '2.2.12 Depends on the subcommand.',
      'Requests that took long.'),
    [
      slowlog(slowLogGet, 'get [count]', -2, always, '', '2.2.12 O(N) with N entries',
        'Return the last requests that took long: number, time, microseconds, words, client, name.',
        'request_policy:all_nodes nondeterministic_output'),
      slowlog(showHelp, 'help', 2, 'loading stale', '', '6.2.0 O(1)',
        'Tell what the subcommands do.'),
      slowlog(slowLogLength, 'len', 2, always, '', '2.2.12 O(1)',
        'Count the entries.', 'request_policy:all_nodes response_policy:agg_sum nondeterministic_output'),
      slowlog(slowLogReset, 'reset', 2, always, '', '2.2.12 O(1)',
        'Forget the entries.', 'request_policy:all_nodes response_policy:all_succeeded'),
    ]);
}

// biome-ignore format: one command, two lines
function latencyRows(table: () => CommandTable): Command {
  const showHelp = help(table, 'latency');
  const always = `admin ${ANYTIME}`;
  const tips = 'nondeterministic_output request_policy:all_nodes response_policy:special';
  return withSubcommands(
    row(showHelp, 'latency', -2, '', '', '2.8.13 Depends on the subcommand.',
      'What took long, and when.'),
    [
      latencyRow(latency.latencyDoctor, 'doctor', 2, always, '', '2.8.13 O(1)',
        'Tell in words what took long.', tips),
      latencyRow(latency.latencyGraphOf, 'graph event', 3, always, '', '2.8.13 O(1)',
        'Draw how long an event took.', tips),
      latencyRow(showHelp, 'help', 2, 'loading stale', '', '2.8.13 O(1)',
        'Tell what the subcommands do.'),
      latencyRow(latency.latencyHistogram, 'histogram [command ...]', -2, always, '', '7.0.0 O(N) with N commands',
        'Return how many calls of commands took how long.', tips),
      latencyRow(latency.latencyHistory, 'history event', 3, always, '', '2.8.13 O(1)',
        'Return how long an event took, and when.', tips),
      latencyRow(latency.latencyLatest, 'latest', 2, always, '', '2.8.13 O(1)',
        'Return the last and the worst time of each event.', tips),
      latencyRow(latency.latencyReset, 'reset [event ...]', -2, always, '', '2.8.13 O(1)',
        'Forget events.', 'request_policy:all_nodes response_policy:all_succeeded'),
    ]);
}

// biome-ignore format: one command, two lines
function functionRows(table: () => CommandTable): Command {
  const showHelp = help(table, 'function');
  return withSubcommands(
    rowsOf('scripting')(showHelp, 'function', -2, '@none', '', '7.0.0 Depends on the subcommand.',
      'Functions of the server, of which there are none.'),
    [
      functionRow(server.functionFlush, 'flush [ASYNC | SYNC]{async}', -2, 'write noscript', '', '7.0.0 O(1)',
        'Do nothing: there are no functions to remove.', 'request_policy:all_shards response_policy:all_succeeded'),
      functionRow(showHelp, 'help', 2, 'loading stale', '', '7.0.0 O(1)',
        'Tell what the subcommands do.'),
    ]);
}

// biome-ignore format: one command, two lines
function commandRows(table: () => CommandTable): Command {
  const always = 'loading stale @connection';
  const showHelp = help(table, 'command');
  return withSubcommands(
    row(about.allCommands(table), 'command', -1, always, '', '2.8.13 O(N) with N commands',
      'Describe all commands.', UNORDERED),
    [
      command(about.commandCount(table), 'count', 2, always, '', '2.8.13 O(1)',
        'Count the commands.'),
      command(about.commandDocs(table), 'docs [command-name ...]', -2, always, '', '7.0.0 O(N) with N commands',
        'Return the manual of these commands, or of all.', UNORDERED),
      command(getKeys(table), 'getkeys command [arg ...]', -4, always, '', '2.8.13 O(N) with N arguments',
        'Return the keys among the words of a request.'),
      command(getKeysAndFlags(table), 'getkeysandflags command [arg ...]', -4, always, '', '7.0.0 O(N) with N arguments',
        'Return the keys among the words of a request, and what it does to them.'),
      command(showHelp, 'help', 2, always, '', '5.0.0 O(1)',
        'Tell what the subcommands do.'),
      command(about.commandInfo(table), 'info [command-name ...]', -2, always, '', '2.8.13 O(N) with N commands',
        'Describe these commands, or all.', UNORDERED),
      command(about.commandList(table),
        'list [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>{filterby}]', -2, always, '',
        '7.0.0 O(N) with N commands', 'Return the names of the commands.', UNORDERED),
    ]);
}

// biome-ignore format: one command, two lines
function configRows(table: () => CommandTable): Command {
  const showHelp = help(table, 'config');
  return withSubcommands(
    row(showHelp, 'config', -2, '', '', '2.0.0 Depends on the subcommand.',
      'Questions and settings that concern the configuration.'),
    [
      config(server.configGet, 'get (parameter){parameter} ...', -3, `admin ${ANYTIME}`, '', '2.0.0 O(N) with N parameters',
        'Return the parameters that match the patterns.'),
      config(showHelp, 'help', 2, 'loading stale', '', '5.0.0 O(1)',
        'Tell what the subcommands do.'),
      config(server.configResetStatistics, 'resetstat', 2, `admin ${ANYTIME}`, '', '2.0.0 O(1)',
        'Set the counters of INFO to zero.'),
      config(server.configRewrite, 'rewrite', 2, `admin ${ANYTIME}`, '', '2.8.0 O(1)',
        'An error: there is no configuration file to be written.'),
      config(server.configSet, 'set (parameter value) ...', -4, `admin ${ANYTIME}`, '', '2.0.0 O(N) with N parameters',
        'Set parameters, all or none.', 'request_policy:all_nodes response_policy:all_succeeded'),
    ]);
}
