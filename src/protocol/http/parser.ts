/**
 * HTTP/1.1 and 1.0 requests (RFC 9112), pure and resumable: whatever the cuts, the same bytes give
 * the same events. What could be framed in two ways is refused, never guessed at.
 */
import type { Buffers } from '../../bytes/buffers.ts';
import { HttpBody } from './body.ts';
import { HttpHead, methodOf } from './head.ts';
import type { HttpLimits } from './limits.ts';
import {
  LLHTTP_INVALID_CONSTANT,
  LLHTTP_INVALID_METHOD,
  LLHTTP_OK,
  LLHTTP_PAUSED,
  LLHTTP_PAUSED_HTTP2,
  LLHTTP_PAUSED_UPGRADE,
  LLHTTP_USER,
  type Llhttp,
  type LlhttpEvents,
  WINDOW_BYTES,
} from './llhttp.ts';
import { type HttpRefusal, refusal, SPOKEN_VERSIONS, tooLarge } from './refusal.ts';

/** The bytes end inside a request, or before one. All of them have been taken. */
export const HTTP_NEED_MORE = 0;
/** `head` is complete; its body, if any, comes next. */
export const HTTP_HEAD = 1;
/** The request is complete. */
export const HTTP_REQUEST = 2;
/** The stream can't be followed any further: answer `refused`, then close. */
export const HTTP_REFUSED = 3;
export type HttpEvent =
  | typeof HTTP_NEED_MORE
  | typeof HTTP_HEAD
  | typeof HTTP_REQUEST
  | typeof HTTP_REFUSED;

export class HttpParser implements LlhttpEvents {
  readonly head: HttpHead;
  readonly body: HttpBody;
  /** After any event: the first byte of the input that has not been taken. */
  next = 0;
  /** After HTTP_REFUSED. */
  refused: HttpRefusal | undefined = undefined;
  readonly #llhttp: Llhttp;
  readonly #limits: Readonly<HttpLimits>;
  readonly #parser: number;
  #event: HttpEvent = HTTP_NEED_MORE;
  #inBody = false;
  #keepsBody = true;
  #headBytes = 0;
  #bodyBytes = 0;
  /** Bytes of a body since the last one of its content: up to `#gapFrom` of the input at hand. */
  #gapBytes = 0;
  #gapFrom = 0;

  constructor(llhttp: Llhttp, limits: Readonly<HttpLimits>, buffers?: Buffers) {
    this.head = new HttpHead(limits);
    this.body = new HttpBody(buffers);
    this.#llhttp = llhttp;
    this.#limits = limits;
    this.#parser = llhttp.create();
  }

  /** What the unfinished request takes: its head, at most, and what is kept of its body. */
  get takenBytes(): number {
    return this.#headBytes + this.body.takenBytes;
  }

  /** No byte of an unfinished request has been taken. */
  get idle(): boolean {
    return !this.#inBody && this.#headBytes === 0;
  }

  /**
   * Takes bytes of `input[start, end)` up to the next event. An empty range may bring one too: what
   * follows from bytes that were taken before.
   */
  nextEvent(input: Uint8Array, start: number, end: number): HttpEvent {
    this.next = start;
    for (;;) {
      const from = this.next;
      const stop = Math.min(end, from + this.#windowBytes());
      const wasInBody = this.#inBody;
      this.#gapFrom = from;
      const answer = this.#llhttp.execute(this.#parser, this, input, from, stop);
      this.next = answer === LLHTTP_OK ? stop : this.#llhttp.stoppedAt(this.#parser);
      if (wasInBody) this.#gapBytes += this.next - this.#gapFrom;
      else this.#headBytes += this.next - from;
      const refused = this.#excess() ?? this.#explain(answer, input[this.next]);
      if (refused !== undefined) return this.#refuse(refused);
      if (answer === LLHTTP_PAUSED) return this.#resume();
      if (answer === LLHTTP_PAUSED_UPGRADE) this.#llhttp.resumeAfterUpgrade(this.#parser);
      else if (stop === end) return HTTP_NEED_MORE;
    }
  }

  /** After HTTP_HEAD: the body is of no interest. */
  discardBody(): void {
    this.#keepsBody = false;
  }

  /** After HTTP_HEAD: the body is taken by somebody else, and the next request comes behind it. */
  leaveBody(): void {
    this.#llhttp.reset(this.#parser);
  }

  /** The input is about to go: what is kept of it becomes a copy. */
  keepBody(): void {
    this.body.keep(this.head.contentLength);
  }

  /** The request has been answered, and so forgotten. */
  clear(): void {
    this.head.clear();
    this.body.clear();
    this.#inBody = false;
    this.#keepsBody = true;
    this.#headBytes = 0;
    this.#bodyBytes = 0;
    this.#gapBytes = 0;
  }

  /** Ready for another connection. */
  reset(): void {
    this.clear();
    this.refused = undefined;
    this.#llhttp.reset(this.#parser);
  }

  // --- what llhttp tells

  target(input: Uint8Array, start: number, end: number): number {
    return this.#stopIf(this.head.appendTarget(input, start, end));
  }

  fieldName(input: Uint8Array, start: number, end: number): number {
    return this.#inBody ? LLHTTP_OK : this.#stopIf(this.head.appendName(input, start, end));
  }

  /** Behind a body these are its trailers, which mean nothing here. */
  fieldValue(input: Uint8Array, start: number, end: number): number {
    if (!this.#inBody) this.head.appendValue(input, start, end);
    return LLHTTP_OK;
  }

  headComplete(keepAlive: boolean): number {
    const { head } = this;
    const llhttp = this.#llhttp;
    head.method = methodOf(llhttp.method(this.#parser));
    head.keepAlive = keepAlive;
    const major = llhttp.majorVersion(this.#parser);
    this.#inBody = true;
    this.#event = HTTP_HEAD;
    this.refused = head.complete(major, llhttp.minorVersion(this.#parser));
    return LLHTTP_PAUSED;
  }

  content(input: Uint8Array, start: number, end: number): number {
    this.#gapBytes += start - this.#gapFrom;
    const excess = this.#excess();
    if (excess !== undefined) return this.#stopIf(excess);
    this.#gapBytes = 0;
    this.#gapFrom = end;
    this.#bodyBytes += end - start;
    if (this.#bodyBytes > this.#limits.bodyBytes) return this.#stopIf(tooLarge(this.#limits));
    if (this.#keepsBody) this.body.append(input, start, end, this.head.contentLength);
    return LLHTTP_OK;
  }

  messageComplete(): number {
    this.#event = HTTP_REQUEST;
    return LLHTTP_PAUSED;
  }

  // --- what becomes of it

  #windowBytes(): number {
    if (this.#inBody) return WINDOW_BYTES;
    return Math.min(WINDOW_BYTES, this.#limits.headBytes - this.#headBytes);
  }

  #stopIf(refused: HttpRefusal | undefined): number {
    this.refused = refused;
    return refused === undefined ? LLHTTP_OK : LLHTTP_USER;
  }

  #resume(): HttpEvent {
    this.#llhttp.resume(this.#parser);
    return this.#event;
  }

  #refuse(refused: HttpRefusal): HttpEvent {
    this.refused = refused;
    return HTTP_REFUSED;
  }

  /** A head that has not ended at its limit, or too much between the bytes of a body. */
  #excess(): HttpRefusal | undefined {
    if (!this.#inBody) {
      if (this.#headBytes < this.#limits.headBytes) return undefined;
      return refusal(431, 'the fields are too long');
    }
    if (this.#gapBytes <= this.#limits.chunkLineBytes) return undefined;
    return refusal(400, 'chunk extensions or trailers are too long');
  }

  /** What llhttp's answer means; `byte` is the one that it stopped at. */
  #explain(answer: number, byte: number): HttpRefusal | undefined {
    if (this.refused !== undefined) return this.refused;
    switch (answer) {
      case LLHTTP_OK:
      case LLHTTP_PAUSED:
      case LLHTTP_PAUSED_UPGRADE:
        return undefined;
      case LLHTTP_PAUSED_HTTP2:
        return refusal(505, SPOKEN_VERSIONS);
      case LLHTTP_INVALID_METHOD:
        // Within a word it is a method that nobody knows; elsewhere it is no HTTP at all.
        if (isMethodByte(byte)) return refusal(501, 'unknown method');
        break;
      case LLHTTP_INVALID_CONSTANT:
        // Methods of RTSP, which llhttp knows too, can't stand before HTTP/1.1.
        if (methodOf(this.#llhttp.method(this.#parser)) === '') {
          return refusal(501, 'unknown method');
        }
        break;
    }
    return refusal(400, this.#llhttp.reason(this.#parser));
  }
}

/** What the registered methods are made of. A token may hold more, but then it is RESP rather. */
function isMethodByte(byte: number): boolean {
  return /[A-Za-z-]/.test(String.fromCharCode(byte));
}
