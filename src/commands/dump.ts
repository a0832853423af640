/** DUMP and RESTORE. redis.io/docs/latest/commands/restore */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, peek, put, remove } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { dumpString, readDump } from './rdb.ts';
import { indexesFrom, integerArgument, isWord } from './words.ts';

export function dump(call: Call): void {
  const { reply, store } = call;
  if (!find(call, 1)) return reply.nil();
  const { bytes, start, end } = store.value;
  const payload = dumpString(bytes, start, end);
  reply.bulk(payload, 0, payload.length);
}

interface RestoreOptions {
  replace: boolean;
  absolute: boolean;
  /** How it was used before, or NOT_GIVEN: at most one of the two is given. */
  idleSeconds: number;
  frequency: number;
}

const NOT_GIVEN = -1;

export function restore(call: Call): void {
  const { reply } = call;
  const options = restoreOptions(call);
  if (options === undefined) return;
  if (!options.replace && peek(call, 1)) {
    return reply.error('BUSYKEY Target key name already exists.');
  }
  const ttlMs = integerArgument(call, 2);
  if (Number.isNaN(ttlMs)) return;
  if (ttlMs < 0) return reply.error('ERR Invalid TTL value, must be >= 0');
  const payload = call.args.bytes.slice(call.args.starts[3], call.args.ends[3]);
  const value = readDump(payload);
  if (typeof value === 'string') return reply.error(value);
  putRestored(call, value, expiryOf(call, ttlMs, options.absolute), options);
}

function expiryOf({ nowMs }: Call, ttlMs: number, absolute: boolean): number {
  if (ttlMs === 0) return NO_EXPIRY;
  return absolute ? ttlMs : Math.min(ttlMs + nowMs, Number.MAX_SAFE_INTEGER);
}

function putRestored(
  call: Call,
  value: Uint8Array,
  expireAtMs: number,
  { absolute, idleSeconds, frequency }: RestoreOptions,
): void {
  const { nowMs, reply, store } = call;
  if (expireAtMs !== NO_EXPIRY && expireAtMs <= nowMs) {
    remove(call, 1);
    call.effects?.instead('DEL', 1);
  } else {
    if (!put(call, 1, value, 0, value.length, expireAtMs)) return;
    if (expireAtMs !== NO_EXPIRY && !absolute) tellRestored(call, expireAtMs);
    if (idleSeconds !== NOT_GIVEN) store.setIdleSeconds(idleSeconds);
    if (frequency !== NOT_GIVEN) store.setFrequency(frequency);
  }
  reply.ok();
}

function tellRestored({ args, effects }: Call, expireAtMs: number): void {
  effects?.instead(0, 1, String(expireAtMs), ...indexesFrom(3, args.count), 'ABSTTL');
}

function restoreOptions(call: Call): RestoreOptions | undefined {
  const { args, reply } = call;
  const options = {
    replace: false,
    absolute: false,
    idleSeconds: NOT_GIVEN,
    frequency: NOT_GIVEN,
  };
  for (let i = 4; i < args.count; i++) {
    const hasValue = i + 1 < args.count;
    if (isWord(args, i, 'replace')) {
      options.replace = true;
    } else if (isWord(args, i, 'absttl')) {
      options.absolute = true;
    } else if (isWord(args, i, 'idletime') && hasValue && options.frequency === NOT_GIVEN) {
      options.idleSeconds = limitedArgument(call, ++i, BAD_IDLE_TIME, Number.POSITIVE_INFINITY);
      if (Number.isNaN(options.idleSeconds)) return undefined;
    } else if (isWord(args, i, 'freq') && hasValue && options.idleSeconds === NOT_GIVEN) {
      options.frequency = limitedArgument(call, ++i, BAD_FREQUENCY, 255);
      if (Number.isNaN(options.frequency)) return undefined;
    } else {
      reply.error(SYNTAX);
      return undefined;
    }
  }
  return options;
}

const BAD_IDLE_TIME = 'ERR Invalid IDLETIME value, must be >= 0';
const BAD_FREQUENCY = 'ERR Invalid FREQ value, must be >= 0 and <= 255';

function limitedArgument(call: Call, index: number, error: string, atMost: number): number {
  const value = integerArgument(call, index);
  if (Number.isNaN(value) || (value >= 0 && value <= atMost)) return value;
  call.reply.error(error);
  return Number.NaN;
}
