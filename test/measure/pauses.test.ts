/** Garbage collections as `node --trace-gc` tells them. */
import { expect, test } from 'vitest';
import { pausesIn } from '../../src/measure/pauses.ts';

const OUTPUT = [
  'watch it:  strace -p 44 -e trace=accept4',
  '[44:0x55]    38 ms: Scavenge 2.3 (2.8) -> 2.1 (3.8) MB, 0.67 / 0.00 ms  (average mu = 1) task;',
  '[44:0x55]    90 ms: Mark-Compact 3.9 (5.5) -> 3.7 (5.8) MB, 7.49 / 0.00 ms  (average mu = 1)',
  '[44:0x71]   120 ms: Scavenge (interleaved) 6.8 (9.2) -> 4.8 (9.2) MB, 5.00 / 0.00 ms',
].join('\n');

test('pauses are counted, and those over 5 ms apart', () => {
  expect(pausesIn(OUTPUT)).toEqual({ count: 3, longestMs: 7.49, long: 1 });
});

test('no collection, no pause', () => {
  expect(pausesIn('listening on 127.0.0.1:6379\n')).toEqual({ count: 0, longestMs: 0, long: 0 });
});
