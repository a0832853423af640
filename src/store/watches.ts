/**
 * Whether a key has been written since somebody began to watch it (WATCH), by whichever thread or
 * process. A table of versions in the directory, picked by database and hash: every write of a key
 * adds one to its version, but only while anybody watches at all, which is one look at one word.
 *
 * Two keys may share a version, and then a write to one looks like a write to the other: with 2^18
 * versions that happens once in 260,000 foreign keys, and costs a transaction that is tried again.
 * In return nothing has to be cleaned up behind a process that is killed. (A list of watched keys,
 * as Redis keeps it, would be exact, and would have to survive its owners.)
 *
 * Only writes are counted. That a key has gone by expiry, eviction or FLUSHALL is seen by looking
 * for it; `exchanges` tells that its whole database has been exchanged for another.
 */
import type { Watches } from './face.ts';
import type { KeyHash } from './hash.ts';
import { EXCHANGES, OWNER_WRITES_FLOAT, VERSION_COUNT, VERSIONS, WATCHERS } from './layout.ts';

/** Spreads the databases over the table: the same key in another one has another version. */
const SPREAD = 0x9e3779b1 | 0;

export class WatchTable implements Watches {
  readonly #words: Int32Array;
  readonly #hash: KeyHash;
  readonly #counts: Float64Array;

  /** `words` are the directory's; `counts` are this thread's counters there. */
  constructor(words: Int32Array, hash: KeyHash, counts: Float64Array) {
    this.#words = words;
    this.#hash = hash;
    this.#counts = counts;
  }

  begin(): void {
    Atomics.add(this.#words, WATCHERS, 1);
  }

  end(): void {
    Atomics.sub(this.#words, WATCHERS, 1);
  }

  get writes(): number {
    return this.#counts[OWNER_WRITES_FLOAT];
  }

  version(database: number, key: Uint8Array, start: number, end: number): number {
    this.#hash.ofBytes(key, start, end);
    return Atomics.load(this.#words, this.#place(database));
  }

  exchanges(database: number): number {
    return Atomics.load(this.#words, EXCHANGES + database);
  }

  /** The key that was hashed last has been written; its segment is still held. */
  written(database: number): void {
    this.#counts[OWNER_WRITES_FLOAT] += 1;
    if (this.#words[WATCHERS] !== 0) Atomics.add(this.#words, this.#place(database), 1);
  }

  exchanged(first: number, second: number): void {
    Atomics.add(this.#words, EXCHANGES + first, 1);
    Atomics.add(this.#words, EXCHANGES + second, 1);
  }

  #place(database: number): number {
    return VERSIONS + ((this.#hash.index ^ Math.imul(database + 1, SPREAD)) & (VERSION_COUNT - 1));
  }
}
