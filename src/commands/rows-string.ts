/** The rows of strings and counters. Facts as in Redis 7.0; the notation is that of row.ts. */
import type { Command } from './call.ts';
import { decrement, decrementBy, increment, incrementBy } from './counters.ts';
import { incrementByFloat } from './floats.ts';
import { lcs } from './lcs.ts';
import { getRange, setRange } from './ranges.ts';
import { rowsOf } from './row.ts';
import { getExpire, set, setMilliseconds, setSeconds } from './set.ts';
import * as strings from './strings.ts';

const row = rowsOf('string');
const EXPIRY =
  'EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds';
const SET_EXPIRY =
  'EX seconds{@2.6.12} | PX milliseconds{@2.6.12} | EXAT unix-time-seconds{@6.2.0} | ' +
  'PXAT unix-time-milliseconds{@6.2.0} | KEEPTTL{@6.0.0}';

// biome-ignore format: one command, two lines
export const STRING_ROWS: readonly Command[] = [
  row(strings.append, 'append key value', 3, 'write denyoom fast', '1 1 1 RW insert', '2.0.0 O(1)',
    'Add bytes to the end of a string; make it where there is none.'),
  row(decrement, 'decr key', 2, 'write denyoom fast', '1 1 1 RW access update', '1.0.0 O(1)',
    'Take one from an integer; 0 where there is none.'),
  row(decrementBy, 'decrby key decrement', 3, 'write denyoom fast', '1 1 1 RW access update', '1.0.0 O(1)',
    'Take a number from an integer; 0 where there is none.'),
  row(strings.get, 'get key', 2, 'readonly fast', '1 1 1 RO access', '1.0.0 O(1)',
    'Return a string.'),
  row(strings.getDelete, 'getdel key', 2, 'write fast', '1 1 1 RW access delete', '6.2.0 O(1)',
    'Return a string and remove it.'),
  row(getExpire, `getex key [${EXPIRY} | PERSIST]{expiration}`, -2, 'write fast', '1 1 1 RW access update', '6.2.0 O(1)',
    'Return a string and change when it expires.'),
  row(getRange, 'getrange key start end', 4, 'readonly', '1 1 1 RO access', '2.4.0 O(N) with N bytes returned',
    'Return part of a string.'),
  row(strings.getSet, 'getset key value', 3, 'write denyoom fast', '1 1 1 RW access update', '1.0.0 O(1)',
    'Replace a string and return the old one.'),
  row(increment, 'incr key', 2, 'write denyoom fast', '1 1 1 RW access update', '1.0.0 O(1)',
    'Add one to an integer; 0 where there is none.'),
  row(incrementBy, 'incrby key increment', 3, 'write denyoom fast', '1 1 1 RW access update', '1.0.0 O(1)',
    'Add a number to an integer; 0 where there is none.'),
  row(incrementByFloat, 'incrbyfloat key increment:double', 3, 'write denyoom fast', '1 1 1 RW access update',
    '2.6.0 O(1)', 'Add a floating-point number to one; 0 where there is none.'),
  row(lcs, 'lcs key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]', -3, 'readonly', '1 2 1 RO access',
    '7.0.0 O(N*M) with strings of N and M bytes', 'Return the longest common subsequence of two strings.'),
  row(strings.mget, 'mget key ...', -2, 'readonly fast', '1 -1 1 RO access', '1.0.0 O(N) with N keys',
    'Return several strings.', 'request_policy:multi_shard'),
  row(strings.mset, 'mset (key value) ...', -3, 'write denyoom', '1 -1 2 OW update', '1.0.1 O(N) with N keys',
    'Set several strings at one moment.', 'request_policy:multi_shard response_policy:all_succeeded'),
  row(strings.msetIfAbsent, 'msetnx (key value) ...', -3, 'write denyoom', '1 -1 2 OW insert', '1.0.1 O(N) with N keys',
    'Set several strings at one moment, if none of the keys is there.',
    'request_policy:multi_shard response_policy:agg_min'),
  row(setMilliseconds, 'psetex key milliseconds value', 4, 'write denyoom', '1 1 1 OW update', '2.6.0 O(1)',
    'Set a string that expires after some milliseconds.'),
  row(set, `set key value [NX | XX]{condition@2.6.12} [GET{@6.2.0}] [${SET_EXPIRY}]{expiration}`, -3, 'write denyoom',
    '1 1 1 RW access update variable_flags', '1.0.0 O(1)',
    'Set a string, whatever was there; options make it conditional or let it expire.'),
  row(setSeconds, 'setex key seconds value', 4, 'write denyoom', '1 1 1 OW update', '2.0.0 O(1)',
    'Set a string that expires after some seconds.'),
  row(strings.setIfAbsent, 'setnx key value', 3, 'write denyoom fast', '1 1 1 OW insert', '1.0.0 O(1)',
    'Set a string if the key is not there.'),
  row(setRange, 'setrange key offset value', 4, 'write denyoom', '1 1 1 RW update', '2.2.0 O(N) with N bytes written',
    'Overwrite part of a string; zeros fill what lies before it.'),
  row(strings.strlen, 'strlen key', 2, 'readonly fast', '1 1 1 RO', '2.2.0 O(1)',
    'Return the length of a string in bytes.'),
  row(getRange, 'substr key start end', 4, 'readonly', '1 1 1 RO access', '1.0.0 O(N) with N bytes returned',
    'Return part of a string; the old name of GETRANGE.'),
];
