/** A SET of RESP whose large value is received straight into its place: see staged-value.ts. */
import type { Call, Client } from '../commands/call.ts';
import { TABLE } from '../commands/table.ts';
import type { Place } from '../drivers/driver.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { RequestParser } from '../protocol/parser.ts';
import { type StagedValue, stageValue } from './staged-value.ts';

const SET = TABLE.named('set');
/** The name, the key and the value. */
const SET_ARGUMENTS = 3;
/** CR LF behind the value, or what a careless client sends instead. */
const END_BYTES = 2;

/**
 * Finds a place for the value that `parser` is in the middle of; `bytes[parser.next, end)` is what
 * has come of its request, and is the large set's from then on. Undefined: it is no plain SET, or
 * the store has no place; then the request is kept like any other.
 */
export function stageSet(
  { client, nowMs, store }: Pick<Call, 'client' | 'nowMs' | 'store'>,
  parser: RequestParser,
  bytes: Uint8Array,
  end: number,
): LargeSet | undefined {
  const { args, lastArgumentAt, next, expected } = parser;
  if (lastArgumentAt < 0 || args.count !== SET_ARGUMENTS - 1) return undefined;
  if (TABLE.lookup(args) !== SET || !mayStage(client)) return undefined;
  const key = { bytes, start: args.starts[1], end: args.ends[1] };
  const lengthBytes = next + expected - END_BYTES - lastArgumentAt;
  const value = stageValue(store, nowMs, client.database, key, lengthBytes);
  if (value === undefined) return undefined;
  const large = new LargeSet(value, parser);
  large.take(bytes, lastArgumentAt, end);
  return large;
}

/** MULTI queues copies of requests. */
function mayStage(client: Client): boolean {
  return client.transaction === undefined;
}

export class LargeSet {
  readonly #value: StagedValue;
  readonly #valueAt: number;
  /** The request, but of its value the first bytes only: the rest lies in the store alone. */
  readonly #request = new Arguments();
  /** Bytes of the request's end that are still to come. */
  #endBytes = END_BYTES;

  constructor(value: StagedValue, { args, lastArgumentAt, next }: RequestParser) {
    const request = this.#request;
    this.#value = value;
    this.#valueAt = lastArgumentAt - next;
    request.bytes = new Uint8Array(this.#valueAt + value.shownBytes);
    request.bytes.set(args.bytes.subarray(next, lastArgumentAt));
    for (let i = 0; i < args.count; i++) request.push(args.starts[i] - next, args.ends[i] - next);
    request.push(this.#valueAt, this.#valueAt + value.lengthBytes);
  }

  /** Takes from `input[start, end)` what belongs to the request; returns where that ends. */
  take(input: Uint8Array, start: number, end: number): number {
    const valueEnd = this.#value.take(input, start, end);
    const ending = Math.min(end - valueEnd, this.#endBytes);
    this.#endBytes -= ending;
    return valueEnd + ending;
  }

  /** Where the next bytes of the value go; undefined once all of them are there. */
  get place(): Place | undefined {
    return this.#value.place;
  }

  /** Every byte of the request has come. */
  get whole(): boolean {
    return this.#endBytes === 0;
  }

  /** What is to be run, and logged. */
  request(): Arguments {
    this.#value.passTo(this.#request, this.#valueAt);
    return this.#request;
  }

  /** The request has been run, or never will be. */
  release(): void {
    this.#value.release();
  }
}
