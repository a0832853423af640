/**
 * One connection's conversation: protocol, commands and store put together. Requests are parsed in
 * place in the driver's read buffer; only an unfinished one is kept, and only then does the
 * connection own a buffer and a parser. A large SET has its place in the store instead.
 */
import { WAITING } from '../commands/engine.ts';
import { TABLE } from '../commands/table.ts';
import type { Place, Session } from '../drivers/driver.ts';
import { PROTOCOL_ERROR, REQUEST, type RequestParser } from '../protocol/parser.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { ClientState } from './clients.ts';
import { monotonicMs } from './clock.ts';
import type { Desk } from './desk.ts';
import { takenBytes } from './held-buffers.ts';
import type { LargeSet } from './large-set.ts';
import { STAGED_BYTES } from './staged-value.ts';

export class CommandSession implements Session {
  readonly client: ClientState;
  paused = false;
  lingering = false;
  /** Requests wait for the end of a pause (CLIENT PAUSE). */
  postponed = false;
  place: Place | undefined = undefined;
  readonly #desk: Desk;
  /** The bytes of an unfinished (or not yet run) request: `#kept[0, #keptLength)`. */
  #kept: Uint8Array | undefined = undefined;
  #keptLength = 0;
  /** The parser that is in the middle of what is kept. */
  #parser: RequestParser | undefined = undefined;
  /** A request that is on its way into the store; what is kept comes behind it. */
  #large: LargeSet | undefined = undefined;

  constructor(desk: Desk, client: ClientState) {
    this.#desk = desk;
    this.client = client;
  }

  get closing(): boolean {
    return this.client.closing && !this.paused;
  }

  receive(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    const outBefore = out.length;
    if (this.#large === undefined) {
      this.#runRequests(input, start, end, out);
    } else {
      this.client.lastUsedAtMs = monotonicMs();
      this.#receiveLarge(this.#large, input, start, end, out);
    }
    const unfinished = this.#kept !== undefined || this.#large !== undefined;
    this.client.unfinished = unfinished && !this.paused && !this.postponed;
    this.client.keptBytes = this.#kept === undefined ? 0 : this.#keptLength;
    this.#desk.countBytes(end - start, out.totalBytes - outBefore);
    if (!this.#desk.hold(this.client, this.#heldBytes())) this.#tooLong();
  }

  /** What its unfinished requests take; a value that has its place in the store counts there. */
  #heldBytes(): number {
    const { transaction } = this.client;
    if (this.#kept === undefined && transaction === undefined) return 0;
    const positions = this.#parser === undefined ? 0 : this.#parser.args.takenBytes;
    const queued = transaction === undefined ? 0 : transaction.takenBytes;
    return takenBytes(this.#kept, this.#keptLength) + positions + queued;
  }

  foresee(input: Uint8Array, start: number, end: number): void {
    if (this.#kept !== undefined || this.#large !== undefined) return;
    this.#desk.foresee(this.client, input, start, end);
  }

  placed(lengthBytes: number): void {
    const place = this.place!;
    this.client.lastUsedAtMs = monotonicMs();
    place.start += lengthBytes;
    if (place.start === place.end) this.place = undefined;
    this.#desk.countBytes(lengthBytes, 0);
  }

  #runRequests(input: Uint8Array, start: number, end: number, out: ReplyBuffer): void {
    if (this.#kept === undefined) {
      const next = this.#run(input, start, end, out);
      if (next < end && !this.#stage(input, next, end)) this.#keep(input, next, end);
    } else if (this.#keptLength + end - start > this.#desk.keptLimitBytes) {
      this.#tooLong();
    } else if (this.#outgrows(end - start) && this.#stage(this.#kept, 0, this.#keptLength)) {
      this.#receiveLarge(this.#large!, input, start, end, out);
    } else {
      this.#append(input, start, end);
      const next = this.#run(this.#kept, 0, this.#keptLength, out);
      this.#dropUntil(next);
    }
  }

  /** Finds the unfinished request a place in the store, if it is a large SET. */
  #stage(bytes: Uint8Array, start: number, end: number): boolean {
    const parser = this.#parser;
    if (parser === undefined || parser.expected < STAGED_BYTES) return false;
    parser.moved(bytes, start);
    const large = this.#desk.stage(this.client, parser, bytes, end);
    if (large === undefined) return false;
    this.#release();
    this.#large = large;
    this.place = large.place;
    return true;
  }

  /** Goes on with the request that is on its way into the store, and with those behind it. */
  #receiveLarge(
    large: LargeSet,
    input: Uint8Array,
    start: number,
    end: number,
    out: ReplyBuffer,
  ): void {
    const next = large.take(input, start, end);
    this.place = large.place;
    if (!large.whole) return;
    if (this.#runLarge(large)) this.#runRequests(input, next, end, out);
    else if (this.#keptLength + end - next > this.#desk.keptLimitBytes) this.#tooLong();
    else if (this.#kept !== undefined) this.#append(input, next, end);
    else if (next < end) this.#keep(input, next, end);
  }

  /** False: it has to wait, for CLIENT PAUSE to be over. */
  #runLarge(large: LargeSet): boolean {
    const desk = this.#desk;
    desk.serve(this.client);
    this.paused = false;
    desk.call.args = large.request();
    this.postponed = desk.engine.run(SET) === WAITING;
    if (!this.postponed) {
      large.release();
      this.#large = undefined;
    }
    this.client.blocked = this.postponed;
    desk.done();
    return !this.postponed;
  }

  /** As Redis does: beyond a limit of what is kept there is no reply, only the end. */
  #tooLong(): void {
    this.#release();
    this.#desk.hold(this.client, 0);
    this.paused = false;
    this.lingering = true;
    this.client.closing = true;
  }

  /** A request that FIN cut off is dropped: there is no telling what it would have become. */
  end(): void {
    this.#release();
    this.#desk.hold(this.client, 0);
  }

  /** Runs the whole requests in `bytes[start, end)`. Returns where the first one not run begins. */
  #run(bytes: Uint8Array, start: number, end: number, out: ReplyBuffer): number {
    const desk = this.#desk;
    const parser = this.#parser ?? desk.parser;
    const { client } = this;
    desk.serve(client);
    let next = start;
    this.paused = false;
    this.postponed = false;
    while (!client.closing && !this.postponed) {
      if (out.full || desk.saysEnough(client, out)) {
        this.paused = true;
        break;
      }
      const result = desk.batch.fill(parser, bytes, next, end, desk.trust(client, parser));
      next = this.#runBatch(parser, out);
      if (this.postponed || next < parser.next || result === REQUEST) continue;
      if (result === PROTOCOL_ERROR) {
        this.#reject(parser);
      } else {
        next = parser.next;
        if (next < end) this.#parser = desk.lend(parser);
        break;
      }
    }
    client.blocked = this.postponed;
    desk.done();
    if (!client.closing) return next;
    // A client that goes on sending after QUIT still gets the reply to QUIT.
    if (next < end) this.lingering = true;
    return end;
  }

  #reject(parser: RequestParser): void {
    this.#desk.reject(this.client, parser);
    this.lingering = true;
  }

  /** Returns where the first request that was not run begins. */
  #runBatch(parser: RequestParser, out: ReplyBuffer): number {
    const { batch, call, engine } = this.#desk;
    const { client } = this;
    for (let i = 0; i < batch.count; ) {
      if (client.closing || out.full) return this.#stopBefore(i, parser);
      const from = i;
      if (batch.plain[i] === 1) i = engine.runPlain(batch, from);
      if (i > from) continue;
      call.args = batch.requests[i];
      if (engine.run(batch.commands[i]) === WAITING) {
        this.postponed = true;
        return this.#stopBefore(i, parser);
      }
      i++;
    }
    return parser.next;
  }

  /** What was parsed ahead of this is parsed again when its time comes. */
  #stopBefore(index: number, parser: RequestParser): number {
    const { batch } = this.#desk;
    parser.reset();
    return index === 0 ? batch.start : batch.ends[index - 1];
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#kept = this.#desk.buffers.take(roomFor(length, this.#parser?.expected ?? 0));
    this.#kept.set(bytes.subarray(start, end));
    this.#keptLength = length;
    this.#parser?.moved(this.#kept, 0);
  }

  /** What is kept has no room for so many bytes more. */
  #outgrows(lengthBytes: number): boolean {
    return this.#keptLength + lengthBytes > this.#kept!.length;
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#keptLength + end - start;
    let kept = this.#kept!;
    if (length > kept.length) {
      kept = this.#desk.buffers.take(roomFor(length, this.#parser?.expected ?? 0));
      kept.set(this.#kept!.subarray(0, this.#keptLength));
      this.#desk.buffers.giveBack(this.#kept!);
      this.#kept = kept;
      this.#parser?.moved(kept, 0);
    }
    kept.set(bytes.subarray(start, end), this.#keptLength);
    this.#keptLength = length;
  }

  /** Lets go of the requests that have been run; what is left moves to the buffer's start. */
  #dropUntil(next: number): void {
    if (next === this.#keptLength) {
      this.#release();
    } else if (next > 0) {
      this.#kept!.copyWithin(0, next, this.#keptLength);
      this.#keptLength -= next;
      this.#parser?.moved(this.#kept!, 0);
    }
  }

  #release(): void {
    if (this.#parser !== undefined) this.#desk.takeBack(this.#parser);
    if (this.#kept !== undefined) this.#desk.buffers.giveBack(this.#kept);
    this.#large?.release();
    this.#large = undefined;
    this.place = undefined;
    this.#parser = undefined;
    this.#kept = undefined;
    this.#keptLength = 0;
  }
}

const SET = TABLE.named('set');

/** Space for an unfinished request: exact where its length is announced, else with room to grow. */
function roomFor(length: number, expected: number): number {
  return expected > length ? expected : Math.max(length * 2, MINIMUM_KEPT_BYTES);
}

/** Most unfinished requests are the tail of a pipeline, shorter than this. */
const MINIMUM_KEPT_BYTES = 1024;
