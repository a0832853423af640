/** The entry of a worker thread: composes itself from what it was handed, and serves. */
import { workerData } from 'node:worker_threads';
import { posix as native } from '../../posix/native.ts';
import { Board, SERVING } from '../board.ts';
import { takeFrom } from '../crew.ts';
import { modeOf } from '../modes.ts';
import { joinRecording } from '../recording.ts';
import { composeThread, type ThreadStart } from '../thread.ts';

const start = workerData as ThreadStart;
const name = `syskv-${start.thread}`;
const { posix, requests, flush } = joinRecording(native, start.options.trace, name);
const board = new Board(posix, start.board);
try {
  // Linux names threads separately: this is what `top -H` and `strace -Y` show.
  posix.pthread_setname_np?.(name);
  const context = composeThread(posix, start, { board, requests });
  board.setState(start.thread, SERVING);
  modeOf(start.options.mode).worker!(Object.assign(context, { taker: takeFrom(board) }));
} finally {
  flush();
  board.threadEnded();
}
