/**
 * The active half of expiry: walks tables bucket by bucket and removes what has expired. The slot
 * itself says whether its entry can expire, so entries without an expiry are not even looked at,
 * and a pass over a million of them costs a few milliseconds. (The lazy half is in store.ts: an
 * expired entry that is met is treated as gone.)
 */
import { entryExpiry } from './entry.ts';
import { CHANGING, IN_PROGRESS } from './layout.ts';
import type { Segment } from './segment.ts';
import {
  bucketEntries,
  EXPIRE_CURSOR,
  FIRST_SLOT,
  KEYS_WITH_EXPIRY,
  LINK,
  slotEntry,
  type Table,
} from './table.ts';

/** The soonest expiry that any stride has passed and left; its reader sets it back. */
export const left = { soonestMs: Number.POSITIVE_INFINITY };

/** Buckets between two looks at the clock, and the longest that others wait for the lock. */
export const STRIDE_BUCKETS = 64;

/** True where nothing in the table can expire; asked without the lock, too. */
export function nothingExpires(table: Table): boolean {
  return Atomics.load(table.words, table.header + KEYS_WITH_EXPIRY) === 0;
}

/**
 * Removes the expired entries of the next `STRIDE_BUCKETS` buckets; returns how many. The walk goes
 * downwards: what is removed makes the table shrink, and the last bucket, which is joined to a
 * lower one then, is not missed.
 */
export function expireStride(segment: Segment, table: Table, nowMs: number): number {
  const words = segment.words;
  const before = words[IN_PROGRESS];
  const cursorAt = table.header + EXPIRE_CURSOR;
  let removed = 0;
  words[IN_PROGRESS] = CHANGING;
  for (let i = 0; i < STRIDE_BUCKETS && i < table.buckets; i += 1) {
    if (words[cursorAt] === 0 || words[cursorAt] > table.buckets) words[cursorAt] = table.buckets;
    words[cursorAt] -= 1;
    removed += expireChain(segment, table, table.bucketAt(words[cursorAt]), nowMs);
  }
  for (let i = 0; i < removed; i += 1) segment.settle(table, Number.POSITIVE_INFINITY);
  words[IN_PROGRESS] = before;
  return removed;
}

function expireChain(segment: Segment, table: Table, first: number, nowMs: number): number {
  const words = segment.words;
  let removed = 0;
  for (let bucket = first; bucket !== 0; bucket = words[bucket + LINK]) {
    let entries = bucketEntries(words, bucket);
    let slot = 0;
    while (slot < entries) {
      const pointer = words[bucket + FIRST_SLOT + slot];
      const entry = slotEntry(pointer);
      const expireAtMs = pointer >= 0 ? Number.POSITIVE_INFINITY : entryExpiry(words, entry);
      if (expireAtMs > nowMs) {
        if (expireAtMs < left.soonestMs) left.soonestMs = expireAtMs;
        slot += 1;
        continue;
      }
      // Its last entry takes an overflow bucket along: there is nothing left to read then.
      const lastOfChain = entries === 1 && bucket !== first;
      segment.beforeRemoval?.(table, entry);
      segment.dropAt(table, first, bucket, slot, entry);
      removed += 1;
      if (lastOfChain) return removed;
      entries = bucketEntries(words, bucket);
    }
  }
  return removed;
}
