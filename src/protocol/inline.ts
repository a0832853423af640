/**
 * The grammar of a command typed as one line, for RESP's inline commands and for the line protocol.
 * Arguments are separated by white space. An argument, or its end, may be quoted:
 *
 * - `"…"` knows `\n \r \t \b \a`, `\xHH` (two hex digits), and takes any other `\c` as `c`;
 * - `'…'` knows `\'` alone;
 * - a closing quote must be followed by white space or the line's end.
 *
 * A bare argument ends at a space, tab, CR or LF; vertical tab and form feed are blanks between
 * arguments but belong to one within it. All as Redis' `sdssplitargs` (redis `src/sds.c`) has it,
 * but for NUL, which ends the string there and is a byte like any other here.
 */
import type { Arguments } from './arguments.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;
const LETTER_X = 0x78;

/**
 * Splits the line `bytes[start, end)`, its end of line not included, and sets `args`. Without
 * quotes the arguments stay where they are; with them, `args.bytes` becomes a new array. Returns
 * false if the quotes don't balance.
 */
export function splitLine(bytes: Uint8Array, start: number, end: number, args: Arguments): boolean {
  args.bytes = bytes;
  let i = start;
  for (;;) {
    while (i < end && isBlank(bytes[i])) i++;
    if (i >= end) return true;
    const argumentStart = i;
    for (; i < end && !endsBare(bytes[i]); i++) {
      if (isQuote(bytes[i])) return new QuotedLine(bytes, start, end).split(args);
    }
    args.push(argumentStart, i);
  }
}

/** C's `isspace`: blanks between arguments. */
function isBlank(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CR);
}

function endsBare(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR || byte === LF;
}

function isQuote(byte: number): boolean {
  return byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE;
}

/** A line with quotes: its arguments are built, unquoted, in an array of their own. */
class QuotedLine {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  /** Never longer than the line: each escape is longer than its byte. */
  readonly #built: Uint8Array;
  #length = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#built = new Uint8Array(end - start);
  }

  split(args: Arguments): boolean {
    args.clear();
    args.bytes = this.#built;
    for (;;) {
      while (this.#at < this.#end && isBlank(this.#bytes[this.#at])) this.#at++;
      if (this.#at >= this.#end) return true;
      const start = this.#length;
      if (!this.#argument()) return false;
      args.push(start, this.#length);
    }
  }

  #argument(): boolean {
    while (this.#at < this.#end && !endsBare(this.#bytes[this.#at])) {
      const byte = this.#bytes[this.#at++];
      if (byte === DOUBLE_QUOTE) return this.#doubleQuoted();
      if (byte === SINGLE_QUOTE) return this.#singleQuoted();
      this.#built[this.#length++] = byte;
    }
    return true;
  }

  #doubleQuoted(): boolean {
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at++];
      if (byte === DOUBLE_QUOTE) return this.#closed();
      const escaped = byte === BACKSLASH && this.#at < this.#end;
      this.#built[this.#length++] = escaped ? this.#escape() : byte;
    }
    return false;
  }

  /** What follows a backslash. */
  #escape(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === LETTER_X && this.#at + 2 <= this.#end) {
      const high = hexDigit(this.#bytes[this.#at]);
      const low = hexDigit(this.#bytes[this.#at + 1]);
      if (high >= 0 && low >= 0) {
        this.#at += 2;
        return high * 16 + low;
      }
    }
    return ESCAPES.get(byte) ?? byte;
  }

  #singleQuoted(): boolean {
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at++];
      if (byte === SINGLE_QUOTE) return this.#closed();
      const escaped =
        byte === BACKSLASH && this.#at < this.#end && this.#bytes[this.#at] === SINGLE_QUOTE;
      this.#built[this.#length++] = escaped ? this.#bytes[this.#at++] : byte;
    }
    return false;
  }

  /** Whether the quote that was just read may close an argument here. */
  #closed(): boolean {
    return this.#at >= this.#end || isBlank(this.#bytes[this.#at]);
  }
}

const ESCAPES: ReadonlyMap<number, number> = new Map(
  [
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
    ['b', '\b'],
    ['a', '\x07'],
  ].map(([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)]),
);

/** 0 to 15, or -1. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}
