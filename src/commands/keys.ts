/**
 * DEL, EXISTS, TYPE and what else concerns keys as a whole.
 * redis.io/docs/latest/commands/?group=generic
 */
import type { Call } from './call.ts';
import { find, peek, remove } from './entry.ts';

export function del(call: Call): void {
  let removed = 0;
  for (let i = 1; i < call.args.count; i++) if (remove(call, i)) removed++;
  call.reply.integer(removed);
}

export function exists(call: Call): void {
  let found = 0;
  for (let i = 1; i < call.args.count; i++) if (peek(call, i)) found++;
  call.reply.integer(found);
}

export function touch(call: Call): void {
  let found = 0;
  for (let i = 1; i < call.args.count; i++) if (find(call, i)) found++;
  call.reply.integer(found);
}

/** Strings are the one type so far. */
export function type(call: Call): void {
  call.reply.status(peek(call, 1) ? 'string' : 'none');
}

export function dbsize(call: Call): void {
  call.reply.integer(call.store.count(call.client.database));
}

export function randomKey(call: Call): void {
  const { reply, store } = call;
  if (!store.randomKey(call.client.database)) return reply.nil();
  reply.bulk(store.key.bytes, store.key.start, store.key.end);
}
