/** WATCH and UNWATCH. redis.io/docs/latest/commands/watch */
import type { Call, Client } from './call.ts';
import { WatchedKeys } from './watched-keys.ts';

export function unwatchAll(client: Client): void {
  client.watched?.end();
  client.watched = undefined;
}

export function watch(call: Call): void {
  const { args, client, nowMs, reply, store } = call;
  if (client.transaction !== undefined) {
    return reply.error('ERR WATCH inside MULTI is not allowed');
  }
  client.watched ??= new WatchedKeys(store);
  store.begin(nowMs, false, args.count > 2);
  for (let i = 1; i < args.count; i++) {
    client.watched.add(client.database, args.bytes, args.starts[i], args.ends[i]);
  }
  reply.ok();
}

export function unwatch({ client, reply }: Call): void {
  unwatchAll(client);
  reply.ok();
}
