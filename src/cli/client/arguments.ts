/** A command's words as the bytes that they were typed as. */
import { readFileSync } from 'node:fs';
import { check } from '../../posix/errors.ts';
import { posix } from '../../posix/native.ts';

const encoder = new TextEncoder();
const REPLACEMENT = '\ufffd';
const STDIN = 0;

/**
 * The last words of the command line. Node has decoded them as UTF-8; where that went wrong the
 * kernel still has the bytes (proc(5), /proc/self/cmdline).
 */
export function bytesOfArguments(words: readonly string[]): Uint8Array[] {
  const decoded = words.map((word) => encoder.encode(word));
  if (!words.some((word) => word.includes(REPLACEMENT))) return decoded;
  return originalArguments(words.length) ?? decoded;
}

function originalArguments(count: number): Uint8Array[] | undefined {
  try {
    const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
    return all.slice(-count).map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** Everything that stdin holds. */
export function readWholeInput(): Uint8Array {
  return Buffer.concat([...chunksOfInput()]);
}

/** Lines of stdin as they come, without their ends. */
export function* linesOfInput(): Generator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  for (const chunk of chunksOfInput()) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      yield withoutCr(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield withoutCr(rest);
}

function* chunksOfInput(): Generator<Uint8Array> {
  const { EAGAIN, EINTR } = posix.constants;
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = posix.read(STDIN, chunk, 0, chunk.length);
    if (count === -EAGAIN) waitForInput();
    else if (count !== -EINTR && check(count, 'read') === 0) return;
    else if (count > 0) yield chunk.subarray(0, count);
  }
}

/** The parent process may have made the pipe non-blocking. */
function waitForInput(): void {
  const { POLLFD_WORDS, POLLIN } = posix.constants;
  const fds = new Int32Array(POLLFD_WORDS);
  fds.set([STDIN, POLLIN]);
  posix.poll(fds, 1, -1);
}

function withoutCr(line: Uint8Array): Uint8Array {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

/** What a pipe holds. */
const CHUNK_BYTES = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;
