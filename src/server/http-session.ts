/**
 * One connection's conversation over HTTP. The parser takes every byte as it comes; only while a
 * request is unfinished does the connection own a parser, and a copy of the body so far.
 */
import type { Session } from '../drivers/driver.ts';
import type { HttpHead } from '../protocol/http/head.ts';
import {
  HTTP_HEAD,
  HTTP_NEED_MORE,
  HTTP_REFUSED,
  type HttpEvent,
  type HttpParser,
} from '../protocol/http/parser.ts';
import { type HttpRefusal, refusal } from '../protocol/http/refusal.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { monotonicMs } from './clock.ts';
import type { HttpDesk } from './http-desk.ts';
import { type HttpPlan, isRefusal, storesBody } from './http-routes.ts';

/** What a session tells of its client; CLIENT KILL sets `closing`. */
export interface HttpClient {
  lastUsedAtMs: number;
  commands: number;
  /** The beginning of a request has come, and not its end. */
  unfinished: boolean;
  closing: boolean;
}

export class HttpSession implements Session {
  paused = false;
  readonly client: HttpClient;
  readonly #desk: HttpDesk;
  #parser: HttpParser | undefined = undefined;
  /** What is to become of the request whose body is being read. */
  #plan: HttpPlan | HttpRefusal = NO_PLAN;
  /** Input that has to wait until the replies before it have been sent. */
  #waiting: Uint8Array | undefined = undefined;

  /** A refusal may cut a body off, and a last request may have others behind it. */
  lingering = false;

  constructor(desk: HttpDesk, client: HttpClient) {
    this.#desk = desk;
    this.client = client;
  }

  get closing(): boolean {
    return this.client.closing && !this.paused;
  }

  receive(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    const outBefore = out.length;
    this.client.lastUsedAtMs = monotonicMs();
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#run(input, start, end, out);
    } else {
      const bytes = start === end ? waiting : joined(waiting, input, start, end);
      this.#waiting = undefined;
      this.#run(bytes, 0, bytes.length, out);
    }
    this.#desk.countBytes(end - start, out.totalBytes - outBefore);
  }

  /** A request that FIN cut off is dropped: there is no telling what it would have become. */
  end(): void {
    this.#release();
  }

  #run(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    const parser = this.#parser ?? this.#desk.lend();
    this.#parser = parser;
    this.paused = false;
    let next = start;
    while (!this.client.closing) {
      if (out.full) {
        this.paused = true;
        this.#waiting = input.slice(next, end);
        break;
      }
      const event = parser.nextEvent(input, next, end);
      next = parser.next;
      if (event === HTTP_NEED_MORE) break;
      this.#handle(event, parser, out);
    }
    if (this.client.closing && next < end) this.lingering = true;
    const finished = this.client.closing || (parser.idle && !this.paused);
    this.client.unfinished = !finished && !this.paused;
    if (finished) this.#release();
    else parser.keepBody();
  }

  #handle(event: HttpEvent, parser: HttpParser, out: ReplyBuffer): void {
    const mark = out.length;
    try {
      if (event === HTTP_REFUSED) this.#reject(parser, parser.refused!);
      else if (event === HTTP_HEAD) this.#begin(parser);
      else this.#answer(parser);
    } catch (error) {
      this.#desk.fail(parser.head, mark, error);
      this.client.closing = true;
    }
  }

  /**
   * The head is there. A request is refused at once where it is not certain what comes behind it: a
   * client that waits for 100 (Continue) may send its body after a refusal, or not.
   */
  #begin(parser: HttpParser): void {
    const { head } = parser;
    const plan = this.#desk.plan(head);
    const waits = head.expectsContinue && head.hasBody;
    this.#plan = plan;
    if (isRefusal(plan)) {
      if (waits || endsStream(head, plan)) return this.#reject(parser, plan);
    } else if (waits) {
      this.#desk.reply.continue();
    }
    if (isRefusal(plan) || !storesBody(plan.method)) parser.discardBody();
  }

  #answer(parser: HttpParser): void {
    this.client.commands++;
    const closes = this.#desk.answer(this.#plan, parser.head, parser.body);
    if (closes) this.client.closing = true;
    parser.clear();
  }

  #reject(parser: HttpParser, refused: HttpRefusal): void {
    this.#desk.reject(refused, parser.head);
    this.client.closing = true;
    this.lingering = true;
  }

  #release(): void {
    if (this.#parser !== undefined) this.#desk.takeBack(this.#parser);
    this.#parser = undefined;
    this.#waiting = undefined;
  }
}

/**
 * Whether nothing behind this request is to be read: it may be a body that nobody announced, to be
 * taken for requests, or it is of a page that takes this server for another one.
 */
function endsStream({ method }: HttpHead, { status }: HttpRefusal): boolean {
  return status === LENGTH_REQUIRED || status === MISDIRECTED_REQUEST || method === 'CONNECT';
}

const LENGTH_REQUIRED = 411;
const MISDIRECTED_REQUEST = 421;
/** Stands until the first head is complete; no request is answered before. */
const NO_PLAN = refusal(400, 'no request');

function joined(before: Uint8Array, input: Uint8Array, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(before.length + end - start);
  bytes.set(before);
  bytes.set(input.subarray(start, end), before.length);
  return bytes;
}
