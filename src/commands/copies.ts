/** RENAME, RENAMENX, COPY, MOVE: an entry under another name or in another database. */
import { FORM_USUAL } from '../store/face.ts';
import type { Call } from './call.ts';
import { databaseArgument } from './connection.ts';
import { find, peek, put, remove } from './entry.ts';
import { NO_SUCH_KEY, OUT_OF_MEMORY, SAME_OBJECT, SYNTAX } from './errors.ts';
import { isWord } from './words.ts';

export function rename(call: Call): void {
  const { reply } = call;
  if (!find(call, 1)) return reply.error(NO_SUCH_KEY);
  if (sameKey(call)) return reply.ok();
  if (moveEntry(call)) reply.ok();
}

export function renameIfAbsent(call: Call): void {
  const { reply } = call;
  if (!find(call, 1)) return reply.error(NO_SUCH_KEY);
  if (sameKey(call) || peek(call, 2)) return reply.integer(0);
  find(call, 1);
  if (moveEntry(call)) reply.integer(1);
}

/** The entry that the cursor is on, from key 1 to key 2. */
function moveEntry(call: Call): boolean {
  const { value, expireAtMs, form } = call.store;
  if (!put(call, 2, value.bytes, value.start, value.end, expireAtMs)) return false;
  if (form !== FORM_USUAL) call.store.setForm(form);
  remove(call, 1);
  return true;
}

function sameKey({ args }: Call): boolean {
  const { bytes, starts } = args;
  const lengthBytes = args.length(1);
  if (args.length(2) !== lengthBytes) return false;
  for (let i = 0; i < lengthBytes; i++) {
    if (bytes[starts[1] + i] !== bytes[starts[2] + i]) return false;
  }
  return true;
}

export function copy(call: Call): void {
  const { args, client, reply } = call;
  let database = client.database;
  let replace = false;
  for (let i = 3; i < args.count; i++) {
    if (isWord(args, i, 'replace')) {
      replace = true;
    } else if (isWord(args, i, 'db') && i + 1 < args.count) {
      database = databaseArgument(call, ++i);
      if (database < 0) return;
    } else {
      return reply.error(SYNTAX);
    }
  }
  if (database === client.database && sameKey(call)) return reply.error(SAME_OBJECT);
  if (!find(call, 1) || (!replace && isTaken(call, 2, database))) return reply.integer(0);
  find(call, 1);
  if (putInto(call, 2, database)) reply.integer(1);
}

export function move(call: Call): void {
  const { client, reply } = call;
  const database = databaseArgument(call, 2);
  if (database < 0) return;
  if (database === client.database) return reply.error(SAME_OBJECT);
  if (!find(call, 1) || isTaken(call, 1, database)) return reply.integer(0);
  find(call, 1);
  if (!putInto(call, 1, database)) return;
  remove(call, 1);
  reply.integer(1);
}

function isTaken({ args, store }: Call, index: number, database: number): boolean {
  return store.peek(database, args.bytes, args.starts[index], args.ends[index]);
}

/** Copies the entry that the cursor is on to the key of argument `index` in this database. */
function putInto({ args, reply, store }: Call, index: number, database: number): boolean {
  const { bytes, starts, ends } = args;
  const { value, expireAtMs, form } = store;
  const { bytes: source, start, end } = value;
  const at = starts[index];
  if (!store.set(database, bytes, at, ends[index], source, start, end, expireAtMs)) {
    reply.error(OUT_OF_MEMORY);
    return false;
  }
  if (form !== FORM_USUAL) store.setForm(form);
  return true;
}
