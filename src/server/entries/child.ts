/** The entry of a process of `prefork`: takes over the descriptors it is sent, and serves. */
import { check } from '../../posix/errors.ts';
import type { ControlMessage } from '../../posix/message.ts';
import { posix as native } from '../../posix/native.ts';
import { structsOf } from '../../posix/structs.ts';
import { Board, SERVING } from '../board.ts';
import { inlineMore } from '../compiler.ts';
import { Log } from '../log.ts';
import { modeOf } from '../modes.ts';
import { joinRecording } from '../recording.ts';
import { ignoreHangUp, installSignals } from '../shutdown.ts';
import { composeThread, type ThreadStart } from '../thread.ts';

/** Where the parent puts its end of the socket pair (the fourth entry of spawn's stdio). */
const PARENT_SOCKET = 3;
/** The start is some hundred bytes of JSON: one message. */
const START_BYTES = 64 * 1024;

const c = native.constants;
// A parent that is killed can't say goodbye: the kernel does it.
check(native.prctl(c.PR_SET_PDEATHSIG, c.SIGTERM), 'prctl');
// Unless it was killed before this process could ask for that.
if (process.ppid !== Number(process.argv[2])) process.exit(0);
ignoreHangUp(native);
const start = receiveStart();
const name = `syskv-${start.thread}`;
// A process is shown by its main thread's name.
native.pthread_setname_np?.(name);
const { posix, requests, flush } = joinRecording(native, start.options.trace, name);
inlineMore();
installSignals(posix, start.board.eventfd);
const worker = modeOf(start.options.mode).worker!;
const board = new Board(posix, start.board);
const context = composeThread(posix, start, { board, requests });
board.setState(start.thread, SERVING);
try {
  worker(context);
} catch (error) {
  new Log(start.options.loglevel).warning(`child ${process.pid}: ${(error as Error).message}`);
  process.exitCode = 1;
}
flush();

/** The descriptors get new numbers in this process: they replace the parent's in the start. */
function receiveStart(): ThreadStart {
  const text = new Uint8Array(START_BYTES);
  const control: ControlMessage[] = [];
  const message = { iov: [text], control };
  const length = check(native.recvmsg(PARENT_SOCKET, message, c.MSG_CMSG_CLOEXEC), 'recvmsg');
  native.close(PARENT_SOCKET);
  // The parent could not send it, says so, and tries another child.
  if (length === 0) process.exit(1);
  const start = JSON.parse(new TextDecoder().decode(text.subarray(0, length))) as ThreadStart;
  const [listener, store, board, eventfd] = structsOf(native.layouts).descriptors.decode(
    control[0].data,
  );
  return {
    ...start,
    listeners: [listener],
    store: { ...start.store!, file: store },
    board: { file: board, eventfd },
    role: { signals: true, mainThread: true, acceptsAlone: false },
  };
}
