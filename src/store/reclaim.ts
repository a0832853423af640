/**
 * Removes what has expired where memory is short: before anything is evicted, and before a write is
 * refused. What nobody can read any more must not cost a key that somebody can.
 *
 * A round passes all that can expire in a segment, stride after stride. A round that has found
 * nothing is followed by a rest, so that writes at the limit do not spend their time on looking. It
 * ends early when the soonest expiry that the round has met has come; what was written meanwhile,
 * to expire sooner, is found after it.
 */
import { expireStride, left, nothingExpires, STRIDE_BUCKETS } from './expiry.ts';
import type { Segment } from './segment.ts';
import type { Table } from './table.ts';

/** So many times what the round took: looking costs a tenth of the time at most. */
const REST_FACTOR = 9;

export class Reclaimer {
  readonly #segment: Segment;
  readonly #elapsedMs: () => number;
  #restUntilMs = 0;
  /** The soonest expiry that the last round has left. */
  #soonestMs = 0;
  /** Buckets that were passed since anything was found, and how long that took. */
  #barrenBuckets = 0;
  #barrenMs = 0;
  #barrenSoonestMs = Number.POSITIVE_INFINITY;
  /** The table whose turn it is. */
  #turn = 0;

  constructor(segment: Segment, elapsedMs: () => number) {
    this.#segment = segment;
    this.#elapsedMs = elapsedMs;
  }

  /** A look now would find nothing, as far as is known. */
  rests(nowMs: number): boolean {
    return nowMs < this.#soonestMs && this.#elapsedMs() < this.#restUntilMs;
  }

  /**
   * Removes expired entries from the segment, which is held for writing: so many strides, or until
   * it has found all. Returns how many it has removed.
   */
  reclaim(nowMs: number, strides: number): number {
    let removed = 0;
    for (let i = 0; i < strides && !this.rests(nowMs); i += 1) {
      const table = this.#nextTable();
      if (table === undefined) break;
      const startedAtMs = this.#elapsedMs();
      left.soonestMs = Number.POSITIVE_INFINITY;
      const found = expireStride(this.#segment, table, nowMs);
      removed += found;
      if (found > 0) this.#begin();
      else if (this.#passed(this.#elapsedMs() - startedAtMs)) break;
    }
    return removed;
  }

  /** The table in turn, until its cursor is at the end. Undefined: nothing can expire. */
  #nextTable(): Table | undefined {
    const { tables } = this.#segment;
    for (let i = 0; i < tables.length; i += 1) {
      const table = tables[this.#turn];
      if (!nothingExpires(table)) {
        if (table.expireCursor <= STRIDE_BUCKETS) this.#turn = (this.#turn + 1) % tables.length;
        return table;
      }
      this.#turn = (this.#turn + 1) % tables.length;
    }
    return undefined;
  }

  /** A round begins. */
  #begin(): void {
    this.#barrenBuckets = 0;
    this.#barrenMs = 0;
    this.#barrenSoonestMs = Number.POSITIVE_INFINITY;
  }

  /** A stride has found nothing. True: so has the whole round. */
  #passed(tookMs: number): boolean {
    this.#barrenBuckets += STRIDE_BUCKETS;
    this.#barrenMs += tookMs;
    this.#barrenSoonestMs = Math.min(this.#barrenSoonestMs, left.soonestMs);
    if (this.#barrenBuckets < this.#bucketsOfARound()) return false;
    this.#soonestMs = this.#barrenSoonestMs;
    this.#restUntilMs = this.#elapsedMs() + this.#barrenMs * REST_FACTOR;
    this.#begin();
    return true;
  }

  /** A stride may end in the middle of a table: each table takes one more. */
  #bucketsOfARound(): number {
    let buckets = 0;
    for (const table of this.#segment.tables) {
      if (!nothingExpires(table)) buckets += table.buckets + STRIDE_BUCKETS;
    }
    return buckets;
  }
}
