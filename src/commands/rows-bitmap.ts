/** The rows of strings taken as bits. Facts as in Redis 7.0; the notation is that of row.ts. */

import { bitField, bitFieldReadOnly } from './bitfield.ts';
import { bitOperation } from './bitop.ts';
import * as bits from './bits.ts';
import type { Command } from './call.ts';
import { rowsOf } from './row.ts';

const row = rowsOf('bitmap');
const GET_FIELD = 'GET encoding offset';
const WRITE_FIELD =
  '<(SET encoding offset value:integer) | (INCRBY encoding offset increment)>{write_operation}';

// biome-ignore format: one command, two lines
export const BITMAP_ROWS: readonly Command[] = [
  row(bits.bitCount, 'bitcount key [start end [BYTE | BIT]{index_unit@7.0.0}]{index}', -2, 'readonly', '1 1 1 RO access', '2.6.0 O(N) with N bytes',
    'Count the ones in a string.'),
  row(bitField, `bitfield key [(${GET_FIELD}) | ([OVERFLOW <WRAP | SAT | FAIL>] ${WRITE_FIELD}){write}]{operation} ...`, -2,
    'write denyoom', '1 1 1 RW access update variable_flags', '3.2.0 O(N) with N operations',
    'Read and change integers of any width anywhere in a string.'),
  row(bitFieldReadOnly, `bitfield_ro key [${GET_FIELD}] ...`, -2, 'readonly fast', '1 1 1 RO access',
    '6.0.0 O(N) with N operations', 'Read integers of any width anywhere in a string.'),
  row(bitOperation, 'bitop operation destkey key ...', -4, 'write denyoom', '2 2 1 OW update; 3 -1 1 RO access',
    '2.6.0 O(N) with N bytes', 'Combine the bits of several strings, and keep the result.'),
  row(bits.bitPosition, 'bitpos key bit [start [end [BYTE | BIT]{index_unit@7.0.0}]{end_index}]{index}', -3, 'readonly', '1 1 1 RO access',
    '2.8.7 O(N) with N bytes', 'Find the first bit that is one, or zero.'),
  row(bits.getBit, 'getbit key offset', 3, 'readonly fast', '1 1 1 RO access', '2.2.0 O(1)',
    'Return one bit of a string.'),
  row(bits.setBit, 'setbit key offset value:integer', 4, 'write denyoom', '1 1 1 RW access update', '2.2.0 O(1)',
    'Set one bit of a string, and return what it was; zeros fill what lies before it.'),
];
