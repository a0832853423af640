/**
 * One connection's conversation over HTTP. The parser takes every byte as it comes; only while a
 * request is unfinished does the connection own a parser, and a copy of the body so far. A large
 * body has its place in the store instead.
 */
import { WAITING } from '../commands/engine.ts';
import type { Place, Session } from '../drivers/driver.ts';
import type { HttpHead } from '../protocol/http/head.ts';
import {
  HTTP_HEAD,
  HTTP_NEED_MORE,
  HTTP_REFUSED,
  HTTP_REQUEST,
  type HttpEvent,
  type HttpParser,
} from '../protocol/http/parser.ts';
import { type HttpRefusal, refusal } from '../protocol/http/refusal.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { ClientState } from './clients.ts';
import { monotonicMs } from './clock.ts';
import type { HttpDesk } from './http-desk.ts';
import { type HttpPlan, isRefusal, storesBody } from './http-routes.ts';
import type { StagedValue } from './staged-value.ts';

export class HttpSession implements Session {
  readonly client: ClientState;
  paused = false;
  /** A refusal may cut a body off, and a last request may have others behind it. */
  lingering = false;
  /** A request waits for the end of a pause (CLIENT PAUSE). */
  postponed = false;
  place: Place | undefined = undefined;
  readonly #desk: HttpDesk;
  #parser: HttpParser | undefined = undefined;
  /** What is to become of the request that is being read. */
  #plan: HttpPlan | HttpRefusal = NO_PLAN;
  /** Its body, where that is received into its place in the store. */
  #staged: StagedValue | undefined = undefined;
  /** It is whole, and has not been answered. */
  #due = false;
  /** Input that has to wait until the replies before it have been sent. */
  #waiting: Uint8Array | undefined = undefined;

  constructor(desk: HttpDesk, client: ClientState) {
    this.#desk = desk;
    this.client = client;
  }

  get closing(): boolean {
    return this.client.closing && !this.paused;
  }

  receive(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    const outBefore = out.length;
    const desk = this.#desk;
    desk.serve(this.client);
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#run(input, start, end, out);
    } else {
      const bytes = start === end ? waiting : joined(waiting, input, start, end);
      this.#waiting = undefined;
      this.#run(bytes, 0, bytes.length, out);
    }
    desk.done();
    desk.countBytes(end - start, out.totalBytes - outBefore);
    if (!desk.hold(this.client, this.#heldBytes())) this.#drop();
  }

  /** What its unfinished requests take; a body that has its place in the store counts there. */
  #heldBytes(): number {
    if (this.#parser === undefined) return 0;
    return this.#parser.takenBytes + (this.#waiting?.length ?? 0);
  }

  /** As Redis does: beyond a limit of what is kept there is no answer, only the end. */
  #drop(): void {
    this.end();
    this.paused = false;
    this.lingering = true;
    this.client.closing = true;
  }

  placed(lengthBytes: number): void {
    const place = this.place!;
    this.client.lastUsedAtMs = monotonicMs();
    place.start += lengthBytes;
    if (place.start === place.end) this.place = undefined;
    this.#desk.countBytes(lengthBytes, 0);
  }

  /** A request that FIN cut off is dropped: there is no telling what it would have become. */
  end(): void {
    this.#release();
    this.#desk.hold(this.client, 0);
  }

  #run(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    const parser = this.#parser ?? this.#desk.lend();
    this.#parser = parser;
    this.paused = false;
    this.postponed = false;
    const next = this.#takeRequests(parser, input, start, end, out);
    const { closing } = this.client;
    const held = this.paused || this.postponed;
    if (held && next < end) this.#waiting = input.slice(next, end);
    if (closing && next < end) this.lingering = true;
    const finished = closing || (parser.idle && !held);
    this.client.unfinished = !finished && !held;
    this.client.blocked = this.postponed;
    if (finished) this.#release();
    else parser.keepBody();
  }

  /** Returns where the first byte is that was not taken. */
  #takeRequests(
    parser: HttpParser,
    input: Uint8Array,
    start: number,
    end: number,
    out: ReplyBuffer,
  ): number {
    let next = start;
    while (!this.client.closing && !this.postponed) {
      if (out.full) {
        this.paused = true;
        break;
      }
      if (this.#staged !== undefined && !this.#due) {
        next = this.#staged.take(input, next, end);
        this.place = this.#staged.place;
        this.#due = this.place === undefined;
        if (!this.#due) break;
      }
      if (this.#due) {
        this.#handle(HTTP_REQUEST, parser, out);
        continue;
      }
      const event = parser.nextEvent(input, next, end);
      next = parser.next;
      if (event === HTTP_NEED_MORE) break;
      if (event === HTTP_REQUEST) this.#due = true;
      else this.#handle(event, parser, out);
    }
    return next;
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
    const plan = this.#desk.plan(head, this.client);
    const waits = head.expectsContinue && head.hasBody;
    this.#plan = plan;
    if (isRefusal(plan)) {
      if (waits || endsStream(head, plan)) return this.#reject(parser, plan);
      return parser.discardBody();
    }
    if (waits) this.#desk.reply.continue();
    if (!storesBody(plan.method)) return parser.discardBody();
    this.#staged = this.#desk.stage(plan, head, this.client);
    if (this.#staged !== undefined) parser.leaveBody();
  }

  #answer(parser: HttpParser): void {
    const { head, body } = parser;
    const desk = this.#desk;
    this.postponed = desk.answer(this.#plan, head, body, this.#staged) === WAITING;
    if (this.postponed) return;
    this.#staged?.release();
    this.#staged = undefined;
    this.#due = false;
    if (desk.closesAfter(head)) this.client.closing = true;
    parser.clear();
  }

  #reject(parser: HttpParser, refused: HttpRefusal): void {
    this.#desk.reject(refused, parser.head);
    this.client.closing = true;
    this.lingering = true;
  }

  #release(): void {
    if (this.#parser !== undefined) this.#desk.takeBack(this.#parser);
    this.#staged?.release();
    this.#staged = undefined;
    this.#due = false;
    this.place = undefined;
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
