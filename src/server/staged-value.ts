/**
 * A large value that is received straight into its place in the store, while its request is still
 * under way. Nobody else sees it before it is whole and the request has been run.
 */
import type { Place } from '../drivers/driver.ts';
import type { Arguments } from '../protocol/arguments.ts';
import type { LargeValues, Store } from '../store/face.ts';

/**
 * Of a request that is shorter, the half has come with the first 64 KiB that were read: to find a
 * place for the rest costs as much as it saves.
 */
export const STAGED_BYTES = 128 * 1024;
/** As much of the value as the slow log shows, and a byte to tell that there is more. */
const SHOWN_BYTES = 129;

/** A place for the value of this key; undefined: the store has none. The store is closed again. */
export function stageValue(
  store: Store,
  nowMs: number,
  database: number,
  key: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  lengthBytes: number,
): StagedValue | undefined {
  store.begin(nowMs, true, false);
  const ticket = store.large.stage(database, key.bytes, key.start, key.end, lengthBytes);
  const staged = ticket === 0 ? undefined : new StagedValue(store, ticket);
  store.end();
  return staged;
}

export class StagedValue {
  readonly lengthBytes: number;
  readonly #place: Place;
  readonly #start: number;
  readonly #large: LargeValues;
  /** 0: it has been released. */
  #ticket: number;
  /** The request that it has been passed to. */
  #args: Arguments | undefined = undefined;

  /** The cursor of `store` is on what has been staged. */
  constructor(store: Store, ticket: number) {
    const { bytes, start, end } = store.value;
    this.lengthBytes = end - start;
    this.#place = { bytes, start, end };
    this.#start = start;
    this.#large = store.large;
    this.#ticket = ticket;
  }

  /** Where the next bytes go; undefined once all of them are there. */
  get place(): Place | undefined {
    const place = this.#place;
    return place.start < place.end ? place : undefined;
  }

  /** Takes from `input[start, end)` what belongs to the value; returns where that ends. */
  take(input: Uint8Array, start: number, end: number): number {
    const place = this.#place;
    const stop = Math.min(end, start + place.end - place.start);
    if (stop > start) place.bytes.set(input.subarray(start, stop), place.start);
    place.start += stop - start;
    return stop;
  }

  /** Bytes of the value that `passTo` puts into the request's own bytes. */
  get shownBytes(): number {
    return Math.min(this.lengthBytes, SHOWN_BYTES);
  }

  /**
   * Makes the whole value the last argument of a request: as long as it is, though no more of it is
   * there, from `at` on, than a log shows.
   */
  passTo(args: Arguments, at: number): void {
    const start = this.#start;
    args.bytes.set(this.#place.bytes.subarray(start, start + this.shownBytes), at);
    args.ticket = this.#ticket;
    this.#args = args;
  }

  /** The request has been run, or never will be: forgets the value where no command has used it. */
  release(): void {
    const used = this.#args?.ticket === 0;
    if (this.#ticket !== 0 && !used) this.#large.release(this.#ticket);
    if (this.#args !== undefined) this.#args.ticket = 0;
    this.#ticket = 0;
  }
}
