/** The entry of a process of `prefork`: takes over the descriptors it is sent, and serves. */
import { check } from '../../posix/errors.ts';
import type { ControlMessage } from '../../posix/message.ts';
import { posix } from '../../posix/native.ts';
import { structsOf } from '../../posix/structs.ts';
import { modeOf } from '../modes.ts';
import { installSignals } from '../shutdown.ts';
import { composeThread, type ThreadStart } from '../thread.ts';

/** Where the parent puts its end of the socket pair (the fourth entry of spawn's stdio). */
const PARENT_SOCKET = 3;
/** The start is some hundred bytes of JSON: one message. */
const START_BYTES = 64 * 1024;

const c = posix.constants;
// A parent that is killed can't say goodbye: the kernel does it.
check(posix.prctl(c.PR_SET_PDEATHSIG, c.SIGTERM), 'prctl');
// Unless it was killed before this process could ask for that.
if (process.ppid !== Number(process.argv[2])) process.exit(0);
const start = receiveStart();
installSignals(posix, start.board.eventfd);
const worker = modeOf(start.options.mode).worker!;
worker(composeThread(posix, start));

/** The descriptors get new numbers in this process: they replace the parent's in the start. */
function receiveStart(): ThreadStart {
  const text = new Uint8Array(START_BYTES);
  const control: ControlMessage[] = [];
  const message = { iov: [text], control };
  const length = check(posix.recvmsg(PARENT_SOCKET, message, c.MSG_CMSG_CLOEXEC), 'recvmsg');
  posix.close(PARENT_SOCKET);
  const start = JSON.parse(new TextDecoder().decode(text.subarray(0, length))) as ThreadStart;
  const [listener, store, board, eventfd] = structsOf(posix.layouts).descriptors.decode(
    control[0].data,
  );
  return {
    ...start,
    listeners: [listener],
    store: { ...start.store, file: store },
    board: { file: board, eventfd },
    role: { signals: true, mainThread: true },
  };
}
