/**
 * The entry of the thread that `startServer` makes: it runs a whole server, and says how it went.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SyscallError } from '../../posix/errors.ts';
import { posix } from '../../posix/native.ts';
import { serve } from '../serve.ts';
import type { ServerThreadMessage, ServerThreadStart, SyscallFailure } from '../start.ts';

const { options, board } = workerData as ServerThreadStart;
const stop = new AbortController();
parentPort!.once('message', () => stop.abort());

function tell(message: ServerThreadMessage): void {
  parentPort!.postMessage(message);
}

let ready = false;
try {
  await serve({
    posix,
    options,
    board,
    signals: false,
    aborted: stop.signal,
    ready: ({ endpoints }) => {
      tell({ endpoints });
      ready = true;
    },
  });
} catch (error) {
  // Once it has listened, an error is what `close` rejects with.
  if (ready) throw error;
  const { message } = error as Error;
  if (error instanceof SyscallError) tell({ message, syscall: describe(error) });
  else tell({ message });
}
parentPort!.close();

function describe({ errno, syscall, address, port }: SyscallError): SyscallFailure {
  const detail = { ...(address !== undefined && { address }), ...(port !== undefined && { port }) };
  return { errno, name: syscall, detail };
}
