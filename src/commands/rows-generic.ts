/** The rows of what concerns keys of any type. Facts as in Redis 7.0; the notation is that of row.ts. */
import type { Command } from './command.ts';
import * as expire from './expire.ts';
import * as keys from './keys.ts';
import { rowsOf } from './row.ts';
import { keys as listKeys, scan } from './scan.ts';

const row = rowsOf('generic');
const CONDITION = '[NX | XX | GT | LT]';
const SUM_OF_SHARDS = 'request_policy:multi_shard response_policy:agg_sum';
const VARIES = 'nondeterministic_output';

// biome-ignore format: one command, two lines
export const GENERIC_ROWS: readonly Command[] = [
  row(keys.del, 'del key ...', -2, 'write', '1 -1 1 RM delete', '1.0.0 O(N) with N keys',
    'Remove keys.', SUM_OF_SHARDS),
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
  row(scan, 'scan cursor [MATCH pattern] [COUNT count] [TYPE type]', -2, 'readonly', '',
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
