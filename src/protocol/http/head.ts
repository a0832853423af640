/**
 * A request's head: its target, and of its fields those that have a meaning here. llhttp has
 * checked the grammar; what it leaves to its caller is checked by `complete`.
 * Fields: RFC 9110 (Host 7.2, Expect 10.1.1), RFC 9112 (framing 6), RFC 6454 (Origin).
 */
import type { HttpLimits } from './limits.ts';
import { type HttpRefusal, refusal, SPOKEN_VERSIONS, tooLarge } from './refusal.ts';

/** The methods of RFC 9110, and PATCH; any other is ''. */
export type HttpMethod =
  | 'GET'
  | 'HEAD'
  | 'POST'
  | 'PUT'
  | 'DELETE'
  | 'CONNECT'
  | 'OPTIONS'
  | 'TRACE'
  | 'PATCH'
  | '';

/** By llhttp's numbers (llhttp.h, HTTP_METHOD_MAP). */
const METHODS: ReadonlyMap<number, HttpMethod> = new Map([
  [0, 'DELETE'],
  [1, 'GET'],
  [2, 'HEAD'],
  [3, 'POST'],
  [4, 'PUT'],
  [5, 'CONNECT'],
  [6, 'OPTIONS'],
  [7, 'TRACE'],
  [28, 'PATCH'],
]);

export function methodOf(number: number): HttpMethod {
  return METHODS.get(number) ?? '';
}

const FIELDS = [
  'host',
  'expect',
  'origin',
  'sec-fetch-site',
  'authorization',
  'content-length',
  'transfer-encoding',
] as const;
type Field = (typeof FIELDS)[number];

/** As long as the longest of these names: of a longer one the rest needs no keeping. */
const NAME_BYTES = 17;
/** Most targets fit; a longer one makes it grow. */
const INITIAL_TARGET_BYTES = 256;

export class HttpHead {
  method: HttpMethod = '';
  minorVersion = 1;
  /** Whether the client wants the connection to stay, by its version and Connection field. */
  keepAlive = false;
  /** `target[0, targetLength)`. */
  target = new Uint8Array(INITIAL_TARGET_BYTES);
  targetLength = 0;
  /** The announced length of the body; -1 where none is announced. */
  contentLength = -1;
  chunked = false;
  /** The client waits for 100 (Continue) before it sends the body. */
  expectsContinue = false;
  readonly #limits: Readonly<HttpLimits>;
  readonly #name = new Uint8Array(NAME_BYTES);
  #nameLength = 0;
  #fieldCount = 0;
  #inName = false;
  /** The field whose value is being read, where it is one of FIELDS. */
  #field: Field | undefined;
  #values: Partial<Record<Field, string>> = {};

  constructor(limits: Readonly<HttpLimits>) {
    this.#limits = limits;
  }

  get hasBody(): boolean {
    return this.chunked || this.contentLength > 0;
  }

  get hasLength(): boolean {
    return this.chunked || this.contentLength >= 0;
  }

  /** Trimmed; undefined where there was no such field. */
  get host(): string | undefined {
    return this.#value('host');
  }

  get authorization(): string | undefined {
    return this.#value('authorization');
  }

  get origin(): string | undefined {
    return this.#value('origin');
  }

  /** Sec-Fetch-Site, which browsers alone send (W3C, Fetch Metadata). */
  get fetchSite(): string | undefined {
    return this.#value('sec-fetch-site');
  }

  clear(): void {
    this.method = '';
    this.minorVersion = 1;
    this.keepAlive = false;
    this.targetLength = 0;
    this.contentLength = -1;
    this.chunked = false;
    this.expectsContinue = false;
    this.#fieldCount = 0;
    this.#inName = false;
    this.#field = undefined;
    this.#values = {};
  }

  appendTarget(input: Uint8Array, start: number, end: number): HttpRefusal | undefined {
    const length = this.targetLength + end - start;
    if (length > this.#limits.targetBytes) return refusal(414, 'the target is too long');
    if (length > this.target.length) {
      const target = new Uint8Array(Math.min(length * 2, this.#limits.targetBytes));
      target.set(this.target.subarray(0, this.targetLength));
      this.target = target;
    }
    this.target.set(input.subarray(start, end), this.targetLength);
    this.targetLength = length;
    return undefined;
  }

  appendName(input: Uint8Array, start: number, end: number): HttpRefusal | undefined {
    if (!this.#inName) {
      this.#inName = true;
      this.#nameLength = 0;
      this.#fieldCount++;
      if (this.#fieldCount > this.#limits.fieldCount) return refusal(431, 'too many fields');
    }
    for (let i = start; i < end; i++, this.#nameLength++) {
      if (this.#nameLength < NAME_BYTES) this.#name[this.#nameLength] = input[i];
    }
    return undefined;
  }

  appendValue(input: Uint8Array, start: number, end: number): void {
    if (this.#inName) {
      this.#inName = false;
      this.#field = fieldNamed(this.#name, this.#nameLength);
      if (this.#field === undefined) return;
      // A field that comes twice is one list (RFC 9110, 5.3): no list is valid for any of these.
      const before = this.#values[this.#field];
      this.#values[this.#field] = before === undefined ? '' : `${before}, `;
    }
    if (this.#field !== undefined) this.#values[this.#field] += textOf(input, start, end);
  }

  /** All fields are there: what is wrong with them, if anything. A refusal here ends the stream. */
  complete(majorVersion: number, minorVersion: number): HttpRefusal | undefined {
    this.minorVersion = minorVersion;
    // Also a request line without a version, which has no length and no fields to rely on.
    if (majorVersion === 0) return refusal(400, 'HTTP/0.9 is not spoken here');
    if (majorVersion !== 1) return refusal(505, SPOKEN_VERSIONS);
    return this.#checkFraming() ?? this.#checkHost() ?? this.#checkExpect();
  }

  #checkFraming(): HttpRefusal | undefined {
    const coding = this.#value('transfer-encoding');
    if (coding !== undefined) return this.#checkCoding(coding);
    const length = this.#value('content-length');
    if (length === undefined) return undefined;
    if (!/^[0-9]+$/.test(length)) return refusal(400, 'Content-Length is no number');
    this.contentLength = Number(length);
    return this.contentLength > this.#limits.bodyBytes ? tooLarge(this.#limits) : undefined;
  }

  #checkCoding(coding: string): HttpRefusal | undefined {
    if (this.minorVersion === 0) return refusal(400, 'HTTP/1.0 knows no Transfer-Encoding');
    if (coding === '') return refusal(400, 'Transfer-Encoding is empty');
    if (coding.toLowerCase() !== 'chunked') {
      return refusal(501, 'the one Transfer-Encoding here is chunked');
    }
    this.chunked = true;
    return undefined;
  }

  #checkHost(): HttpRefusal | undefined {
    const { host } = this;
    if (host === undefined) {
      return this.minorVersion === 0 ? undefined : refusal(400, 'Host is missing');
    }
    return HOST.test(host) ? undefined : refusal(400, 'Host is no host');
  }

  /** HTTP/1.0 has no expectations: there the field is to be ignored. */
  #checkExpect(): HttpRefusal | undefined {
    const expectation = this.#value('expect');
    if (expectation === undefined || this.minorVersion === 0) return undefined;
    if (expectation.toLowerCase() !== '100-continue') {
      return refusal(417, 'the one expectation here is 100-continue');
    }
    this.expectsContinue = true;
    return undefined;
  }

  #value(field: Field): string | undefined {
    return this.#values[field]?.replace(OUTER_WHITE_SPACE, '');
  }
}

/** `uri-host [ ":" port ]`, as characters, without the comma that two Host fields would show by. */
const HOST = /^(\[[0-9A-Za-z:.]+\]|[\w\-.~%!$&'()*+;=]*)(:[0-9]*)?$/;
const OUTER_WHITE_SPACE = /^[ \t]+|[ \t]+$/g;

function fieldNamed(name: Uint8Array, length: number): Field | undefined {
  return FIELDS.find((field) => field.length === length && isField(field, name));
}

const LOWER_CASE = 0x20;

function isField(field: string, name: Uint8Array): boolean {
  for (let i = 0; i < field.length; i++) {
    if ((name[i] | LOWER_CASE) !== field.charCodeAt(i)) return false;
  }
  return true;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
