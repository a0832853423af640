/**
 * Parses RESP requests in place: `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`, or a line (inline.ts) where the
 * first byte is no `*`. What is accepted, and which error comes first, is what Redis 7.0 does
 * (`processMultibulkBuffer`, `processInlineBuffer`), and so are its surprises:
 *
 * - A `*…` or `$…` line ends at CR; the byte after it is skipped unread. So are the two bytes after
 *   an argument: the announced length alone says where it ends.
 * - What a line holds is judged only once its end is there: `*1\r\nX` waits, `*1\r\nX\r\n` fails.
 * - A NUL hides what follows it on a line: no end is found, so the line grows until it is too long.
 *
 * One thing differs: a line over the limit fails even if its end arrives with it. Redis accepts
 * some of those, depending on how the network cut them.
 */
import { Arguments } from './arguments.ts';
import { splitLine } from './inline.ts';
import { parseInteger } from './number.ts';
import {
  NEED_MORE,
  type ParseResult,
  PROTOCOL_ERROR,
  REQUEST,
  type RequestParser,
} from './parser.ts';
import { DEFAULT_RESP_LIMITS, type RespLimits } from './resp-limits.ts';

const NUL = 0x00;
const LF = 0x0a;
const CR = 0x0d;
const DOLLAR = 0x24;
const ASTERISK = 0x2a;
const ZERO = 0x30;

/** What a step answers besides the results of `parse`: there is more to do in this request. */
const PROCEED = 3;
type Step = ParseResult | typeof PROCEED;

/** What a line's search or its number can be instead of a position or a count. */
const INCOMPLETE = -1;
const TOO_LONG = -2;
const INVALID = -3;
const UNEXPECTED = -4;
const NEGATIVE = -5;

/** `*3`, CR LF: what nearly every request begins with. */
const ONE_DIGIT_LINE_BYTES = 4;
/** `$0`, CR LF, CR LF. */
const SHORTEST_ARGUMENT_BYTES = 6;
const SHORTEST_REQUEST_BYTES = ONE_DIGIT_LINE_BYTES + SHORTEST_ARGUMENT_BYTES;

/** `#length` while the argument's `$` line is unread. */
const UNKNOWN = -1;

export class RespParser implements RequestParser {
  args = new Arguments();
  next = 0;
  error = '';
  expected = 0;
  /** False holds the client to the narrower limits until it has given the password. */
  authenticated = true;

  readonly #limits: Readonly<RespLimits>;
  /** The last call ended inside a request. The fields below are its progress. */
  #unfinished = false;
  /** The first byte of what is being read: a line, or the argument whose length is known. */
  #at = 0;
  /** Where the search for that line's end goes on. */
  #searched = 0;
  /** Arguments of the request still to come. */
  #remaining = 0;
  /** Bytes of the argument at `#at`. */
  #length = UNKNOWN;

  constructor(limits: Readonly<RespLimits> = DEFAULT_RESP_LIMITS) {
    this.#limits = limits;
  }

  get unfinished(): boolean {
    return this.#unfinished;
  }

  get lastArgumentAt(): number {
    return this.#unfinished && this.#remaining === 1 && this.#length !== UNKNOWN ? this.#at : -1;
  }

  parse(bytes: Uint8Array, start: number, end: number): ParseResult {
    if (this.#unfinished) {
      if (start !== this.next) this.moved(bytes, start);
      if (this.#remaining > 0) return this.#arguments(bytes, end);
    } else {
      if (this.glance(bytes, start, end)) return REQUEST;
      this.args.clear();
      this.next = start;
      this.#at = start;
      this.#searched = start;
    }
    return this.#request(bytes, end);
  }

  /**
   * The hot path, in locals and in one piece, which makes it thrice as fast: a request of up to
   * nine arguments that is there whole, each of them short enough for everybody, its lines as they
   * should be. Whatever else comes is left for the careful way to read and judge, from its first
   * byte.
   */
  glance(bytes: Uint8Array, start: number, end: number): boolean {
    if (start + SHORTEST_REQUEST_BYTES > end || bytes[start] !== ASTERISK) return false;
    const count = bytes[start + 1] - ZERO;
    if (bytes[start + 2] !== CR || count < 1 || count > 9) return false;
    const { args } = this;
    const { starts, ends } = args;
    const shortBytes = Math.min(this.#limits.unauthenticatedBulkBytes, this.#limits.bulkBytes);
    let at = start + ONE_DIGIT_LINE_BYTES;
    for (let i = 0; i < count; i++) {
      if (at + SHORTEST_ARGUMENT_BYTES > end || bytes[at] !== DOLLAR) return false;
      let length = bytes[at + 1] - ZERO;
      if (length < 0 || length > 9) return false;
      at += 2;
      for (; bytes[at] !== CR; at++) {
        const digit = bytes[at] - ZERO;
        if (digit < 0 || digit > 9 || length === 0 || length > shortBytes || at === end)
          return false;
        length = length * 10 + digit;
      }
      const contentEnd = at + 2 + length;
      if (contentEnd + 2 > end || length > shortBytes) return false;
      starts[i] = at + 2;
      ends[i] = contentEnd;
      at = contentEnd + 2;
    }
    args.bytes = bytes;
    args.count = count;
    this.next = at;
    return true;
  }

  moved(bytes: Uint8Array, start: number): void {
    const delta = start - this.next;
    this.next = start;
    if (!this.#unfinished) return;
    this.args.rebase(bytes, delta);
    this.#at += delta;
    this.#searched += delta;
  }

  reset(): void {
    this.#finish();
    this.args.release();
    this.error = '';
  }

  /** Skips what is no request, and reads the next one from its first byte. */
  #request(bytes: Uint8Array, end: number): ParseResult {
    while (this.#at < end) {
      this.next = this.#at;
      const step =
        bytes[this.#at] === ASTERISK ? this.#count(bytes, end) : this.#inline(bytes, end);
      if (step !== PROCEED) return step;
      if (this.#remaining > 0) return this.#arguments(bytes, end);
    }
    this.next = this.#at;
    this.#finish();
    return NEED_MORE;
  }

  /** `*N`. Nothing is allocated for the N arguments before they come. */
  #count(bytes: Uint8Array, end: number): Step {
    const count = this.#number(bytes, end, ASTERISK);
    if (count === INCOMPLETE) return this.#wait(0);
    if (count === TOO_LONG) return this.#fail('too big mbulk count string');
    if (count === INVALID || count > this.#limits.argumentCount) {
      return this.#fail('invalid multibulk length');
    }
    if (count > this.#limits.unauthenticatedCount && !this.authenticated) {
      return this.#fail('unauthenticated multibulk length');
    }
    this.#remaining = count === NEGATIVE ? 0 : count;
    return PROCEED;
  }

  /** Reads the arguments of a request, and keeps what it knows where the bytes end within one. */
  #arguments(bytes: Uint8Array, end: number): ParseResult {
    if (this.#length === UNKNOWN) this.#wholeArguments(bytes, end);
    while (this.#remaining > 0) {
      if (this.#length === UNKNOWN) {
        const length = this.#number(bytes, end, DOLLAR);
        const step = this.#judgeLength(length, bytes);
        if (step !== PROCEED) return step;
        this.#length = length;
      }
      const contentEnd = this.#at + this.#length;
      if (contentEnd + 2 > end) return this.#wait(contentEnd + 2 - this.next);
      this.args.push(this.#at, contentEnd);
      this.#startLine(contentEnd + 2);
      this.#length = UNKNOWN;
      this.#remaining--;
    }
    return this.#accept(bytes);
  }

  /**
   * The same for the arguments of any request, as far as they are there: MSET has many, and the end
   * of a full buffer cuts one.
   */
  #wholeArguments(bytes: Uint8Array, end: number): void {
    const { args } = this;
    const shortBytes = Math.min(this.#limits.unauthenticatedBulkBytes, this.#limits.bulkBytes);
    let at = this.#at;
    let remaining = this.#remaining;
    for (
      ;
      remaining > 0 && at + SHORTEST_ARGUMENT_BYTES <= end && bytes[at] === DOLLAR;
      remaining--
    ) {
      let length = bytes[at + 1] - ZERO;
      if (length < 0 || length > 9) break;
      let i = at + 2;
      for (; i < end && length > 0 && length <= shortBytes; i++) {
        const digit = bytes[i] - ZERO;
        if (digit < 0 || digit > 9) break;
        length = length * 10 + digit;
      }
      const contentStart = i + 2;
      const contentEnd = contentStart + length;
      if (contentEnd + 2 > end || bytes[i] !== CR || length > shortBytes) break;
      args.push(contentStart, contentEnd);
      at = contentEnd + 2;
    }
    this.#remaining = remaining;
    if (at > this.#at) this.#startLine(at);
  }

  /** What to do about a `$…` line: `length` is its number, or what is wrong with it. */
  #judgeLength(length: number, bytes: Uint8Array): Step {
    if (length === INCOMPLETE) return this.#wait(0);
    if (length === TOO_LONG) return this.#fail('too big bulk count string');
    if (length === UNEXPECTED) {
      return this.#fail(`expected '$', got '${String.fromCharCode(bytes[this.#at])}'`);
    }
    if (length < 0 || length > this.#limits.bulkBytes) return this.#fail('invalid bulk length');
    if (length > this.#limits.unauthenticatedBulkBytes && !this.authenticated) {
      return this.#fail('unauthenticated bulk length');
    }
    return PROCEED;
  }

  /**
   * Reads the line at `#at`, which is `marker`, a number, CR and any byte, and goes past it.
   * Answers the number (≥ 0) or why there is none to use; unless it is only negative, `#at` then
   * stays.
   */
  #number(bytes: Uint8Array, end: number, marker: number): number {
    const at = this.#at;
    const digit = at + ONE_DIGIT_LINE_BYTES <= end ? bytes[at + 1] - ZERO : INVALID;
    if (digit >= 0 && digit <= 9 && bytes[at + 2] === CR && bytes[at] === marker) {
      this.#startLine(at + ONE_DIGIT_LINE_BYTES);
      return digit;
    }
    const lineEnd = this.#lineEnd(bytes, end, CR);
    if (lineEnd < 0) return lineEnd;
    if (lineEnd + 1 >= end) return INCOMPLETE;
    if (bytes[at] !== marker) return UNEXPECTED;
    const value = parseInteger(bytes, at + 1, lineEnd);
    if (Number.isNaN(value)) return INVALID;
    this.#startLine(lineEnd + 2);
    return value < 0 ? NEGATIVE : value;
  }

  /** A command typed as a line. */
  #inline(bytes: Uint8Array, end: number): Step {
    const lineEnd = this.#lineEnd(bytes, end, LF);
    if (lineEnd === INCOMPLETE) return this.#wait(0);
    if (lineEnd === TOO_LONG) return this.#fail('too big inline request');
    const start = this.#at;
    const textEnd = lineEnd > start && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    if (!splitLine(bytes, start, textEnd, this.args)) {
      return this.#fail('unbalanced quotes in request');
    }
    this.#startLine(lineEnd + 1);
    return this.args.count === 0 ? PROCEED : this.#accept(this.args.bytes);
  }

  /** The position of `terminator` in the line at `#at`. The search goes on where it left off. */
  #lineEnd(bytes: Uint8Array, end: number, terminator: number): number {
    const tooLong = this.#at + this.#limits.lineBytes + 1;
    const limit = Math.min(end, tooLong);
    let i = this.#searched;
    while (i < limit && bytes[i] !== terminator && bytes[i] !== NUL) i++;
    this.#searched = i;
    if (i < limit && bytes[i] === terminator) return i;
    return end >= tooLong ? TOO_LONG : INCOMPLETE;
  }

  #startLine(at: number): void {
    this.#at = at;
    this.#searched = at;
  }

  #accept(bytes: Uint8Array): typeof REQUEST {
    this.args.bytes = bytes;
    this.next = this.#at;
    this.#unfinished = false;
    return REQUEST;
  }

  #wait(expected: number): typeof NEED_MORE {
    this.#unfinished = true;
    this.expected = expected;
    return NEED_MORE;
  }

  #fail(text: string): typeof PROTOCOL_ERROR {
    this.#finish();
    this.error = `ERR Protocol error: ${text}`;
    return PROTOCOL_ERROR;
  }

  #finish(): void {
    this.#unfinished = false;
    this.#remaining = 0;
    this.#length = UNKNOWN;
    this.expected = 0;
  }
}
