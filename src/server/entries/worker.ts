/** The entry of a worker thread: composes itself from what it was handed, and serves. */
import { workerData } from 'node:worker_threads';
import { posix } from '../../posix/native.ts';
import { Board } from '../board.ts';
import { takeFrom } from '../crew.ts';
import { modeOf } from '../modes.ts';
import { composeThread, type ThreadStart } from '../thread.ts';

const start = workerData as ThreadStart;
const board = new Board(posix, start.board);
try {
  // Linux names threads separately: this is what `top -H` and `strace -Y` show.
  posix.pthread_setname_np?.(`syskv-${start.thread}`);
  modeOf(start.options.mode).worker!({
    ...composeThread(posix, start),
    taker: takeFrom(board),
  });
} finally {
  board.threadEnded();
}
