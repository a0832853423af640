/**
 * GET, MGET, MSET and their kin: whole values. Redis: redis.io/docs/latest/commands/?group=string
 */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, lengthAllowed, put, putArgument, putRange, remove, replyValue } from './entry.ts';
import { wrongArity } from './errors.ts';
import { lendValue } from './lending.ts';
import { indexesFrom } from './words.ts';

export function get(call: Call): void {
  if (find(call, 1)) lendValue(call);
  else call.reply.nil();
}

export function getDelete(call: Call): void {
  if (!find(call, 1)) return call.reply.nil();
  lendValue(call);
  remove(call, 1);
  call.effects?.instead('DEL', 1);
}

export function getSet(call: Call): void {
  const old = find(call, 1) ? copyOfValue(call) : undefined;
  if (!putArgument(call, 1, 2)) return;
  call.effects?.instead('SET', 1, 2);
  replyCopy(call, old);
}

/** The value out of the store, for answers that may be given only once a later step has worked. */
export function copyOfValue(call: Call): Uint8Array {
  const { bytes, start, end } = call.store.value;
  return bytes.slice(start, end);
}

export function replyCopy(call: Call, copy: Uint8Array | undefined): void {
  if (copy === undefined) call.reply.nil();
  else call.reply.bulk(copy, 0, copy.length);
}

export function setIfAbsent(call: Call): void {
  if (find(call, 1)) return call.reply.integer(0);
  if (putArgument(call, 1, 2)) call.reply.integer(1);
}

export function strlen(call: Call): void {
  call.reply.integer(find(call, 1) ? call.store.value.end - call.store.value.start : 0);
}

export function append(call: Call): void {
  const { args } = call;
  const start = args.starts[2];
  const addedBytes = args.length(2);
  if (!find(call, 1)) {
    if (putArgument(call, 1, 2)) call.reply.integer(addedBytes);
    return;
  }
  const { value } = call.store;
  const before = value.end - value.start;
  const lengthBytes = before + addedBytes;
  // Even by nothing: as in Redis, that is a change to clients that watch the key.
  if (!lengthAllowed(call, lengthBytes)) return;
  if (putRange(call, before, args.bytes, start, start + addedBytes)) {
    call.reply.integer(lengthBytes);
  }
}

export function mget(call: Call): void {
  const { args, reply } = call;
  reply.array(args.count - 1);
  for (let i = 1; i < args.count; i++) {
    if (find(call, i)) replyValue(call);
    else reply.nil();
  }
}

export function mset(call: Call): void {
  if (call.args.count % 2 === 0) return call.reply.error(wrongArity('mset'));
  if (putPairs(call)) call.reply.ok();
}

export function msetIfAbsent(call: Call): void {
  const { args, reply } = call;
  if (args.count % 2 === 0) return reply.error(wrongArity('msetnx'));
  for (let i = 1; i < args.count; i += 2) {
    if (find(call, i)) return reply.integer(0);
  }
  if (putPairs(call)) reply.integer(1);
}

function putPairs(call: Call): boolean {
  const { args } = call;
  for (let i = 1; i < args.count; i += 2) {
    const { bytes, starts, ends } = args;
    if (!put(call, i, bytes, starts[i + 1], ends[i + 1], NO_EXPIRY)) {
      // Memory has come to an end on the way: the pairs before this one stay.
      call.effects?.instead('MSET', ...indexesFrom(1, i));
      return false;
    }
  }
  return true;
}
