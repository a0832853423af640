/** When an entry shall expire: from an argument in one of four units to milliseconds since 1970. */
import type { Call } from './call.ts';
import { invalidExpireTime, NOT_AN_INTEGER } from './errors.ts';
import { INT64_MAX, INT64_MIN, parseInteger, parseInteger64 } from './numbers.ts';

export const SECONDS = 1;
export const MILLISECONDS = 2;
export const AT_SECONDS = 3;
export const AT_MILLISECONDS = 4;

/** Redis keeps 63 bits of milliseconds; beyond the safe integers (the year 287396) all is one. */
const LATEST_MS = Number.MAX_SAFE_INTEGER;

/**
 * Argument `index` as a time in milliseconds since 1970. Only positive arguments will do. Answers
 * the error and returns NaN otherwise.
 */
export function expiryArgument(call: Call, index: number, unit: number): number {
  const atMs = timeArgument(call, index, unit, true);
  if (atMs === OUT_OF_RANGE) {
    call.reply.error(invalidExpireTime(call.command?.name ?? ''));
    return Number.NaN;
  }
  return atMs;
}

/** The same where zero and negative arguments mean the past (EXPIRE). */
export function anyExpiryArgument(call: Call, index: number, unit: number): number {
  const atMs = timeArgument(call, index, unit, false);
  if (atMs === OUT_OF_RANGE) {
    call.reply.error(invalidExpireTime(call.command?.name ?? ''));
    return Number.NaN;
  }
  return atMs;
}

/** What no time can be. */
const OUT_OF_RANGE = Number.POSITIVE_INFINITY;

function timeArgument(call: Call, index: number, unit: number, positive: boolean): number {
  const { args } = call;
  const start = args.starts[index];
  const value = parseInteger(args.bytes, start, args.ends[index]);
  if (Number.isNaN(value)) return farTime(call, index, unit, positive);
  if (positive && value <= 0) return OUT_OF_RANGE;
  const isSeconds = unit === SECONDS || unit === AT_SECONDS;
  const isRelative = unit === SECONDS || unit === MILLISECONDS;
  const atMs = (isSeconds ? value * 1000 : value) + (isRelative ? call.nowMs : 0);
  return Number.isSafeInteger(atMs) ? atMs : farTime(call, index, unit, positive);
}

/**
 * As Redis reckons, in 64 bits: what is no integer, what leaves the range, and what merely is far.
 */
function farTime(call: Call, index: number, unit: number, positive: boolean): number {
  const { args } = call;
  const value = parseInteger64(args.bytes, args.starts[index], args.ends[index]);
  if (value === undefined) {
    call.reply.error(NOT_AN_INTEGER);
    return Number.NaN;
  }
  if (positive && value <= 0n) return OUT_OF_RANGE;
  const isSeconds = unit === SECONDS || unit === AT_SECONDS;
  const isRelative = unit === SECONDS || unit === MILLISECONDS;
  const valueMs = isSeconds ? value * 1000n : value;
  if (valueMs > INT64_MAX || valueMs < INT64_MIN) return OUT_OF_RANGE;
  const atMs = isRelative ? valueMs + BigInt(call.nowMs) : valueMs;
  if (atMs > INT64_MAX) return OUT_OF_RANGE;
  return atMs < 0n ? 0 : Number(atMs > BigInt(LATEST_MS) ? BigInt(LATEST_MS) : atMs);
}
