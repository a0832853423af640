/**
 * Which entry goes when memory is short: Redis' policies (redis.io/docs/latest/develop/reference/
 * eviction), by sampling. A handful of entries from a random place of each database is looked at,
 * and the one that the policy likes least goes.
 */
import { decayedFrequency, idleSeconds } from './access.ts';
import { entryExpiry } from './entry.ts';
import {
  ALLKEYS_LRU,
  isFrequencyPolicy,
  isVolatilePolicy,
  NOEVICTION,
  VOLATILE_LRU,
  VOLATILE_TTL,
} from './policies.ts';
import type { Segment } from './segment.ts';
import {
  bucketEntries,
  FIRST_SLOT,
  KEYS_WITH_EXPIRY,
  LINK,
  slotEntry,
  type Table,
} from './table.ts';

/** What eviction goes by; filled in before each `evictOne`. */
export interface EvictionTerms {
  policy: number;
  samples: number;
  nowSeconds: number;
  nowMinutes: number;
  decayMinutes: number;
  /** 0 ≤ n < 1. */
  random: () => number;
}

/** The worst entry met so far. One search at a time in a thread. */
const worst = { score: 0, first: 0, bucket: 0, slot: 0, entry: 0 };

/**
 * Removes the entry of the segment that the policy likes least, `spared` excepted (0: none).
 * Returns how many entries went: 1, or 0 where the policy finds nothing.
 */
export function evictOne(segment: Segment, terms: EvictionTerms, spared: number): number {
  if (terms.policy === NOEVICTION) return 0;
  let from: Table | null = null;
  worst.entry = 0;
  worst.score = -Infinity;
  for (const table of segment.tables) {
    const before = worst.entry;
    sample(table, terms, spared);
    if (worst.entry !== before) from = table;
  }
  if (from === null) return 0;
  segment.beforeRemoval?.(from, worst.entry);
  segment.dropAt(from, worst.first, worst.bucket, worst.slot, worst.entry);
  segment.settle(from, 0);
  return 1;
}

/** Looks at a few entries from a random bucket on, all the way round if they are rare. */
function sample(table: Table, terms: EvictionTerms, spared: number): void {
  const words = table.words;
  const withExpiry = isVolatilePolicy(terms.policy);
  const candidates = withExpiry ? words[table.header + KEYS_WITH_EXPIRY] : table.keys;
  if (candidates === 0) return;
  const buckets = table.buckets;
  let left = terms.samples;
  let index = Math.floor(terms.random() * buckets);
  for (let i = 0; i < buckets && left > 0; i += 1) {
    left = sampleChain(table, index, left, terms, spared);
    index = index + 1 === buckets ? 0 : index + 1;
  }
}

function sampleChain(
  table: Table,
  index: number,
  wanted: number,
  terms: EvictionTerms,
  spared: number,
): number {
  const words = table.words;
  const withExpiry = isVolatilePolicy(terms.policy);
  const first = table.bucketAt(index);
  let left = wanted;
  for (let bucket = first; bucket !== 0 && left > 0; bucket = words[bucket + LINK]) {
    const entries = bucketEntries(words, bucket);
    for (let slot = 0; slot < entries && left > 0; slot += 1) {
      const pointer = words[bucket + FIRST_SLOT + slot];
      const entry = slotEntry(pointer);
      if ((withExpiry && pointer >= 0) || entry === spared) continue;
      left -= 1;
      const score = scoreOf(words, entry, terms);
      if (score <= worst.score) continue;
      worst.score = score;
      worst.first = first;
      worst.bucket = bucket;
      worst.slot = slot;
      worst.entry = entry;
    }
  }
  return left;
}

/** The higher, the sooner it goes. */
function scoreOf(words: Int32Array, entry: number, terms: EvictionTerms): number {
  const access = words[entry + 1] >>> 8;
  const policy = terms.policy;
  if (policy === ALLKEYS_LRU || policy === VOLATILE_LRU) {
    return idleSeconds(access, terms.nowSeconds);
  }
  if (isFrequencyPolicy(policy)) {
    return -decayedFrequency(access, terms.nowMinutes, terms.decayMinutes);
  }
  if (policy === VOLATILE_TTL) return -entryExpiry(words, entry);
  return terms.random();
}
