/**
 * What one thread needs to serve requests of one protocol, shared by all its connections: the call
 * that commands are given, the reply writer, and a parser that is lent to whoever has an unfinished
 * request.
 */
import type { Call, ServerFace } from '../commands/call.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { Store } from '../store/face.ts';
import type { ClientState } from './clients.ts';
import { COMMANDS_PROCESSED, PROTOCOL_ERRORS } from './counters.ts';
import type { CommandProtocol } from './protocols.ts';

export class Desk {
  readonly call: Call;
  /** The parser for connections without an unfinished request. */
  parser: RequestParser;
  readonly #protocol: CommandProtocol;
  readonly #counters: Float64Array;
  #commandsBefore = 0;

  constructor(
    protocol: CommandProtocol,
    out: ReplyBuffer,
    store: Store,
    server: ServerFace,
    counters: Float64Array,
    nobody: ClientState,
  ) {
    this.#protocol = protocol;
    this.#counters = counters;
    this.parser = protocol.createParser();
    const reply = protocol.createReply(out);
    const args = new Arguments();
    this.call = { args, reply, store, client: nobody, server, nowMs: 0, command: undefined };
  }

  /** The next requests are this client's, parsed by this parser. */
  serve(client: ClientState, parser: RequestParser): void {
    const { call } = this;
    call.client = client;
    call.args = parser.args;
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

  /** The parser stays with a connection until its request is whole; the others get another one. */
  lend(parser: RequestParser): RequestParser {
    if (parser === this.parser) this.parser = this.#protocol.createParser();
    return parser;
  }

  takeBack(parser: RequestParser): void {
    parser.reset();
    this.parser = parser;
  }
}
