/**
 * What one thread needs to serve requests of one protocol, shared by all its connections: the call
 * that commands are given, the reply writer, and a parser that is lent to whoever has an unfinished
 * request.
 */
import { type Call, type Client, FAILED_CALLS, TALLY } from '../commands/call.ts';
import { CommandEngine } from '../commands/engine.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { DEFAULT_RESP_LIMITS, type RespLimits } from '../protocol/resp-limits.ts';
import { BATCH_REQUESTS, Batch } from './batch.ts';
import type { ClientState } from './clients.ts';
import {
  COMMANDS_PROCESSED,
  ERRORS,
  errorCounter,
  INPUT_BYTES,
  OUTPUT_BYTES,
  PROTOCOL_ERRORS,
  READS,
} from './counters.ts';
import { stageSet } from './large-set.ts';
import type { ServerOptions } from './options.ts';
import type { CommandProtocol } from './protocols.ts';
import type { ReceptionParts } from './reception.ts';
import { NOT_PAUSED, type Pause } from './shared/pause.ts';
import type { Roster } from './shared/roster.ts';
import { Spare } from './spare.ts';
import { Stopwatch } from './stopwatch.ts';

export class Desk {
  readonly call: Call;
  readonly engine: CommandEngine;
  readonly batch = new Batch();
  /** Unfinished requests are kept in it. */
  readonly spare = new Spare();
  /** The parser for connections without an unfinished request. */
  parser: RequestParser;
  readonly #limits: RespLimits = { ...DEFAULT_RESP_LIMITS };
  readonly #createParser: () => RequestParser;
  readonly #options: ServerOptions;
  readonly #counters: Float64Array;
  readonly #roster: Roster;
  readonly #pause: Pause;
  readonly #stopwatch: Stopwatch;
  readonly #glanced = new Arguments();
  #commandsBefore = 0;

  constructor(protocol: CommandProtocol, parts: ReceptionParts) {
    const { out, store, server, counters, nobody, options, log, board, thread, roster } = parts;
    this.#counters = counters;
    this.#options = options;
    this.#roster = roster;
    this.#createParser = () => protocol.createParser(this.#limits);
    this.parser = this.#createParser();
    const reply = protocol.createReply(out, (text) => this.#countError(text));
    const call: Call = {
      args: new Arguments(),
      reply,
      store,
      client: nobody,
      server,
      nowMs: 0,
      command: undefined,
      tally: board.tallies.of(thread),
      inTransaction: false,
      runQueued: () => {},
    };
    const { slowLog } = parts;
    const { latency, pause } = board;
    const observer = new Stopwatch({ call, options, slowLog, latency, log });
    this.call = call;
    this.#stopwatch = observer;
    this.#pause = pause;
    this.engine = new CommandEngine({ call, out, pause, observer });
  }

  /** Bytes of an unfinished request that are kept for one client, at most. */
  get keptLimitBytes(): number {
    return this.#options.clientQueryBufferLimitBytes;
  }

  turn(nowMs: number): void {
    this.call.nowMs = nowMs;
    this.#limits.bulkBytes = this.#options.protoMaxBulkBytes;
  }

  /** A place in the store for the value of `parser`'s unfinished request; see large-set.ts. */
  stage(client: ClientState, parser: RequestParser, bytes: Uint8Array, end: number) {
    if (parser.expected > this.keptLimitBytes) return undefined;
    // Finding it a place could mean to evict, and nothing changes in a pause.
    if (this.#pause.isOn && this.#pause.kind() !== NOT_PAUSED) return undefined;
    const { nowMs, store } = this.call;
    return stageSet({ client, nowMs, store }, parser, bytes, end);
  }

  /** The next requests are this client's. */
  serve(client: ClientState): void {
    const { call } = this;
    call.client = client;
    call.command = undefined;
    call.reply.version = client.protocolVersion;
    this.#commandsBefore = client.commands;
    client.lastUsedAtMs = this.#stopwatch.start();
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
   * How many requests of this client may be parsed before the first one has run: a stranger's are
   * held to narrower limits, until AUTH among them says otherwise.
   */
  trust(client: Client, parser: RequestParser): number {
    const trusted = client.authenticated || this.#options.requirepass === '';
    parser.authenticated = trusted;
    return trusted ? BATCH_REQUESTS : 1;
  }

  /** A stranger gets no more than this much to read before he has read it. */
  saysEnough(client: Client, out: ReplyBuffer): boolean {
    return (
      !client.authenticated &&
      out.length >= STRANGER_OUTPUT_BYTES &&
      this.#options.requirepass !== ''
    );
  }

  /** The batch is over: unlock, count, tell the roster. */
  done(): void {
    const { call } = this;
    const client = call.client as ClientState;
    call.store.end();
    this.#stopwatch.stop();
    this.#counters[COMMANDS_PROCESSED] += client.commands - this.#commandsBefore;
    client.publish(this.#roster);
  }

  countBytes(received: number, sent: number): void {
    const counters = this.#counters;
    counters[READS]++;
    counters[INPUT_BYTES] += received;
    counters[OUTPUT_BYTES] += sent;
  }

  /** The stream can't be followed any further: say why, and close once that has been sent. */
  reject(client: ClientState, parser: RequestParser): void {
    this.#counters[PROTOCOL_ERRORS]++;
    this.call.command = undefined;
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

  #countError(text: string): void {
    const { command, tally } = this.call;
    this.#counters[ERRORS]++;
    this.#counters[errorCounter(text)]++;
    if (command !== undefined) tally.counts[command.number * TALLY + FAILED_CALLS]++;
  }
}

/** Some hundred errors; Redis' own limit for them is as small. */
const STRANGER_OUTPUT_BYTES = 16 * 1024;
