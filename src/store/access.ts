/**
 * When and how often an entry was used, in 24 bits, as Redis keeps it
 * (redis.io/docs/latest/develop/ reference/eviction): under an LFU policy minutes (16 bits) and a
 * logarithmic counter (8 bits), else seconds. The policy says which of the two the bits are; after
 * a change of policy they mean little until the entry is used again.
 */

export const MASK_24 = 0xffffff;
const MASK_16 = 0xffff;
const COUNTER_MAX = 255;
/** New entries start above zero, so that they are not evicted before they had a chance. */
export const COUNTER_FIRST = 5;

export function secondsNow(nowMs: number): number {
  return Math.floor(nowMs / 1000) & MASK_24;
}

export function minutesNow(nowMs: number): number {
  return Math.floor(nowMs / 60_000) & MASK_16;
}

/** Seconds since the last use; right up to 194 days, when the clock comes round. */
export function idleSeconds(access: number, nowSeconds: number): number {
  return (nowSeconds - access) & MASK_24;
}

/** The bits of an entry that was used so long ago; the clock does not go beyond 194 days. */
export function usedBefore(idle: number, nowSeconds: number): number {
  return (nowSeconds - Math.min(idle, MASK_24)) & MASK_24;
}

export function firstFrequency(nowMinutes: number): number {
  return usedSoOften(COUNTER_FIRST, nowMinutes);
}

/** The bits of an entry with this counter. */
export function usedSoOften(counter: number, nowMinutes: number): number {
  return (nowMinutes << 8) | counter;
}

/** The counter after the minutes in which nobody came; 0 decay minutes: it never falls. */
export function decayedFrequency(access: number, nowMinutes: number, decayMinutes: number): number {
  const counter = access & COUNTER_MAX;
  if (decayMinutes === 0) return counter;
  const elapsed = (nowMinutes - (access >>> 8)) & MASK_16;
  const periods = Math.floor(elapsed / decayMinutes);
  return counter > periods ? counter - periods : 0;
}

/** The bits after one more use: the higher the counter, the less likely it rises. */
export function usedFrequency(
  access: number,
  nowMinutes: number,
  decayMinutes: number,
  logFactor: number,
  random: number,
): number {
  const counter = decayedFrequency(access, nowMinutes, decayMinutes);
  const above = counter > COUNTER_FIRST ? counter - COUNTER_FIRST : 0;
  const rises = counter < COUNTER_MAX && random * (above * logFactor + 1) < 1;
  return (nowMinutes << 8) | (rises ? counter + 1 : counter);
}
