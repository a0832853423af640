/**
 * The one way into the data: requests of every protocol are run here, and what has to see every
 * command stands here, once and in this order:
 *
 *     known? → arity → authenticated? → paused? → queued (MULTI)?
 *     → memory → open the store → handler → effects
 *
 * The caller closes the store (`store.end()`) once a batch of requests is done. The common path
 * makes no string, no object and no closure.
 */
import {
  CALLS,
  type Call,
  type Command,
  REPLIES_ON,
  REPLIES_SKIP,
  REPLIES_SKIP_NEXT,
  TALLY,
} from './call.ts';
import { NO_AUTH, OUT_OF_MEMORY, wrongArity } from './errors.ts';
import {
  ACCESS_ANYBODY,
  ACCESS_AT_ONCE,
  ACCESS_DENY_OOM,
  ACCESS_MANY,
  ACCESS_STORE_MASK,
  ACCESS_WHOLE,
  ACCESS_WRITE,
} from './row.ts';
import { subcommandOf } from './table.ts';
import { queue, refuse } from './transactions.ts';
import { unknownCommand, unknownSubcommand } from './unknown.ts';

/** The request has been answered. */
export const DONE = 0;
/** It has to wait, and nothing of it has happened: it is to be run again. */
export const WAITING = 1;
export type RunResult = typeof DONE | typeof WAITING;

/** Where replies are written, as far as the engine has to do with it. */
export interface ReplyRoom {
  readonly length: number;
  /** So much is there that it is to be sent before anything else is run. */
  readonly full: boolean;
  /** Takes back what has been written from `mark` on. */
  cut(mark: number): void;
}

/** CLIENT PAUSE. */
export interface PauseGate {
  /** One look at one word. */
  readonly isOn: boolean;
  /** Whether a pause holds this request back. */
  holdsBack(call: Call, command: Command): boolean;
}

/** Sees every command: how long it takes, and that it failed by a bug. */
export interface CommandObserver {
  /** Every command is to be run by itself, so that it can be measured. */
  readonly isFine: boolean;
  /** Undefined: there is no such command. */
  before(command: Command | undefined): void;
  /** `call.command` has run; undefined: the request was refused. */
  after(): void;
  /** A stretch of plain commands begins, … */
  beforeStretch(): void;
  /** … and has run: `commands[from, to)`. */
  afterStretch(commands: readonly (Command | undefined)[], from: number, to: number): void;
  failed(call: Call, error: unknown): void;
}

/** Requests that were parsed together (server/batch.ts). */
export interface RequestBatch {
  readonly count: number;
  readonly requests: readonly Call['args'][];
  readonly commands: readonly (Command | undefined)[];
  /** 1: of the right shape, quick, and about one key: all that it needs is an open store. */
  readonly plain: Uint8Array;
  /** One of the plain ones writes. */
  readonly writes: boolean;
  /** Has the memory fetched that they will ask for. */
  announce(call: Call): void;
}

export interface EngineParts {
  /** Its `runQueued` is set here. */
  readonly call: Call;
  readonly out: ReplyRoom;
  readonly pause: PauseGate;
  readonly observer: CommandObserver;
}

export class CommandEngine {
  readonly call: Call;
  readonly #out: ReplyRoom;
  readonly #pause: PauseGate;
  readonly #observer: CommandObserver;

  constructor({ call, out, pause, observer }: EngineParts) {
    this.call = call;
    this.#out = out;
    this.#pause = pause;
    this.#observer = observer;
    call.runQueued = (command) => this.#invoke(command);
  }

  /** Runs the request in `call.args`, whose row is `found`; undefined: there is none. */
  run(found: Command | undefined): RunResult {
    const mark = this.#out.length;
    this.#observer.before(found);
    try {
      if (this.#pass(found) === WAITING) return WAITING;
    } catch (error) {
      this.#fail(mark, error);
    }
    this.#observer.after();
    if (this.call.client.replies !== REPLIES_ON) this.#withhold(mark);
    return DONE;
  }

  /**
   * The hot loop: runs plain requests from `from` on, as many as stand there side by side. Returns
   * the number of the first one that it did not run.
   */
  runPlain(batch: RequestBatch, from: number): number {
    if (!this.#runsPlainly() || !this.#beginPlain(batch)) return from;
    const { call } = this;
    const { effects } = call;
    const { count, commands, plain, requests } = batch;
    const out = this.#out;
    let at = from;
    let mark = 0;
    try {
      for (; at < count && plain[at] === 1 && !out.full; at++) {
        mark = out.length;
        call.args = requests[at];
        call.command = commands[at]!;
        if (effects === undefined) call.command.handler(call);
        else effects.run(call, call.command.handler);
      }
    } catch (error) {
      this.#fail(mark, error);
      at++;
    }
    if (at === from) return at;
    call.client.commands += at - from;
    call.client.lastCommand = commands[at - 1];
    this.#observer.afterStretch(commands, from, at);
    return at;
  }

  /**
   * Whether the requests of this client can be run without the gates, as far as they are plain:
   * nothing is to be refused, queued, withheld or asked first.
   */
  #runsPlainly(): boolean {
    const { client, server } = this.call;
    if (client.transaction !== undefined || client.replies !== REPLIES_ON) return false;
    if (!client.authenticated && server.password !== '') return false;
    return !this.#pause.isOn && !this.#observer.isFine;
  }

  /**
   * False: memory is over its limit, and each request must be asked whether it needs any. No write
   * passes the limit, so asking once is enough.
   */
  #beginPlain(batch: RequestBatch): boolean {
    const { call } = this;
    this.#observer.beforeStretch();
    call.store.begin(call.nowMs, batch.writes, false);
    batch.announce(call);
    return !batch.writes || call.store.makeRoom();
  }

  /** The gates. */
  #pass(found: Command | undefined): RunResult {
    const { call } = this;
    const command = this.#known(found);
    if (command === undefined) return DONE;
    const { client } = call;
    const { access } = command;
    client.lastCommand = command;
    const refusal = refusalOf(call, command);
    if (refusal !== '') refuse(call, command, refusal);
    else if (this.#pause.isOn && this.#pause.holdsBack(call, command)) return WAITING;
    else if (client.transaction !== undefined && (access & ACCESS_AT_ONCE) === 0) {
      queue(call, command);
    } else if ((access & ACCESS_STORE_MASK) === 0 || this.#openStore(command, access)) {
      this.#invoke(command);
    }
    return DONE;
  }

  /** The row itself, or its subcommand's; undefined, and the error answered: there is none. */
  #known(found: Command | undefined): Command | undefined {
    const { call } = this;
    if (found === undefined) {
      unknownCommand(call);
      return undefined;
    }
    if (found.subcommands === undefined || call.args.count < 2) return found;
    const command = subcommandOf(found, call.args);
    if (command === undefined) unknownSubcommand(call);
    return command;
  }

  /** The store is open as far as the command needs it. */
  #invoke(command: Command): void {
    const { call } = this;
    call.command = command;
    call.client.lastCommand = command;
    call.client.commands++;
    call.tally.counts[command.number * TALLY + CALLS]++;
    if (call.effects === undefined) command.handler(call);
    else call.effects.run(call, command.handler);
  }

  /** False, and the error answered, when the command needs memory and there is none. */
  #openStore(command: Command, access: number): boolean {
    const { args, nowMs, store } = this.call;
    const whole =
      (access & ACCESS_WHOLE) !== 0 ||
      ((access & ACCESS_MANY) !== 0 && args.count > command.keys[0] + command.keys[2]);
    store.begin(nowMs, (access & ACCESS_WRITE) !== 0, whole);
    if ((access & ACCESS_DENY_OOM) === 0 || store.makeRoom()) return true;
    refuse(this.call, command, OUT_OF_MEMORY);
    return false;
  }

  /**
   * A command ended by an exception, which is a bug of ours: its client goes, nobody else. What it
   * had begun to say is taken back: half a reply would be read as the beginning of the next.
   */
  #fail(mark: number, error: unknown): void {
    const { call } = this;
    this.#observer.failed(call, error);
    this.#out.cut(mark);
    call.reply.error('ERR internal error, see the log of the server');
    call.client.closing = true;
  }

  /** Takes back what a client does not want to hear (CLIENT REPLY). */
  #withhold(mark: number): void {
    const { client } = this.call;
    this.#out.cut(mark);
    if (client.replies === REPLIES_SKIP_NEXT) client.replies = REPLIES_SKIP;
    else if (client.replies === REPLIES_SKIP) client.replies = REPLIES_ON;
  }
}

/** Whether so many arguments, the name included, are right for the command. */
export function hasArity({ arity }: Command, count: number): boolean {
  return arity > 0 ? count === arity : count >= -arity;
}

/** The error that the request's shape or its client deserve; '' where there is none. */
function refusalOf(call: Call, command: Command): string {
  if (!hasArity(command, call.args.count)) return wrongArity(command.name);
  return call.client.authenticated || mayAsk(call, command.access) ? '' : NO_AUTH;
}

/** Whether a client that has not given the password may use this command. */
function mayAsk({ server }: Call, access: number): boolean {
  return (access & ACCESS_ANYBODY) !== 0 || server.password === '';
}
