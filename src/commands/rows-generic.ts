/**
 * The rows of what concerns keys of any type. Facts as in Redis 7.0; the notation is that of
 * row.ts.
 */
import type { Command, Handler } from './call.ts';
import type { CommandTable } from './command-table.ts';
import * as copies from './copies.ts';
import { dump, restore } from './dump.ts';
import * as expire from './expire.ts';
import { help } from './help.ts';
import * as keys from './keys.ts';
import * as object from './object.ts';
import { rowsOf, withSubcommands } from './row.ts';
import { keys as listKeys, scan } from './scan.ts';

const row = rowsOf('generic');
const sub = rowsOf('generic', 'object');
const CONDITION = '[NX | XX | GT | LT]{condition@7.0.0}';
const SUM_OF_SHARDS = 'request_policy:multi_shard response_policy:agg_sum';
const VARIES = 'nondeterministic_output';

// biome-ignore format: one command, two lines
export const GENERIC_ROWS: readonly Command[] = [
  row(copies.copy, 'copy source destination [DB destination-db] [REPLACE]', -3, 'write denyoom',
    '1 1 1 RO access; 2 2 1 OW update', '6.2.0 O(N) with N bytes', 'Copy a value to another key.'),
  row(keys.del, 'del key ...', -2, 'write', '1 -1 1 RM delete', '1.0.0 O(N) with N keys',
    'Remove keys.', SUM_OF_SHARDS),
  row(dump, 'dump key', 2, 'readonly', '1 1 1 RO access', '2.6.0 O(N) with N bytes',
    'Return a value in the form that RESTORE takes.', VARIES),
  row(keys.exists, 'exists key ...', -2, 'readonly fast', '1 -1 1 RO', '1.0.0 O(N) with N keys',
    'Count how many of the keys are there.', SUM_OF_SHARDS),
  row(expire.expire, `expire key seconds ${CONDITION}`, -3, 'write fast', '1 1 1 RW update', '1.0.0 O(1)',
    'Let a key expire after some seconds.'),
  row(expire.expireAt, `expireat key unix-time-seconds ${CONDITION}`, -3, 'write fast', '1 1 1 RW update', '1.2.0 O(1)',
    'Let a key expire at a time in seconds.'),
  row(expire.expireTime, 'expiretime key', 2, 'readonly fast', '1 1 1 RO access', '7.0.0 O(1)',
    'Return when a key expires, in seconds.'),
  row(listKeys, 'keys pattern', 2, 'readonly @dangerous', '', '1.0.0 O(N) with N keys in the database',
    'Return all keys that match a pattern.', 'request_policy:all_shards nondeterministic_output_order'),
  row(copies.move, 'move key db', 3, 'write fast', '1 1 1 RW access update', '1.0.0 O(N) with N bytes',
    'Move a key to another database.'),
  row(expire.persist, 'persist key', 2, 'write fast', '1 1 1 RW update', '2.2.0 O(1)',
    'Let a key no longer expire.'),
  row(expire.pexpire, `pexpire key milliseconds ${CONDITION}`, -3, 'write fast', '1 1 1 RW update', '2.6.0 O(1)',
    'Let a key expire after some milliseconds.'),
  row(expire.pexpireAt, `pexpireat key unix-time-milliseconds ${CONDITION}`, -3, 'write fast', '1 1 1 RW update',
    '2.6.0 O(1)', 'Let a key expire at a time in milliseconds.'),
  row(expire.pexpireTime, 'pexpiretime key', 2, 'readonly fast', '1 1 1 RO access', '7.0.0 O(1)',
    'Return when a key expires, in milliseconds.'),
  row(expire.pttl, 'pttl key', 2, 'readonly fast', '1 1 1 RO access', '2.6.0 O(1)',
    'Return how many milliseconds a key has left.', VARIES),
  row(keys.randomKey, 'randomkey', 1, 'readonly', '', '1.0.0 O(1)',
    'Return a key at random.', `request_policy:all_shards ${VARIES}`),
  row(copies.rename, 'rename key newkey', 3, 'write', '1 1 1 RW access delete; 2 2 1 OW update',
    '1.0.0 O(N) with N bytes', 'Rename a key, over whatever has that name.'),
  row(copies.renameIfAbsent, 'renamenx key newkey', 3, 'write fast', '1 1 1 RW access delete; 2 2 1 OW insert',
    '1.0.0 O(N) with N bytes', 'Rename a key if nothing has that name.'),
  row(restore, 'restore key ttl serialized-value [REPLACE{@3.0.0}] [ABSTTL{@5.0.0}] [IDLETIME seconds{@5.0.0}] [FREQ frequency{@5.0.0}]', -4,
    'write denyoom @dangerous', '1 1 1 OW update', '2.6.0 O(N) with N bytes', 'Make a value from what DUMP returned.'),
  row(scan, 'scan cursor [MATCH pattern] [COUNT count] [TYPE type{@6.0.0}]', -2, 'readonly', '',
    '2.8.0 O(1) a call, O(N) a round over N keys', 'Return some keys, and the cursor for the next ones.',
    `${VARIES} request_policy:special`),
  row(keys.touch, 'touch key ...', -2, 'readonly fast', '1 -1 1 RO', '3.2.1 O(N) with N keys',
    'Count the keys that are there, and mark them as used.', SUM_OF_SHARDS),
  row(expire.ttl, 'ttl key', 2, 'readonly fast', '1 1 1 RO access', '1.0.0 O(1)',
    'Return how many seconds a key has left.', VARIES),
  row(keys.type, 'type key', 2, 'readonly fast', '1 1 1 RO', '1.0.0 O(1)',
    'Return what type of value a key holds.'),
  row(keys.del, 'unlink key ...', -2, 'write fast', '1 -1 1 RM delete', '4.0.0 O(N) with N keys',
    'Remove keys; where that would take long, in the background.', SUM_OF_SHARDS),
];

// biome-ignore format: one command, two lines
export function objectRows(table: () => CommandTable): Command {
  const showHelp = help(table, 'object');
  const seen = (handler: Handler, usage: string, since: string, summary: string) =>
    sub(handler, usage, 3, 'readonly', '2 2 1 RO', `${since} O(1)`, summary, VARIES);
  return withSubcommands(
    row(showHelp, 'object', -2, '@none', '', '2.2.3 Depends on the subcommand.',
      'Questions that concern the inside of values.'),
    [
      seen(object.objectEncoding, 'encoding key', '2.2.3', 'Return how Redis would represent the value.'),
      seen(object.objectFrequency, 'freq key', '4.0.0', 'Return the logarithm of how often the key is used.'),
      sub(showHelp, 'help', 2, 'loading stale', '', '6.2.0 O(1)', 'Tell what the subcommands do.'),
      seen(object.objectIdleTime, 'idletime key', '2.2.3', 'Return how many seconds the key has not been used.'),
      seen(object.objectReferenceCount, 'refcount key', '2.2.3', 'Return how many references the value has.'),
    ]);
}
