/**
 * What one thread needs to serve requests of one protocol, shared by all its connections: the call
 * that commands are given, the reply writer, and a parser that is lent to whoever has an unfinished
 * request.
 */
import {
  type Call,
  type Client,
  type Command,
  FAILED_CALLS,
  REPLIES_ON,
  REPLIES_SKIP,
  REPLIES_SKIP_NEXT,
  TALLY,
} from '../commands/call.ts';
import { runsPlainly } from '../commands/execute.ts';
import { ACCESS_WRITE } from '../commands/row.ts';
import { StagedSet } from '../commands/staged-set.ts';
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
import { type LargeSet, stageSet } from './large-set.ts';
import type { Log } from './log.ts';
import type { ServerOptions } from './options.ts';
import type { CommandProtocol } from './protocols.ts';
import type { ReceptionParts } from './reception.ts';
import { ALL_PAUSED, NOT_PAUSED, type Pause } from './shared/pause.ts';
import type { Roster } from './shared/roster.ts';
import { Spare } from './spare.ts';
import { Stopwatch } from './stopwatch.ts';

export class Desk {
  readonly call: Call;
  readonly batch = new Batch();
  readonly pause: Pause;
  readonly stagedSet = new StagedSet();
  /** Unfinished requests are kept in it. */
  readonly spare = new Spare();
  /** The parser for connections without an unfinished request. */
  parser: RequestParser;
  readonly #limits: RespLimits = { ...DEFAULT_RESP_LIMITS };
  readonly #createParser: () => RequestParser;
  readonly #options: ServerOptions;
  readonly #counters: Float64Array;
  readonly #roster: Roster;
  readonly #stopwatch: Stopwatch;
  readonly #log: Log;
  readonly #glanced = new Arguments();
  #commandsBefore = 0;

  constructor(protocol: CommandProtocol, parts: ReceptionParts) {
    const { out, store, server, counters, nobody, options, log, board, thread, roster } = parts;
    this.#counters = counters;
    this.#options = options;
    this.#roster = roster;
    this.#log = log;
    this.pause = board.pause;
    this.#createParser = () => protocol.createParser(this.#limits);
    this.parser = this.#createParser();
    const reply = protocol.createReply(out, (text) => this.#countError(text));
    this.call = {
      args: new Arguments(),
      reply,
      store,
      client: nobody,
      server,
      nowMs: 0,
      command: undefined,
      tally: board.tallies.of(thread),
      inTransaction: false,
    };
    const { slowLog } = parts;
    this.#stopwatch = new Stopwatch({ call: this.call, options, slowLog, latency: board.latency });
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
    const { nowMs, store } = this.call;
    return stageSet({ client, nowMs, store }, this.stagedSet, parser, bytes, end);
  }

  /** The next request is this one, whose value is in its place. */
  prepare(large: LargeSet): void {
    this.call.args = large.request();
    this.stagedSet.ticket = large.ticket;
  }

  /** The next requests are this client's. */
  serve(client: ClientState): void {
    const { call } = this;
    call.client = client;
    call.command = undefined;
    call.reply.version = client.protocolVersion;
    this.#commandsBefore = client.commands;
    this.#stopwatch.start();
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

  /** Whether plain requests of the client can be run in one go. */
  get runsPlainly(): boolean {
    const { call } = this;
    const heard = call.client.replies === REPLIES_ON;
    return heard && !this.pause.isOn && !this.#stopwatch.isFine && runsPlainly(call);
  }

  /**
   * A stretch of plain requests begins. False: memory is over its limit, and each must be asked
   * whether it needs any. No write passes the limit, so asking once is enough.
   */
  beforePlain(): boolean {
    const { call, batch } = this;
    this.#stopwatch.stop();
    call.store.begin(call.nowMs, batch.writes, false);
    batch.announce(call);
    return !batch.writes || call.store.makeRoom();
  }

  /** The requests `[from, to)` of the batch have been run in one go. */
  afterPlain(from: number, to: number): void {
    const { client } = this.call;
    client.commands += to - from;
    client.lastCommand = this.batch.commands[to - 1];
    this.#stopwatch.stretch(this.batch.commands, from, to);
  }

  before(command: Command | undefined): void {
    this.#stopwatch.before(command);
  }

  after(): void {
    this.#stopwatch.after();
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

  /** Whether a pause holds this request back. */
  isPaused(command: Command | undefined, client: Client): boolean {
    const kind = this.pause.kind(this.call.nowMs);
    if (kind === NOT_PAUSED || kind === ALL_PAUSED) return kind === ALL_PAUSED;
    if (command === undefined) return false;
    const access = command.name === 'exec' ? client.transaction?.access : command.access;
    return ((access ?? 0) & ACCESS_WRITE) !== 0;
  }

  /** Takes back what a client does not want to hear (CLIENT REPLY). */
  withhold(client: Client, out: ReplyBuffer, mark: number): void {
    out.cut(mark);
    if (client.replies === REPLIES_SKIP_NEXT) client.replies = REPLIES_SKIP;
    else if (client.replies === REPLIES_SKIP) client.replies = REPLIES_ON;
  }

  /** The stream can't be followed any further: say why, and close once that has been sent. */
  reject(client: ClientState, parser: RequestParser): void {
    this.#counters[PROTOCOL_ERRORS]++;
    this.call.command = undefined;
    this.call.reply.error(parser.error);
    client.closing = true;
  }

  /**
   * A command ended by an exception, which is a bug of ours: its client goes, nobody else. What it
   * had begun to say is taken back: half a reply would be read as the beginning of the next.
   */
  fail(client: ClientState, out: ReplyBuffer, mark: number, error: unknown): void {
    const name = this.call.command?.name ?? 'a request';
    const what = error instanceof Error ? error.stack : String(error);
    this.#log.warning(`client id=${client.id}: ${name} failed by a bug: ${what}`);
    out.cut(mark);
    this.call.reply.error('ERR internal error, see the log of the server');
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
