/**
 * KEYS and SCAN: walks over a database. SCAN gathers its keys first: the next cursor is known at
 * the end of a walk, and told before them.
 */

import { copyBytes } from '../bytes/copy.ts';
import { TYPE_STRING } from '../store/face.ts';
import type { Call } from './call.ts';
import { SYNTAX } from './errors.ts';
import { type Glob, matchesGlob } from './glob.ts';
import { integerArgument, isWord } from './words.ts';

/** SCAN's COUNT where none is given. */
const DEFAULT_COUNT = 10;
/** KEYS walks in steps of this many entries: enough that a step's own cost does not show. */
const KEYS_STEP = 1024;
const INITIAL_BYTES = 16 * 1024;
/** A list that grew beyond this for one answer is not worth keeping for the next. */
const KEEP_BYTES = 1024 * 1024;

/**
 * Copies of keys behind one another: what a visit finds stays where it is only during the visit.
 */
class KeyList {
  count = 0;
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;
  #ends: number[] = [];

  add(source: Uint8Array, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (needed > this.#bytes.length) this.#grow(needed);
    copyBytes(this.#bytes, this.#length, source, start, end);
    this.#length = needed;
    this.#ends.push(needed);
    this.count++;
  }

  replyTo(call: Call): void {
    let start = 0;
    call.reply.array(this.count);
    for (const end of this.#ends) {
      call.reply.bulk(this.#bytes, start, end);
      start = end;
    }
  }

  clear(): void {
    this.count = 0;
    this.#length = 0;
    this.#ends = [];
    if (this.#bytes.length > KEEP_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}

const list = new KeyList();

export function keys(call: Call): void {
  const { client, reply, store } = call;
  const glob = globArgument(call, 1);
  const mark = reply.arrayLater();
  let count = 0;
  let cursor = 0;
  const visit = () => {
    const { bytes, start, end } = store.key;
    if (glob !== undefined && !matchesGlob(glob, bytes, start, end)) return;
    reply.bulk(bytes, start, end);
    count++;
  };
  do {
    cursor = store.scan(client.database, cursor, KEYS_STEP, visit);
  } while (cursor !== 0);
  reply.arrayDone(mark, count);
}

/** What a walk does with each entry: keeps the keys that match. */
function collector(call: Call, glob: Glob | undefined): () => void {
  const { store } = call;
  return () => {
    const { key } = store;
    if (glob === undefined || matchesGlob(glob, key.bytes, key.start, key.end)) {
      list.add(key.bytes, key.start, key.end);
    }
  };
}

function globArgument({ args }: Call, index: number): Glob | undefined {
  const { bytes, starts, ends } = args;
  const glob = { bytes, start: starts[index], end: ends[index], ignoreCase: false };
  // Redis takes a lone star for everything, the empty key included, which `*` else does not match.
  return isWord(args, index, '*') ? undefined : glob;
}

interface ScanOptions {
  count: number;
  glob: Glob | undefined;
  anyType: boolean;
}

export function scan(call: Call): void {
  const cursor = cursorArgument(call, 1);
  if (cursor < 0) return;
  const options = scanOptions(call);
  if (options === undefined) return;
  let next = 0;
  if (cursor <= Number.MAX_SAFE_INTEGER) {
    const visit = options.anyType ? collector(call, options.glob) : () => {};
    next = call.store.scan(call.client.database, cursor, options.count, visit);
  }
  call.reply.array(2);
  call.reply.text(String(next));
  list.replyTo(call);
  list.clear();
}

/** Infinity for a cursor that no walk ever gave out; -1 and the error answered for no number. */
function cursorArgument({ args, reply }: Call, index: number): number {
  const parts = /^([+-]?)0*([0-9]{0,20})$/.exec(args.text(index));
  if (parts !== null && BigInt(parts[2]) < 2n ** 64n) {
    const cursor = Number(parts[2]);
    // A minus wraps around, as strtoul(3) has it: far beyond every cursor.
    const known = Number.isSafeInteger(cursor) && (parts[1] !== '-' || cursor === 0);
    return known ? cursor : Number.POSITIVE_INFINITY;
  }
  reply.error('ERR invalid cursor');
  return -1;
}

function scanOptions(call: Call): ScanOptions | undefined {
  const { args, reply } = call;
  const options: ScanOptions = { count: DEFAULT_COUNT, glob: undefined, anyType: true };
  for (let i = 2; i < args.count; i += 2) {
    const hasValue = i + 1 < args.count;
    if (hasValue && isWord(args, i, 'count')) {
      options.count = integerArgument(call, i + 1);
      if (Number.isNaN(options.count)) return undefined;
    } else if (hasValue && isWord(args, i, 'match')) {
      options.glob = globArgument(call, i + 1);
    } else if (hasValue && isWord(args, i, 'type')) {
      options.anyType = TYPE_NAMES[TYPE_STRING] === args.text(i + 1).toLowerCase();
    } else {
      reply.error(SYNTAX);
      return undefined;
    }
    if (options.count < 1) {
      reply.error(SYNTAX);
      return undefined;
    }
  }
  return options;
}

const TYPE_NAMES = { [TYPE_STRING]: 'string' } as const;
