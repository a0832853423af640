/**
 * Writes replies as RESP2, or as RESP3 after HELLO 3
 * (redis.io/docs/latest/develop/reference/protocol-spec). Numbers are written digit by digit and
 * bulks are copied: no string is made for them.
 */
import type { Loan } from '../bytes/loan.ts';
import { formatDouble, MAX_INTEGER_BYTES, writeInteger } from './number.ts';
import type { Reply } from './reply.ts';
import type { ReplyBuffer } from './reply-buffer.ts';
import { copyValue } from './view-copy.ts';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const COMMA = 0x2c;
const DOLLAR = 0x24;
const PERCENT = 0x25;
const ASTERISK = 0x2a;
const COLON = 0x3a;
const EQUALS = 0x3d;
const TILDE = 0x7e;
const LETTER_K = 0x4b;
const LETTER_O = 0x4f;
/** `+OK`, CR LF. */
const OK_BYTES = 5;

/** A type byte, an integer, CR LF. */
const MAX_HEAD_BYTES = 1 + MAX_INTEGER_BYTES + 2;

/** The same with one digit. */
const SHORTEST_HEAD_BYTES = 4;
/** Of the count that `arrayDone` writes. */
const digits = new Uint8Array(MAX_INTEGER_BYTES);

const encoder = new TextEncoder();
const NIL = encoder.encode('$-1\r\n');
const NIL_ARRAY = encoder.encode('*-1\r\n');
const NULL = encoder.encode('_\r\n');
const TRUE = encoder.encode('#t\r\n');
const FALSE = encoder.encode('#f\r\n');

export class RespReply implements Reply {
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
    const out = this.#out;
    out.reserve(OK_BYTES);
    const { bytes, length: at } = out;
    bytes[at] = PLUS;
    bytes[at + 1] = LETTER_O;
    bytes[at + 2] = LETTER_K;
    bytes[at + 3] = CR;
    bytes[at + 4] = LF;
    out.length = at + OK_BYTES;
  }

  status(text: string): void {
    this.#line(PLUS, text);
  }

  error(text: string): void {
    this.#failed(text);
    this.#line(MINUS, text);
  }

  integer(value: number): void {
    this.#head(COLON, value, 0);
  }

  bigInteger(value: bigint): void {
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) {
      this.integer(Number(value));
    } else {
      this.#line(COLON, value.toString());
    }
  }

  bulk(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#head(DOLLAR, length, length + 2);
    const out = this.#out;
    const { bytes: target } = out;
    copyValue(target, out.length, bytes, start, end);
    const at = out.length + length;
    target[at] = CR;
    target[at + 1] = LF;
    out.length = at + 2;
  }

  canBorrow(): boolean {
    return this.#out.insertion === null;
  }

  bulkOnLoan(loan: Loan): void {
    this.#head(DOLLAR, loan.end - loan.start, 2);
    this.#out.insert(loan);
    this.#endLine();
  }

  text(text: string): void {
    const bytes = encoder.encode(text);
    this.bulk(bytes, 0, bytes.length);
  }

  nil(): void {
    const bytes = this.version >= 3 ? NULL : NIL;
    this.#out.append(bytes, 0, bytes.length);
  }

  nilArray(): void {
    const bytes = this.version >= 3 ? NULL : NIL_ARRAY;
    this.#out.append(bytes, 0, bytes.length);
  }

  array(count: number): void {
    this.#head(ASTERISK, count, 0);
  }

  arrayLater(): number {
    const mark = this.#out.length;
    this.#head(ASTERISK, 0, 0);
    return mark;
  }

  /** There is room for one digit; what follows is moved once to make room for more. */
  arrayDone(mark: number, count: number): void {
    const out = this.#out;
    const end = writeInteger(digits, 0, count);
    out.shift(mark + SHORTEST_HEAD_BYTES, end - 1);
    const { bytes } = out;
    for (let i = 0; i < end; i++) bytes[mark + 1 + i] = digits[i];
    bytes[mark + 1 + end] = CR;
    bytes[mark + 2 + end] = LF;
  }

  map(count: number): void {
    if (this.version >= 3) this.#head(PERCENT, count, 0);
    else this.#head(ASTERISK, count * 2, 0);
  }

  set(count: number): void {
    this.#head(this.version >= 3 ? TILDE : ASTERISK, count, 0);
  }

  double(value: number): void {
    if (this.version >= 3) this.#line(COMMA, formatDouble(value));
    else this.text(formatDouble(value));
  }

  boolean(value: boolean): void {
    if (this.version < 3) {
      this.integer(value ? 1 : 0);
    } else {
      const bytes = value ? TRUE : FALSE;
      this.#out.append(bytes, 0, bytes.length);
    }
  }

  verbatim(format: string, text: string): void {
    if (this.version < 3) {
      this.text(text);
      return;
    }
    const bytes = encoder.encode(`${format}:${text}`);
    this.#head(EQUALS, bytes.length, bytes.length + 2);
    this.#out.append(bytes, 0, bytes.length);
    this.#endLine();
  }

  /** A type byte and a number, and room for `extra` bytes more. */
  #head(type: number, value: number, extra: number): void {
    const out = this.#out;
    out.reserve(MAX_HEAD_BYTES + extra);
    const { bytes } = out;
    bytes[out.length] = type;
    const at = writeInteger(bytes, out.length + 1, value);
    bytes[at] = CR;
    bytes[at + 1] = LF;
    out.length = at + 2;
  }

  /** A type byte and text on one line, whatever the text holds. */
  #line(type: number, text: string): void {
    const out = this.#out;
    out.appendByte(type);
    const start = out.length;
    out.appendText(text);
    for (let i = start; i < out.length; i++) {
      if (out.bytes[i] === CR || out.bytes[i] === LF) out.bytes[i] = SPACE;
    }
    this.#endLine();
  }

  #endLine(): void {
    this.#out.appendByte(CR);
    this.#out.appendByte(LF);
  }
}
