/** The rows of transactions. Facts as in Redis 7.0; the notation is that of row.ts. */
import type { Command } from './call.ts';
import { rowsOf } from './row.ts';
import * as transactions from './transactions.ts';
import { unwatch, watch } from './watch.ts';

const row = rowsOf('transactions');
const ANYTIME = 'noscript loading stale fast allow_busy';

// biome-ignore format: one command, two lines
export const TRANSACTION_ROWS: readonly Command[] = [
  row(transactions.discard, 'discard', 1, ANYTIME, '', '2.0.0 O(N) with N queued requests',
    'Forget the requests that were queued since MULTI.'),
  row(transactions.exec, 'exec', 1, 'noscript loading stale skip_slowlog', '', '1.2.0 Depends on the requests.',
    'Run the requests that were queued since MULTI, all at one moment.'),
  row(transactions.multi, 'multi', 1, ANYTIME, '', '1.2.0 O(1)',
    'Begin a transaction: queue what follows until EXEC.'),
  row(unwatch, 'unwatch', 1, ANYTIME, '', '2.2.0 O(N) with N watched keys',
    'Forget the watched keys.'),
  row(watch, 'watch key ...', -2, ANYTIME, '1 -1 1 RO', '2.2.0 O(N) with N keys',
    'Let EXEC do nothing if one of the keys has changed until then.'),
];
