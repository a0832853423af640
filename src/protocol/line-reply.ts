/**
 * Writes replies as lines for people and for simple programs.
 *
 * - `OK`, `PONG` and other words, integers: as they are. Booleans: `1` and `0`.
 * - No value, no array: `(nil)`. No elements: `(empty array)`.
 * - Errors: always `ERR …`; a code other than ERR stands behind it (`ERR WRONGTYPE …`), so that one
 *   test finds every error.
 * - Arrays, maps and sets: one line an element, nested ones flattened, nothing before or after.
 *   How many lines follow is for the client to know (MGET: one a key); RESP announces it.
 * - Values: as they are, spaces and bytes above 127 included, if that line can mean nothing else.
 *   Otherwise in double quotes (quote.ts): a value that is empty, begins with `"`, holds a control
 *   byte, or reads as one of the replies above that are no values (`OK`, `(nil)`, `(empty array)`,
 *   `ERR …`).
 *
 * So one element is one line whatever it holds, and a reader gets every value back: a line that
 * begins with `"` is parsed as a request's argument is, any other is the value itself. `PONG` and
 * `1` read alike as a word or number and as a value; the command tells which it is.
 */

import type { Loan } from '../bytes/loan.ts';
import { formatDouble, MAX_INTEGER_BYTES, writeInteger } from './number.ts';
import { appendQuoted, isControl } from './quote.ts';
import type { Reply } from './reply.ts';
import type { ReplyBuffer } from './reply-buffer.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;

const encoder = new TextEncoder();
const OK = encoder.encode('OK');
const NIL = encoder.encode('(nil)');
const EMPTY_ARRAY = encoder.encode('(empty array)');
const ERROR_PREFIX = 'ERR ';
const ERROR = encoder.encode(ERROR_PREFIX);

export class LineReply implements Reply {
  /** Has no meaning here; HELLO may set it. */
  version = 2;
  readonly #out: ReplyBuffer;
  readonly #failed: (text: string) => void;

  /** `failed` is told of every error that is answered. */
  constructor(out: ReplyBuffer, failed: (text: string) => void = () => {}) {
    this.#out = out;
    this.#failed = failed;
  }

  get roomBytes(): number {
    return this.#out.bytes.length;
  }

  ok(): void {
    this.#word(OK);
  }

  status(text: string): void {
    this.#line(text);
  }

  error(text: string): void {
    this.#failed(text);
    this.#line(text.startsWith(ERROR_PREFIX) ? text : ERROR_PREFIX + text);
  }

  integer(value: number): void {
    const out = this.#out;
    out.reserve(MAX_INTEGER_BYTES + 1);
    const at = writeInteger(out.bytes, out.length, value);
    out.bytes[at] = LF;
    out.length = at + 1;
  }

  bigInteger(value: bigint): void {
    this.#line(value.toString());
  }

  bulk(bytes: Uint8Array, start: number, end: number): void {
    if (isPlain(bytes, start, end)) this.#out.append(bytes, start, end);
    else appendQuoted(this.#out, bytes, start, end);
    this.#out.appendByte(LF);
  }

  /** What has to be quoted becomes another value on its way. */
  canBorrow(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#out.insertion === null && isPlain(bytes, start, end);
  }

  bulkOnLoan(loan: Loan): void {
    this.#out.insert(loan);
    this.#out.appendByte(LF);
  }

  text(text: string): void {
    const bytes = encoder.encode(text);
    this.bulk(bytes, 0, bytes.length);
  }

  nil(): void {
    this.#word(NIL);
  }

  nilArray(): void {
    this.#word(NIL);
  }

  array(count: number): void {
    if (count === 0) this.#word(EMPTY_ARRAY);
  }

  arrayLater(): number {
    return this.#out.length;
  }

  arrayDone(_mark: number, count: number): void {
    this.array(count);
  }

  map(count: number): void {
    this.array(count);
  }

  set(count: number): void {
    this.array(count);
  }

  double(value: number): void {
    this.#line(formatDouble(value));
  }

  boolean(value: boolean): void {
    this.integer(value ? 1 : 0);
  }

  verbatim(_format: string, text: string): void {
    this.text(text);
  }

  #word(word: Uint8Array): void {
    this.#out.append(word, 0, word.length);
    this.#out.appendByte(LF);
  }

  #line(text: string): void {
    const out = this.#out;
    const start = out.length;
    out.appendText(text);
    for (let i = start; i < out.length; i++) {
      if (out.bytes[i] === CR || out.bytes[i] === LF) out.bytes[i] = SPACE;
    }
    out.appendByte(LF);
  }
}

/** Whether the value may stand as it is: the line can be read as nothing else. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || bytes[start] === DOUBLE_QUOTE) return false;
  for (let i = start; i < end; i++) {
    if (isControl(bytes[i])) return false;
  }
  return !(
    equals(bytes, start, end, OK) ||
    equals(bytes, start, end, NIL) ||
    equals(bytes, start, end, EMPTY_ARRAY) ||
    equals(bytes, start, Math.min(end, start + ERROR.length), ERROR)
  );
}

function equals(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    if (bytes[start + i] !== word[i]) return false;
  }
  return true;
}
