/** The rows of what concerns the server. Facts as in Redis 7.0; the notation is that of row.ts. */
import type { Command } from './command.ts';
import * as about from './command-info.ts';
import { getKeys, getKeysAndFlags } from './command-keys.ts';
import type { CommandTable } from './command-table.ts';
import { debug } from './debug.ts';
import { help } from './help.ts';
import { dbsize } from './keys.ts';
import { memoryUsage } from './object.ts';
import { rowsOf, withSubcommands } from './row.ts';
import * as server from './server.ts';

const row = rowsOf('server');
const config = rowsOf('server', 'config');
const command = rowsOf('server', 'command');
const memory = rowsOf('server', 'memory');
const ANYTIME = 'noscript loading stale';
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
    row(server.flushAll, 'flushall [ASYNC | SYNC]', -1, 'write @keyspace @dangerous', '',
      '1.0.0 O(N) with N keys in all databases', 'Remove every key of every database.', EVERY_SHARD),
    row(server.flushDatabase, 'flushdb [ASYNC | SYNC]', -1, 'write @keyspace @dangerous', '',
      '1.0.0 O(N) with N keys in the database', 'Remove every key of the database.', EVERY_SHARD),
    row(server.info, 'info [section ...]', -1, 'loading stale @dangerous', '', '1.0.0 O(1)',
      'Return facts and counters of the server.',
      'nondeterministic_output request_policy:all_shards response_policy:special'),
    row(server.lolwut, 'lolwut [VERSION version]', -1, 'readonly fast', '', '5.0.0 O(1)',
      'Return the version, for once without a drawing.'),
    memoryRows(table),
    row(server.role, 'role', 1, 'noscript loading stale fast @admin @dangerous', '', '2.8.12 O(1)',
      'Return what part this server has in a replication.'),
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
      memory(showHelp, 'help', 2, 'loading stale', '', '4.0.0 O(1)',
        'Tell what the subcommands do.'),
      memory(memoryUsage, 'usage key [SAMPLES count]', -3, 'readonly', '2 2 1 RO', '4.0.0 O(1)',
        'Return how many bytes a key and its value take, overhead included.'),
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
        'list [FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]', -2, always, '',
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
      config(server.configGet, 'get parameter ...', -3, `admin ${ANYTIME}`, '', '2.0.0 O(N) with N parameters',
        'Return the parameters that match the patterns.'),
      config(showHelp, 'help', 2, 'loading stale', '', '5.0.0 O(1)',
        'Tell what the subcommands do.'),
      config(server.configSet, 'set (parameter value) ...', -4, `admin ${ANYTIME}`, '', '2.0.0 O(N) with N parameters',
        'Set parameters, all or none.', 'request_policy:all_nodes response_policy:all_succeeded'),
    ]);
}
