/**
 * HTTP/1.1, as much of it as a key-value client meets: answers with a Content-Length, or until the
 * server closes (RFC 9112, 6.3). Whatever else is framed otherwise is refused rather than guessed.
 */
import type { Answer, Dialect } from './dialect.ts';
import { appendReply } from './format/format.ts';
import { encodeHttpRequest } from './http-request.ts';
import type { Intake } from './intake.ts';
import { ReplyError } from './resp-reader.ts';
import type { Value } from './value.ts';

/** Ours has a few hundred bytes; nobody's reasonable one has more. */
const MAXIMUM_HEAD_BYTES = 64 * 1024;

interface Head {
  readonly status: number;
  readonly reason: string;
  /** By lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
}

export class HttpDialect implements Dialect {
  closes = false;
  readonly #intake: Intake;
  readonly #host: string;
  #head: Head | undefined;
  #isHead = false;

  constructor(intake: Intake, host: string) {
    this.#intake = intake;
    this.#host = host;
  }

  encode(args: readonly Uint8Array[]): Uint8Array {
    const request = encodeHttpRequest(args, this.#host);
    this.#isHead = String.fromCharCode(...request.subarray(0, 5)) === 'HEAD ';
    return request;
  }

  next(): Answer | undefined {
    this.#head ??= this.#readHead();
    if (this.#head === undefined) return undefined;
    const length = this.#lengthOf(this.#head);
    if (!(this.#intake.length >= length)) return undefined;
    return this.#answer(this.#head, this.#intake.take(length));
  }

  /** Without a length the server's end is the body's. */
  atEnd(): Answer | undefined {
    if (this.#head === undefined || !Number.isNaN(this.#lengthOf(this.#head))) return undefined;
    return this.#answer(this.#head, this.#intake.take(this.#intake.length));
  }

  reset(): void {
    this.#head = undefined;
    this.closes = false;
  }

  #readHead(): Head | undefined {
    const { bytes, start, end } = this.#intake;
    const text = decoder.decode(bytes.subarray(start, Math.min(end, start + MAXIMUM_HEAD_BYTES)));
    const length = text.indexOf('\r\n\r\n');
    if (length < 0 && this.#intake.length >= MAXIMUM_HEAD_BYTES) {
      throw new ReplyError('Too long an HTTP head');
    }
    if (length < 0) return undefined;
    this.#intake.start += length + '\r\n\r\n'.length;
    return parseHead(text.slice(0, length));
  }

  /** NaN: until the server closes. */
  #lengthOf({ status, fields }: Head): number {
    if (this.#isHead || status === 204 || status === 304) return 0;
    if (fields.has('transfer-encoding')) throw new ReplyError('No support for Transfer-Encoding');
    const length = fields.get('content-length');
    if (length === undefined) return Number.NaN;
    if (!/^\d+$/.test(length)) throw new ReplyError('Bad Content-Length');
    return Number(length);
  }

  #answer(head: Head, body: Uint8Array): Answer {
    this.#head = undefined;
    this.closes = head.fields.get('connection')?.toLowerCase() === 'close';
    const value = contentOf(head, this.#isHead ? undefined : body);
    const failed = value.kind === 'error';
    return {
      failed,
      error: failed ? decoder.decode(value.bytes) : '',
      value: undefined,
      print: (out, style, _asText, delimiters) => appendReply(out, value, style, delimiters),
    };
  }
}

const decoder = new TextDecoder('latin1');
const encoder = new TextEncoder();

function parseHead(text: string): Head {
  const [first, ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first);
  if (match === null) throw new ReplyError(`No HTTP response: ${JSON.stringify(first)}`);
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(match[1]), reason: match[2], fields: new Map(fields) };
}

/** A key's value is a string, a page is text, an answer without content is its status. */
function contentOf({ status, reason, fields }: Head, body: Uint8Array | undefined): Value {
  const line = encoder.encode(`${status} ${reason}`);
  if (status >= 400) {
    const told = decoder.decode(body).trimEnd();
    return { kind: 'error', bytes: told === '' ? line : encoder.encode(told) };
  }
  const isContent = status === 200 && fields.has('content-type');
  if (body === undefined || !isContent) return { kind: 'status', bytes: line };
  const isText = fields.get('content-type')?.startsWith('text/') ?? false;
  if (isText) return { kind: 'verbatim', bytes: body };
  return { kind: 'string', bytes: body };
}
