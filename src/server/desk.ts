/**
 * What one thread needs to serve requests of one protocol, shared by all its connections: the call
 * that commands are given, the reply writer, and a parser that is lent to whoever has an unfinished
 * request.
 */
import type { Call } from '../commands/call.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import { Batch } from './batch.ts';
import type { ClientState } from './clients.ts';
import { COMMANDS_PROCESSED, PROTOCOL_ERRORS } from './counters.ts';
import type { Log } from './log.ts';
import type { CommandProtocol } from './protocols.ts';
import type { ReceptionParts } from './reception.ts';

export class Desk {
  readonly call: Call;
  readonly batch = new Batch();
  /** The parser for connections without an unfinished request. */
  parser: RequestParser;
  /** Bytes of an unfinished request that are kept for one client, at most. */
  readonly keptLimitBytes: number;
  readonly #createParser: () => RequestParser;
  readonly #counters: Float64Array;
  readonly #log: Log;
  #commandsBefore = 0;

  constructor(protocol: CommandProtocol, parts: ReceptionParts) {
    const { out, store, server, counters, nobody, options, log } = parts;
    this.#counters = counters;
    this.#log = log;
    this.keptLimitBytes = options.clientQueryBufferLimitBytes;
    this.#createParser = () => protocol.createParser(options);
    this.parser = this.#createParser();
    const reply = protocol.createReply(out);
    const args = new Arguments();
    this.call = { args, reply, store, client: nobody, server, nowMs: 0, command: undefined };
  }

  /** The next requests are this client's. */
  serve(client: ClientState): void {
    const { call } = this;
    call.client = client;
    call.reply.version = client.protocolVersion;
    this.#commandsBefore = client.commands;
  }

  /** The batch is over: unlock, count. */
  done(): void {
    const { call } = this;
    call.store.end();
    this.#counters[COMMANDS_PROCESSED] += call.client.commands - this.#commandsBefore;
  }

  /** The stream can't be followed any further: say why, and close once that has been sent. */
  reject(client: ClientState, parser: RequestParser): void {
    this.#counters[PROTOCOL_ERRORS]++;
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
    out.length = mark;
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
}
