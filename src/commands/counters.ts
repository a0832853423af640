/** INCR, DECR, INCRBY, DECRBY: strings that spell 64-bit integers. */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, put } from './entry.ts';
import { NOT_AN_INTEGER, OVERFLOW } from './errors.ts';
import {
  digits,
  formatInteger,
  formatInteger64,
  INT64_MAX,
  INT64_MIN,
  parseInteger,
  parseInteger64,
} from './numbers.ts';

export function increment(call: Call): void {
  add(call, 1);
}

export function decrement(call: Call): void {
  add(call, -1);
}

export function incrementBy(call: Call): void {
  const { args } = call;
  const delta = parseInteger(args.bytes, args.starts[2], args.ends[2]);
  if (Number.isNaN(delta)) addFar(call, farArgument(call));
  else add(call, delta);
}

export function decrementBy(call: Call): void {
  const { args, reply } = call;
  const delta = parseInteger(args.bytes, args.starts[2], args.ends[2]);
  if (!Number.isNaN(delta)) return add(call, -delta);
  const far = farArgument(call);
  if (far === INT64_MIN) reply.error('ERR decrement would overflow');
  else addFar(call, far === undefined ? undefined : -far);
}

function add(call: Call, delta: number): void {
  const { store } = call;
  const found = find(call, 1);
  const { value } = store;
  const current = found ? parseInteger(value.bytes, value.start, value.end) : 0;
  const sum = current + delta;
  if (!Number.isSafeInteger(sum)) return addFar(call, BigInt(delta));
  const expireAtMs = found ? store.expireAtMs : NO_EXPIRY;
  if (put(call, 1, digits, formatInteger(sum), digits.length, expireAtMs)) {
    call.reply.integer(sum);
  }
}

function farArgument({ args }: Call): bigint | undefined {
  return parseInteger64(args.bytes, args.starts[2], args.ends[2]);
}

/**
 * The same beyond the safe integers. An undefined `delta` spelled none, which the value's fault
 * precedes.
 */
function addFar(call: Call, delta: bigint | undefined): void {
  const { reply, store } = call;
  if (delta === undefined) return reply.error(NOT_AN_INTEGER);
  const found = find(call, 1);
  const { value } = store;
  const current = found ? parseInteger64(value.bytes, value.start, value.end) : 0n;
  if (current === undefined) return reply.error(NOT_AN_INTEGER);
  const sum = current + delta;
  if (sum > INT64_MAX || sum < INT64_MIN) return reply.error(OVERFLOW);
  const expireAtMs = found ? store.expireAtMs : NO_EXPIRY;
  if (put(call, 1, digits, formatInteger64(sum), digits.length, expireAtMs)) {
    reply.bigInteger(sum);
  }
}
