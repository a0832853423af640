/**
 * The store's calls with the key taken from argument `index`, and the answer when memory is short.
 */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { OUT_OF_MEMORY, TOO_LONG } from './errors.ts';

export function find(call: Call, index: number): boolean {
  const { args, client, store } = call;
  const { bytes, starts, ends } = args;
  if (client.noTouch) return store.peek(client.database, bytes, starts[index], ends[index]);
  return store.find(client.database, bytes, starts[index], ends[index]);
}

/** Without counting as a use of the entry: for questions about it. */
export function peek(call: Call, index: number): boolean {
  const { args } = call;
  return call.store.peek(call.client.database, args.bytes, args.starts[index], args.ends[index]);
}

export function remove(call: Call, index: number): boolean {
  const { args } = call;
  return call.store.remove(call.client.database, args.bytes, args.starts[index], args.ends[index]);
}

export function setExpiry(call: Call, index: number, expireAtMs: number): boolean {
  const { args, client } = call;
  const { bytes, starts, ends } = args;
  return call.store.setExpiry(client.database, bytes, starts[index], ends[index], expireAtMs);
}

/** Makes or replaces the entry; answers the error and returns false when there is no memory. */
export function put(
  call: Call,
  index: number,
  value: Uint8Array,
  start: number,
  end: number,
  expireAtMs: number = NO_EXPIRY,
): boolean {
  const { args, client, store } = call;
  const { bytes, starts, ends } = args;
  const { database } = client;
  const keyEnd = ends[index];
  if (store.set(database, bytes, starts[index], keyEnd, value, start, end, expireAtMs)) return true;
  call.reply.error(OUT_OF_MEMORY);
  return false;
}

/**
 * The same with argument `valueIndex` as the value, which may be in its place in the store already:
 * then it only has to become the key's.
 */
export function putArgument(
  call: Call,
  index: number,
  valueIndex: number,
  expireAtMs: number = NO_EXPIRY,
): boolean {
  const { bytes, starts, ends, ticket } = call.args;
  if (ticket !== 0) return commit(call, ticket, valueIndex, expireAtMs);
  return put(call, index, bytes, starts[valueIndex], ends[valueIndex], expireAtMs);
}

function commit(call: Call, ticket: number, valueIndex: number, expireAtMs: number): boolean {
  const { args, client, reply, store } = call;
  args.ticket = 0;
  if (store.large.commit(client.database, ticket, expireAtMs)) {
    call.effects?.received(valueIndex, store.value);
    return true;
  }
  reply.error(OUT_OF_MEMORY);
  return false;
}

/** Writes a part into the value of argument 1, from `offset` on; answers the error as `put`. */
export function putRange(
  call: Call,
  offset: number,
  part: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { args, client, store } = call;
  const { bytes, starts, ends } = args;
  const { database } = client;
  if (store.setRange(database, bytes, starts[1], ends[1], offset, part, start, end)) return true;
  call.reply.error(OUT_OF_MEMORY);
  return false;
}

/** Answers the value that the cursor is on. */
export function replyValue(call: Call): void {
  const { value } = call.store;
  call.reply.bulk(value.bytes, value.start, value.end);
}

/** No limit may be set lower than this, so shorter values need not ask. */
const SMALLEST_LIMIT_BYTES = 1024 * 1024;

/** Whether a value may have this length (`proto-max-bulk-len`); answers the error if not. */
export function lengthAllowed(call: Call, lengthBytes: number): boolean {
  if (lengthBytes <= maxValueBytes(call, lengthBytes)) return true;
  call.reply.error(TOO_LONG);
  return false;
}

/** The limit on a value's length, as far as one of about `lengthBytes` needs to know it. */
export function maxValueBytes(call: Call, lengthBytes: number): number {
  if (lengthBytes < SMALLEST_LIMIT_BYTES) return SMALLEST_LIMIT_BYTES;
  return Number(call.server.config.get('proto-max-bulk-len'));
}
