/** The entry of a worker thread: composes itself from what it was handed, and serves. */
import { workerData } from 'node:worker_threads';
import { posix as native } from '../../posix/native.ts';
import { Board, SERVING } from '../board.ts';
import { takeFrom } from '../crew.ts';
import { live } from '../lifetime.ts';
import { openBeside } from '../listeners.ts';
import { modeOf } from '../modes.ts';
import { joinRecording } from '../recording.ts';
import { composeThread, type ThreadStart } from '../thread.ts';

const start = workerData as ThreadStart;
const name = `syskv-${start.thread}`;
const { posix, requests, flush } = joinRecording(native, start.options.trace, name);
const board = new Board(posix, start.board);
const mode = modeOf(start.options.mode);
// Linux names threads separately: this is what `top -H` and `strace -Y` show.
posix.pthread_setname_np?.(name);
let context: ReturnType<typeof composeThread> | undefined;

function serve(): void {
  context ??= composeThread(posix, start, { board, requests });
  // A loop listens by itself, once it is ready to accept, so that no client waits for one in vain.
  const loops = mode.threading === 'loops';
  const listeners = loops ? openBeside(posix, start.options, start.listeners) : [];
  board.setState(start.thread, SERVING);
  mode.worker!(Object.assign(context, { listeners, taker: takeFrom(board) }));
}

try {
  live({ posix, board, start, serve });
} finally {
  flush();
  board.threadEnded();
}
