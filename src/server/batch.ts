/**
 * A pipelined batch: its requests are parsed first, then the store is told which keys they are
 * about, and only then they run. A lookup waits for memory twice, for the bucket and for the entry;
 * told of all keys beforehand, the processor waits for many of them at once.
 */
import type { Buffers } from '../bytes/buffers.ts';
import type { Call, Command } from '../commands/call.ts';
import { hasArity, type RequestBatch } from '../commands/engine.ts';
import { ACCESS_PLAIN, ACCESS_WRITE } from '../commands/row.ts';
import { TABLE } from '../commands/table.ts';
import { Arguments } from '../protocol/arguments.ts';
import { type ParseResult, REQUEST, type RequestParser } from '../protocol/parser.ts';

/**
 * Enough to keep the processor's memory requests busy; what they touch still fits its first cache.
 */
export const BATCH_REQUESTS = 64;
/** For fewer the second walk costs more than it saves. */
const WORTH_TELLING = 4;

export class Batch implements RequestBatch {
  /** How many requests stand here. */
  count = 0;
  /** Where the first one begins. */
  start = 0;
  readonly requests: Arguments[];
  readonly commands: (Command | undefined)[] = new Array(BATCH_REQUESTS).fill(undefined);
  /** 1: the request is right as far as it can be told beforehand, and its command is plain. */
  readonly plain = new Uint8Array(BATCH_REQUESTS);
  /** Where the request after each one begins. */
  readonly ends = new Int32Array(BATCH_REQUESTS);
  /** One of the plain ones writes. */
  writes = false;
  #announced = false;
  readonly #buffers: Buffers;

  constructor(buffers: Buffers) {
    this.#buffers = buffers;
    this.requests = Array.from({ length: BATCH_REQUESTS }, () => new Arguments(buffers));
  }

  /** Parses as many whole requests as fit, `most` at most. REQUEST: there may be more. */
  fill(
    parser: RequestParser,
    bytes: Uint8Array,
    start: number,
    end: number,
    most: number,
  ): ParseResult {
    // A parser in the middle of a request keeps its arguments: they become the first slot's.
    if (parser.unfinished) this.requests[0] = parser.args;
    this.start = start;
    this.writes = false;
    this.#announced = false;
    let next = start;
    let count = 0;
    let result: ParseResult = REQUEST;
    while (count < most) {
      parser.args = this.requests[count];
      result = parser.parse(bytes, next, end);
      next = parser.next;
      if (result !== REQUEST) break;
      this.#judge(count, parser.args);
      this.ends[count] = next;
      count++;
    }
    this.count = count;
    return result;
  }

  #judge(at: number, args: Arguments): void {
    const command = TABLE.lookup(args);
    this.commands[at] = command;
    this.plain[at] = 0;
    if (command === undefined || (command.access & ACCESS_PLAIN) === 0) return;
    if (!hasArity(command, args.count)) return;
    this.plain[at] = 1;
    if ((command.access & ACCESS_WRITE) !== 0) this.writes = true;
  }

  /** The parser keeps the arguments that it is filling: the slot gets others. */
  giveAway(): void {
    if (this.count < BATCH_REQUESTS) this.requests[this.count] = new Arguments(this.#buffers);
  }

  /** Tells the store, once, which keys will be asked for, in their order. */
  announce({ store, client }: Call): void {
    if (this.#announced || this.count < WORTH_TELLING) return;
    this.#announced = true;
    const { database } = client;
    const { ahead } = store;
    for (let i = 0; i < this.count; i++) {
      if (this.plain[i] === 0) continue;
      const { bytes, starts, ends } = this.requests[i];
      ahead.expect(database, bytes, starts[1], ends[1]);
    }
    ahead.fetch();
  }
}
