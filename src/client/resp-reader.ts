/**
 * Reads the replies of RESP2 and RESP3 as they come, cut anywhere. What was understood is never
 * looked at again, so a reply of a million elements that comes byte by byte costs what one costs
 * that comes whole. Attributes (`|`) are read and dropped.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
import type { Intake } from './intake.ts';
import type { Value } from './value.ts';

/** The stream can't be followed any further. Worded as redis-cli words it. */
export class ReplyError extends Error {}

/** Deeper replies would overflow the stack when they are printed; no command nests past ten. */
const MAXIMUM_DEPTH = 128;
/** A header is a type, a number and CR LF; a status or an error is a line that somebody wrote. */
const MAXIMUM_LINE_BYTES = 64 * 1024 * 1024;
/** What a Uint8Array can be asked for everywhere; Redis' own limit for a value is a quarter. */
const MAXIMUM_BULK_BYTES = 2 ** 31 - 1;

/** An aggregate whose elements are still coming. */
interface Open {
  readonly kind: 'array' | 'set' | 'push' | 'map' | 'attribute';
  readonly items: Value[];
  missing: number;
}

const UNFINISHED = Symbol('the bytes end inside of this reply');
type Element = Value | typeof UNFINISHED;

export class RespReader {
  readonly #intake: Intake;
  #open: Open[] = [];
  /** Bytes behind the intake's start that hold no LF. */
  #searchedBytes = 0;
  /** The length of a bulk string whose header is read; -1 for none. */
  #bulkBytes = -1;
  #bulkKind: 'string' | 'verbatim' | 'error' = 'string';

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /**
   * The next whole reply.
   * @returns undefined where its rest has not come yet.
   * @throws ReplyError
   */
  next(): Value | undefined {
    for (;;) {
      const element = this.#bulkBytes >= 0 ? this.#bulk() : this.#header();
      if (element === UNFINISHED) return undefined;
      const whole = element === undefined ? undefined : this.#deliver(element);
      if (whole !== undefined) return whole;
    }
  }

  /** Forgets an unfinished reply: its connection is gone. */
  reset(): void {
    this.#open = [];
    this.#searchedBytes = 0;
    this.#bulkBytes = -1;
  }

  /** One header line; undefined where it only opens something. */
  #header(): Element | undefined {
    const line = this.#line();
    if (line === undefined) return UNFINISHED;
    const type = String.fromCharCode(line[0]);
    switch (type) {
      case '+':
        return { kind: 'status', bytes: line.slice(1) };
      case '-':
        return { kind: 'error', bytes: line.slice(1) };
      case '_':
        return { kind: 'nil' };
      case '#':
        return booleanOf(text(line));
      case ':':
        return { kind: 'integer', text: integerOf(text(line)) };
      case ',':
        return { kind: 'double', text: doubleOf(text(line)) };
      case '(':
        return { kind: 'big number', text: integerOf(text(line)) };
      case '$':
      case '=':
      case '!':
        return this.#openBulk(type, text(line));
      default:
        return this.#openAggregate(type, text(line));
    }
  }

  /** The next line without its CR LF; undefined where its end has not come. */
  #line(): Uint8Array | undefined {
    const intake = this.#intake;
    const at = intake.lineEnd(intake.start + this.#searchedBytes);
    if (at < 0) {
      this.#searchedBytes = intake.length;
      if (this.#searchedBytes > MAXIMUM_LINE_BYTES) throw new ReplyError('Too long a line');
      return undefined;
    }
    this.#searchedBytes = 0;
    const hasCr = at > intake.start && intake.bytes[at - 1] === CR;
    const line = intake.bytes.subarray(intake.start, hasCr ? at - 1 : at);
    intake.start = at + 1;
    return line;
  }

  #openBulk(type: '$' | '=' | '!', length: string): Value | undefined {
    if (length === '-1') return { kind: 'nil' };
    this.#bulkBytes = countOf(length, MAXIMUM_BULK_BYTES, 'Bulk string length out of range');
    this.#bulkKind = BULK_KINDS[type];
    // So that one large value is not read, moved and read again piece by piece.
    this.#intake.reserve(this.#bulkBytes + 2 - this.#intake.length);
    return undefined;
  }

  #bulk(): Element {
    const intake = this.#intake;
    if (intake.length < this.#bulkBytes + 2) return UNFINISHED;
    const bytes = intake.take(this.#bulkBytes);
    intake.start += 2;
    this.#bulkBytes = -1;
    const kind = this.#bulkKind;
    return { kind, bytes: kind === 'verbatim' ? bytes.subarray(FORMAT_BYTES) : bytes };
  }

  #openAggregate(type: string, count: string): Value | undefined {
    const kind = AGGREGATE_KINDS[type];
    if (kind === undefined) {
      throw new ReplyError(`Protocol error, got ${JSON.stringify(type)} as reply type byte`);
    }
    if (count === '-1') return { kind: 'nil' };
    const entries = countOf(count, Number.MAX_SAFE_INTEGER / 2, 'Multi-bulk length out of range');
    if (this.#open.length === MAXIMUM_DEPTH) throw new ReplyError('No support for deeper nesting');
    const missing = kind === 'map' || kind === 'attribute' ? 2 * entries : entries;
    this.#open.push({ kind, items: [], missing });
    return missing === 0 ? this.#close() : undefined;
  }

  /** Puts an element where it belongs; a reply that it makes whole is returned. */
  #deliver(element: Value): Value | undefined {
    let value: Value | undefined = element;
    while (value !== undefined) {
      const around = this.#open.at(-1);
      if (around === undefined) return value;
      around.items.push(value);
      around.missing--;
      if (around.missing > 0) return undefined;
      value = this.#close();
    }
    return undefined;
  }

  #close(): Value | undefined {
    const { kind, items } = this.#open.pop()!;
    return kind === 'attribute' ? undefined : { kind, items };
  }
}

const AGGREGATE_KINDS: Readonly<Record<string, Open['kind']>> = {
  '*': 'array',
  '%': 'map',
  '~': 'set',
  '>': 'push',
  '|': 'attribute',
};
const BULK_KINDS = { $: 'string', '=': 'verbatim', '!': 'error' } as const;
const CR = 0x0d;
/** `txt:` before a verbatim string. */
const FORMAT_BYTES = 4;

/** What stands behind the type. */
function text(line: Uint8Array): string {
  return String.fromCharCode(...line.subarray(1, LONGEST_NUMBER));
}

/** A big number may have many digits, but has to fit into the arguments of one call. */
const LONGEST_NUMBER = 8192;

function booleanOf(letter: string): Value {
  if (letter !== 't' && letter !== 'f') throw new ReplyError('Bad bool value');
  return { kind: 'boolean', value: letter === 't' };
}

function integerOf(digits: string): string {
  if (!/^[+-]?\d+$/.test(digits)) throw new ReplyError('Bad integer value');
  return digits;
}

function doubleOf(digits: string): string {
  const known = /^[+-]?(inf|nan|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)$/i;
  if (!known.test(digits)) throw new ReplyError('Bad double value');
  return digits;
}

function countOf(digits: string, most: number, refusal: string): number {
  const count = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(count <= most)) throw new ReplyError(refusal);
  return count;
}
