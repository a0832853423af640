/**
 * Ways through a table: in the order of SCAN, and to a random entry.
 *
 * SCAN's position is a hash with its bits reversed. Bucket numbers are the low bits of a hash, so
 * in that order a bucket and what it is split into are one stretch: after a split the walk goes on
 * with the second half, after a join it repeats at most the first. Nothing that stays is ever
 * missed.
 */
import { entryExpired } from './entry.ts';
import { bucketEntries, FIRST_SLOT, LINK, slotEntry, type Table } from './table.ts';

const POSITIONS = 2 ** 32;
/** Random buckets that are tried before a walk from the last of them on. */
const RANDOM_TRIES = 100;

/** The bits of a word in the opposite order, as int32. */
export function reverseBits(word: number): number {
  let bits = ((word >>> 1) & 0x55555555) | ((word & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  bits = ((bits >>> 8) & 0x00ff00ff) | ((bits & 0x00ff00ff) << 8);
  return (bits >>> 16) | (bits << 16);
}

/** The bucket at a position of the walk. */
export function bucketAtPosition(table: Table, position: number): number {
  return table.bucketOf(reverseBits(position | 0));
}

/** The position after that bucket; 0 at the end. */
export function positionAfter(table: Table, position: number): number {
  const count = table.buckets;
  const low = 31 - Math.clz32(count);
  const index = bucketAtPosition(table, position) & ((1 << low) - 1);
  const bits = index + (1 << low) < count ? low + 1 : low;
  const stretch = 2 ** (32 - bits);
  const next = (Math.floor(position / stretch) + 1) * stretch;
  return next >= POSITIONS ? 0 : next;
}

/** Calls `visit` with each entry of a bucket's chain; returns how many there were. */
export function visitChain(table: Table, index: number, visit: (entry: number) => void): number {
  const words = table.words;
  let count = 0;
  for (let bucket = table.bucketAt(index); bucket !== 0; bucket = words[bucket + LINK]) {
    const entries = bucketEntries(words, bucket);
    count += entries;
    for (let slot = 0; slot < entries; slot += 1) {
      visit(slotEntry(words[bucket + FIRST_SLOT + slot]));
    }
  }
  return count;
}

/** A random entry that has not expired; 0: there is none. */
export function randomEntry(table: Table, nowMs: number, random: () => number): number {
  const buckets = table.buckets;
  if (table.keys === 0) return 0;
  let index = 0;
  for (let i = 0; i < RANDOM_TRIES; i += 1) {
    index = Math.floor(random() * buckets);
    const entry = randomOfChain(table, index, nowMs, random);
    if (entry !== 0) return entry;
  }
  for (let i = 0; i < buckets; i += 1) {
    const entry = randomOfChain(table, (index + i) % buckets, nowMs, random);
    if (entry !== 0) return entry;
  }
  return 0;
}

/** Each live entry of the chain is as likely as the others. */
function randomOfChain(table: Table, index: number, nowMs: number, random: () => number): number {
  let chosen = 0;
  let met = 0;
  visitChain(table, index, (entry) => {
    if (entryExpired(table.words, entry, nowMs)) return;
    met += 1;
    if (random() * met < 1) chosen = entry;
  });
  return chosen;
}
