/** Redis' eviction policies: redis.io/docs/latest/develop/reference/eviction */

/** Names as `maxmemory-policy` has them; the numbers are their places here. */
export const POLICIES = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
] as const;
export type PolicyName = (typeof POLICIES)[number];

export const NOEVICTION = 0;
export const ALLKEYS_LRU = 1;
const ALLKEYS_LFU = 2;
export const VOLATILE_LRU = 4;
const VOLATILE_LFU = 5;
export const VOLATILE_TTL = 7;

export function isFrequencyPolicy(policy: number): boolean {
  return policy === ALLKEYS_LFU || policy === VOLATILE_LFU;
}

export function isVolatilePolicy(policy: number): boolean {
  return policy >= VOLATILE_LRU;
}
