/**
 * Parses one request a line: `SET key "a value"\n`, in the grammar of inline.ts. LF ends a line,
 * and a CR before it is dropped. Every byte but LF may stand in a line, NUL too; LF is written
 * `"\n"`. A line that begins with `*` or `$` is a command like any other: this is no RESP.
 *
 * A line holds 64 KiB at most, as an inline command of RESP does, with the same two errors.
 */
import { Arguments } from './arguments.ts';
import { splitLine } from './inline.ts';
import {
  NEED_MORE,
  type ParseResult,
  PROTOCOL_ERROR,
  REQUEST,
  type RequestParser,
} from './parser.ts';

const LF = 0x0a;
const CR = 0x0d;
/** Bytes of a line before its LF: what a person may type, and no stranger may fill memory with. */
const MAX_LINE_BYTES = 64 * 1024;

export class LineParser implements RequestParser {
  args = new Arguments();
  /** A line's arguments are read once its end is there. */
  readonly unfinished = false;
  next = 0;
  error = '';
  /** A line is short for everybody. */
  authenticated = true;
  /** A line's length is unknown until it ends. */
  readonly expected = 0;
  readonly lastArgumentAt = -1;
  readonly #maxLineBytes: number;
  /** Bytes of the line at `next` that hold no LF. */
  #searchedBytes = 0;

  constructor(maxLineBytes = MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes;
  }

  parse(bytes: Uint8Array, start: number, end: number): ParseResult {
    this.args.clear();
    this.next = start;
    for (;;) {
      const lineEnd = this.#lineEnd(bytes, end);
      if (lineEnd > this.next + this.#maxLineBytes) return this.#fail('too big inline request');
      if (lineEnd === end) return NEED_MORE;
      if (!splitLine(bytes, this.next, withoutCr(bytes, this.next, lineEnd), this.args)) {
        return this.#fail('unbalanced quotes in request');
      }
      this.next = lineEnd + 1;
      this.#searchedBytes = 0;
      if (this.args.count > 0) return REQUEST;
    }
  }

  /** People type lines: there is never one of these to hurry for. */
  glance(): boolean {
    return false;
  }

  moved(_bytes: Uint8Array, start: number): void {
    this.next = start;
  }

  reset(): void {
    this.#searchedBytes = 0;
    this.error = '';
    this.args.release();
  }

  /** The position of the line's LF, or of the first byte beyond what is there or allowed. */
  #lineEnd(bytes: Uint8Array, end: number): number {
    const limit = Math.min(end, this.next + this.#maxLineBytes + 1);
    let i = this.next + this.#searchedBytes;
    while (i < limit && bytes[i] !== LF) i++;
    this.#searchedBytes = i - this.next;
    return i;
  }

  #fail(text: string): typeof PROTOCOL_ERROR {
    this.#searchedBytes = 0;
    this.error = `ERR Protocol error: ${text}`;
    return PROTOCOL_ERROR;
  }
}

function withoutCr(bytes: Uint8Array, start: number, lineEnd: number): number {
  return lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
}
