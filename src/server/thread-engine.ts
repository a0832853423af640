/**
 * The engine of one thread and one protocol, and what is counted around it: each receive of a
 * client is a `serve`, requests that are run, and a `done`.
 */
import { type Call, FAILED_CALLS, TALLY } from '../commands/call.ts';
import { CommandEngine } from '../commands/engine.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { Reply } from '../protocol/reply.ts';
import type { ClientMemory } from './client-memory.ts';
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
import type { ServerOptions } from './options.ts';
import type { ReceptionParts } from './reception.ts';
import { NOT_PAUSED, type Pause } from './shared/pause.ts';
import type { Roster } from './shared/roster.ts';
import { Stopwatch } from './stopwatch.ts';

export class ThreadEngine {
  readonly call: Call;
  readonly engine: CommandEngine;
  protected readonly options: ServerOptions;
  protected readonly counters: Float64Array;
  readonly #pause: Pause;
  readonly #roster: Roster;
  readonly #memory: Pick<ClientMemory, 'hold'>;
  readonly #stopwatch: Stopwatch;
  #commandsBefore = 0;

  /** `createReply` is handed whom to tell of each error that is answered. */
  constructor(parts: ReceptionParts, createReply: (failed: (text: string) => void) => Reply) {
    const { out, store, server, counters, nobody, options, log, board, thread, roster } = parts;
    this.options = options;
    this.counters = counters;
    this.#roster = roster;
    this.#memory = parts.memory;
    this.call = {
      args: new Arguments(),
      reply: createReply((text) => this.#countError(text)),
      store,
      client: nobody,
      server,
      buffers: parts.buffers,
      nowMs: 0,
      command: undefined,
      tally: board.tallies.of(thread),
      effects: undefined,
      inTransaction: false,
      runQueued: () => {},
    };
    const { call } = this;
    const { slowLog } = parts;
    const { latency, pause } = board;
    this.#pause = pause;
    this.#stopwatch = new Stopwatch({ call, options, slowLog, latency, log });
    this.engine = new CommandEngine({ call, out, pause, observer: this.#stopwatch });
  }

  /** The clock has been read. */
  turn(nowMs: number): void {
    this.call.nowMs = nowMs;
  }

  /** CLIENT PAUSE: nothing is removed from the store that nobody has asked to be removed. */
  protected get isPaused(): boolean {
    return this.#pause.isOn && this.#pause.kind() !== NOT_PAUSED;
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

  /** They are over: unlock, count, tell the roster. */
  done(): void {
    const { call } = this;
    const client = call.client as ClientState;
    call.store.end();
    this.#stopwatch.stop();
    this.counters[COMMANDS_PROCESSED] += client.commands - this.#commandsBefore;
    client.publish(this.#roster);
  }

  /** See ClientMemory. */
  hold(client: ClientState, heldBytes: number): boolean {
    return this.#memory.hold(client, heldBytes);
  }

  /** A request that is no command, and is counted like one: by the client and by everybody. */
  countRequest(): void {
    this.call.client.commands++;
    this.#commandsBefore++;
    this.counters[COMMANDS_PROCESSED]++;
  }

  countBytes(received: number, sent: number): void {
    const { counters } = this;
    counters[READS]++;
    counters[INPUT_BYTES] += received;
    counters[OUTPUT_BYTES] += sent;
  }

  /** A stream can't be followed any further. */
  countProtocolError(): void {
    this.counters[PROTOCOL_ERRORS]++;
    this.call.command = undefined;
  }

  #countError(text: string): void {
    const { command, tally } = this.call;
    this.counters[ERRORS]++;
    this.counters[errorCounter(text)]++;
    if (command !== undefined) tally.counts[command.number * TALLY + FAILED_CALLS]++;
  }
}
