/**
 * What one thread needs to serve requests of one protocol, shared by all its connections: the
 * engine, and a parser that is lent to each connection with an unfinished request.
 */
import type { Buffers } from '../bytes/buffers.ts';
import type { Client } from '../commands/call.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { DEFAULT_RESP_LIMITS, type RespLimits } from '../protocol/resp-limits.ts';
import { BATCH_REQUESTS, Batch } from './batch.ts';
import type { ClientState } from './clients.ts';
import { stageSet } from './large-set.ts';
import type { CommandProtocol } from './protocols.ts';
import type { ReceptionParts } from './reception.ts';
import { ThreadEngine } from './thread-engine.ts';

export class Desk extends ThreadEngine {
  readonly batch: Batch;
  /** Unfinished requests are kept in them. */
  readonly buffers: Buffers;
  /** The parser for connections without an unfinished request. */
  parser: RequestParser;
  readonly #limits: RespLimits = { ...DEFAULT_RESP_LIMITS };
  readonly #createParser: () => RequestParser;
  readonly #glanced = new Arguments();

  constructor(protocol: CommandProtocol, parts: ReceptionParts) {
    super(parts, (failed) => protocol.createReply(parts.out, failed));
    this.buffers = parts.buffers;
    this.batch = new Batch(parts.buffers);
    this.#createParser = () => protocol.createParser(this.#limits);
    this.parser = this.#createParser();
  }

  /** Bytes of an unfinished request that are kept for one client, at most. */
  get keptLimitBytes(): number {
    return this.options.clientQueryBufferLimitBytes;
  }

  override turn(nowMs: number): void {
    this.call.nowMs = nowMs;
    this.#limits.bulkBytes = this.options.protoMaxBulkBytes;
  }

  /** A place in the store for the value of `parser`'s unfinished request; see large-set.ts. */
  stage(client: ClientState, parser: RequestParser, bytes: Uint8Array, end: number) {
    if (parser.expected > this.keptLimitBytes) return undefined;
    // Finding it a place could mean to evict, and nothing changes in a pause.
    if (this.isPaused) return undefined;
    const { nowMs, store } = this.call;
    return stageSet({ client, nowMs, store }, parser, bytes, end);
  }

  /** Notes the key of a request that stands by itself; a batch sees to its own keys. */
  foresee(client: Client, bytes: Uint8Array, start: number, end: number): void {
    const { parser } = this;
    const args = this.#glanced;
    parser.args = args;
    if (!parser.glance(bytes, start, end) || parser.next !== end || args.count < 2) return;
    this.call.store.ahead.foresee(client.database, bytes, args.starts[1], args.ends[1]);
  }

  /**
   * How many requests of this client may be parsed before the first one has run: those of an
   * unauthenticated client are held to narrower limits, until AUTH among them says otherwise.
   */
  trust(client: Client, parser: RequestParser): number {
    const trusted = client.authenticated || this.options.requirepass === '';
    parser.authenticated = trusted;
    return trusted ? BATCH_REQUESTS : 1;
  }

  /** An unauthenticated client gets no more than this much to read before it has read it. */
  saysEnough(client: Client, out: ReplyBuffer): boolean {
    return (
      !client.authenticated &&
      out.length >= UNAUTHENTICATED_OUTPUT_BYTES &&
      this.options.requirepass !== ''
    );
  }

  /** The stream can't be followed any further: say why, and close once that has been sent. */
  reject(client: ClientState, parser: RequestParser): void {
    this.countProtocolError();
    this.call.reply.error(parser.error);
    client.closing = true;
  }

  /** The parser stays with a connection until its request is whole; the others get another one. */
  lend(parser: RequestParser): RequestParser {
    if (parser === this.parser) this.parser = this.#createParser();
    this.batch.giveAway();
    return parser;
  }

  takeBack(parser: RequestParser): void {
    parser.reset();
    this.parser = parser;
  }
}

/** Some hundred errors; Redis' own limit for them is as small. */
const UNAUTHENTICATED_OUTPUT_BYTES = 16 * 1024;
