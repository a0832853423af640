/**
 * A pipelined batch: its requests are parsed first, then the store is told which keys they are
 * about, and only then they run. A lookup waits for memory twice, for the bucket and for the entry;
 * told of all keys beforehand, the processor waits for many of them at once.
 */
import type { Call } from '../commands/call.ts';
import type { Command } from '../commands/command.ts';
import { lookup } from '../commands/table.ts';
import { Arguments } from '../protocol/arguments.ts';
import { type ParseResult, REQUEST, type RequestParser } from '../protocol/parser.ts';

/**
 * Enough to keep the processor's memory requests busy; what they touch still fits its first cache.
 */
export const BATCH_REQUESTS = 64;
/** For fewer the second walk costs more than it saves. */
const WORTH_TELLING = 4;

export class Batch {
  /** How many requests stand here. */
  count = 0;
  /** Where the first one begins. */
  start = 0;
  readonly requests: Arguments[] = Array.from({ length: BATCH_REQUESTS }, () => new Arguments());
  readonly commands: (Command | undefined)[] = new Array(BATCH_REQUESTS).fill(undefined);
  /** Where the request after each one begins. */
  readonly ends = new Int32Array(BATCH_REQUESTS);

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
    let next = start;
    let count = 0;
    let result: ParseResult = REQUEST;
    while (count < most) {
      parser.args = this.requests[count];
      result = parser.parse(bytes, next, end);
      next = parser.next;
      if (result !== REQUEST) break;
      this.commands[count] = lookup(parser.args);
      this.ends[count] = next;
      count++;
    }
    this.count = count;
    return result;
  }

  /** The parser keeps the arguments that it is filling: the slot gets others. */
  giveAway(): void {
    if (this.count < BATCH_REQUESTS) this.requests[this.count] = new Arguments();
  }

  /** Tells the store which keys will be asked for, in their order. */
  announce({ store, client }: Call): void {
    if (this.count < WORTH_TELLING) return;
    for (let i = 0; i < this.count; i++) {
      const command = this.commands[i];
      if (command === undefined || command.keys[0] !== 1) continue;
      const { bytes, starts, ends, count } = this.requests[i];
      if (count > 1) store.expect(client.database, bytes, starts[1], ends[1]);
    }
    store.fetchExpected();
  }
}
