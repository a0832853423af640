/**
 * A SET whose large value is received straight into its place in the store, while the request is
 * still under way. Nobody else sees the value before it is whole and the request has been run.
 */
import type { Call, Client } from '../commands/call.ts';
import { TABLE } from '../commands/table.ts';
import type { Place } from '../drivers/driver.ts';
import { Arguments } from '../protocol/arguments.ts';
import type { RequestParser } from '../protocol/parser.ts';
import type { LargeValues, Store } from '../store/face.ts';

/**
 * Of a request that is shorter, the half has come with the first 64 KiB that were read: to find a
 * place for the rest costs as much as it saves.
 */
export const STAGED_BYTES = 128 * 1024;
const SET = TABLE.named('set');
/** The name, the key and the value. */
const STAGED_ARGUMENTS = 3;
/** CR LF behind the value, or what a careless client sends instead. */
const END_BYTES = 2;
/** As much of the value as the slow log shows, and a byte to tell that there is more. */
const SHOWN_BYTES = 129;

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
  if (lastArgumentAt < 0 || args.count !== STAGED_ARGUMENTS - 1) return undefined;
  if (TABLE.lookup(args) !== SET || !mayStage(client)) return undefined;
  const [keyStart, keyEnd] = [args.starts[1], args.ends[1]];
  const lengthBytes = next + expected - END_BYTES - lastArgumentAt;
  store.begin(nowMs, true, false);
  const ticket = store.large.stage(client.database, bytes, keyStart, keyEnd, lengthBytes);
  const staged = ticket === 0 ? undefined : new LargeSet(store, ticket, parser);
  store.end();
  staged?.take(bytes, lastArgumentAt, end);
  return staged;
}

/** MULTI queues copies of requests. */
function mayStage(client: Client): boolean {
  return client.transaction === undefined;
}

export class LargeSet {
  readonly #ticket: number;
  readonly #place: Place;
  /** Bytes of the whole request. */
  readonly lengthBytes: number;
  readonly #large: LargeValues;
  readonly #valueStart: number;
  /** The request, but of its value the first bytes only: the rest lies in the store alone. */
  readonly #request = new Arguments();
  /** Bytes of the request's end that are still to come. */
  #endBytes = END_BYTES;

  /** The cursor of `store` is on what has been staged. */
  constructor(store: Store, ticket: number, parser: RequestParser) {
    const { bytes, start, end } = store.value;
    this.#ticket = ticket;
    this.#place = { bytes, start, end };
    this.lengthBytes = parser.expected;
    this.#large = store.large;
    this.#valueStart = start;
    this.#copyRequest(parser, end - start);
  }

  #copyRequest({ args, lastArgumentAt, next }: RequestParser, valueBytes: number): void {
    const request = this.#request;
    const valueAt = lastArgumentAt - next;
    request.bytes = new Uint8Array(valueAt + Math.min(valueBytes, SHOWN_BYTES));
    request.bytes.set(args.bytes.subarray(next, lastArgumentAt));
    for (let i = 0; i < args.count; i++) request.push(args.starts[i] - next, args.ends[i] - next);
    request.ticket = this.#ticket;
    request.push(valueAt, valueAt + valueBytes);
  }

  /** Takes from `input[start, end)` what belongs to the request; returns where that ends. */
  take(input: Uint8Array, start: number, end: number): number {
    const place = this.#place;
    const valueEnd = Math.min(end, start + place.end - place.start);
    if (valueEnd > start) place.bytes.set(input.subarray(start, valueEnd), place.start);
    place.start += valueEnd - start;
    const ending = Math.min(end - valueEnd, this.#endBytes);
    this.#endBytes -= ending;
    return valueEnd + ending;
  }

  /** Where the next bytes of the value go; undefined once all of them are there. */
  get place(): Place | undefined {
    const place = this.#place;
    return place.start < place.end ? place : undefined;
  }

  /** Every byte of the request has come. */
  get whole(): boolean {
    return this.#endBytes === 0;
  }

  /**
   * What is to be run, and logged. The last argument is as long as the value, but no more of it is
   * there than a log shows.
   */
  request(): Arguments {
    const request = this.#request;
    const at = request.starts[STAGED_ARGUMENTS - 1];
    const shown = this.#valueStart + request.bytes.length - at;
    request.bytes.set(this.#place.bytes.subarray(this.#valueStart, shown), at);
    return request;
  }

  /** Forgets the value, unless the request has used its ticket up. */
  abandon(): void {
    if (this.#request.ticket !== 0) this.#large.release(this.#ticket);
    this.#request.ticket = 0;
  }
}
