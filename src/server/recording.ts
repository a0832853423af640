/**
 * Where `--trace` names a file: a thread's system calls, taken down. Else they are what they were.
 */
import { createRecording, type Recording, record } from '../observe/recorder/recorder.ts';
import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { ServerOptions } from './options.ts';

export type Recorded = Pick<Recording, 'posix' | 'flush'> & Partial<Recording>;

/** For the thread that starts the server: the file begins anew. Throws SyscallError. */
export function startRecording(posix: Posix, { trace }: ServerOptions): Recorded {
  if (trace !== '') check(createRecording(posix, trace), 'open', { address: trace });
  return joinRecording(posix, trace, 'main');
}

/** For a further thread or process. */
export function joinRecording(posix: Posix, trace: string, threadName: string): Recorded {
  return trace === '' ? { posix, flush() {} } : record(posix, trace, threadName);
}
