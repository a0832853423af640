/** GETRANGE, SUBSTR and SETRANGE: parts of strings. */
import type { Call } from './call.ts';
import { find, lengthAllowed, putRange } from './entry.ts';
import { integerArgument } from './words.ts';

const NO_BYTES = new Uint8Array(0);

export function getRange(call: Call): void {
  const { reply, store } = call;
  const first = integerArgument(call, 2);
  if (Number.isNaN(first)) return;
  const last = integerArgument(call, 3);
  if (Number.isNaN(last)) return;
  if (!find(call, 1)) return reply.bulk(NO_BYTES, 0, 0);
  const { bytes, start, end } = store.value;
  const range = resolveRange(first, last, end - start);
  if (range.first > range.last) return reply.bulk(NO_BYTES, 0, 0);
  reply.bulk(bytes, start + range.first, start + range.last + 1);
}

/** The range at hand, first and last included; empty where first > last. One object for all. */
const range = { first: 0, last: -1 };

/** Positions among `length` things, from their own meaning: negative ones count from the end. */
export function resolveRange(first: number, last: number, length: number): typeof range {
  clampRange(first, last, length);
  // Clamping to 0 would else make one thing of a range that runs backwards before the start.
  if (first < 0 && last < 0 && first > last) range.last = -1;
  return range;
}

/** The same, where Redis has not noticed that (BITPOS). */
export function clampRange(first: number, last: number, length: number): typeof range {
  range.first = Math.max(0, first < 0 ? length + first : first);
  range.last = Math.min(Math.max(0, last < 0 ? length + last : last), length - 1);
  return range;
}

export function setRange(call: Call): void {
  const { args, reply, store } = call;
  const offset = integerArgument(call, 2);
  if (Number.isNaN(offset)) return;
  if (offset < 0) return reply.error('ERR offset is out of range');
  const { value } = store;
  const before = find(call, 1) ? value.end - value.start : 0;
  const written = args.length(3);
  if (written === 0) return reply.integer(before);
  if (!lengthAllowed(call, offset + written)) return;
  if (putRange(call, offset, args.bytes, args.starts[3], args.ends[3])) {
    reply.integer(Math.max(before, offset + written));
  }
}
