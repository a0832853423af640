/** What the client prints: at once, as bytes, whatever stdout is. */
import { check } from '../../posix/errors.ts';
import { posix } from '../../posix/native.ts';

const STDOUT = 1;
const STDERR = 2;
const encoder = new TextEncoder();

/** Waits where a pipe is full. A reader that has gone away (`| head`) ends the client. */
export function printBytes(bytes: Uint8Array): void {
  const { EAGAIN, EINTR, EPIPE } = posix.constants;
  let written = 0;
  while (written < bytes.length) {
    const result = posix.write(STDOUT, bytes, written, bytes.length - written);
    if (result === -EPIPE) process.exit(1);
    if (result === -EAGAIN) waitForRoom();
    else if (result !== -EINTR) written += check(result, 'write');
  }
}

function waitForRoom(): void {
  const { POLLFD_WORDS, POLLOUT } = posix.constants;
  const fds = new Int32Array(POLLFD_WORDS);
  fds.set([STDOUT, POLLOUT]);
  posix.poll(fds, 1, -1);
}

export function print(text: string): void {
  printBytes(encoder.encode(text));
}

export function printError(line: string): void {
  const bytes = encoder.encode(`${line}\n`);
  posix.write(STDERR, bytes, 0, bytes.length);
}
