/** EXPIRE, TTL and their kin. An entry's expiry is kept in milliseconds since 1970. */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, peek, remove, setExpiry } from './entry.ts';
import { AT_MILLISECONDS, AT_SECONDS, anyExpiryArgument, MILLISECONDS, SECONDS } from './expiry.ts';
import { indexesFrom, isWord, quotedText } from './words.ts';

/** TTL's answers where there is no time to tell. */
const NO_KEY = -2;
const NO_TTL = -1;

const IF_NONE = 1;
const IF_ANY = 2;
const IF_LATER = 4;
const IF_SOONER = 8;

export function expire(call: Call): void {
  expireIn(call, SECONDS);
}

export function pexpire(call: Call): void {
  expireIn(call, MILLISECONDS);
}

export function expireAt(call: Call): void {
  expireIn(call, AT_SECONDS);
}

export function pexpireAt(call: Call): void {
  expireIn(call, AT_MILLISECONDS);
}

function expireIn(call: Call, unit: number): void {
  const { reply } = call;
  const conditions = readConditions(call);
  if (conditions < 0) return;
  const expireAtMs = anyExpiryArgument(call, 2, unit);
  if (Number.isNaN(expireAtMs)) return;
  if (!find(call, 1) || !allows(conditions, call.store.expireAtMs, expireAtMs)) {
    return reply.integer(0);
  }
  if (expireAtMs <= call.nowMs) {
    remove(call, 1);
    call.effects?.instead('DEL', 1);
  } else {
    setExpiry(call, 1, expireAtMs);
    if (unit !== AT_MILLISECONDS) tellExpiry(call, expireAtMs);
  }
  reply.integer(1);
}

/** The conditions hold once more where it is replayed. */
function tellExpiry({ args, effects }: Call, expireAtMs: number): void {
  effects?.instead('PEXPIREAT', 1, String(expireAtMs), ...indexesFrom(3, args.count));
}

/** The bits above; -1 and the error answered where the options do not fit. */
function readConditions({ args, reply }: Call): number {
  let bits = 0;
  for (let i = 3; i < args.count; i++) {
    const bit = condition(args, i);
    if (bit === 0) {
      // Redis trims line ends from an error's end.
      const option = quotedText(args, i).replace(/[\r\n]+$/, '');
      reply.error(`ERR Unsupported option ${option}`);
      return -1;
    }
    bits |= bit;
  }
  if ((bits & IF_NONE) !== 0 && bits !== IF_NONE) {
    reply.error('ERR NX and XX, GT or LT options at the same time are not compatible');
    return -1;
  }
  if ((bits & IF_LATER) !== 0 && (bits & IF_SOONER) !== 0) {
    reply.error('ERR GT and LT options at the same time are not compatible');
    return -1;
  }
  return bits;
}

function condition(args: Call['args'], index: number): number {
  if (isWord(args, index, 'nx')) return IF_NONE;
  if (isWord(args, index, 'xx')) return IF_ANY;
  if (isWord(args, index, 'gt')) return IF_LATER;
  if (isWord(args, index, 'lt')) return IF_SOONER;
  return 0;
}

/** Without an expiry an entry lasts for ever: nothing is later. */
function allows(conditions: number, currentMs: number, nextMs: number): boolean {
  const expires = currentMs !== NO_EXPIRY;
  if ((conditions & IF_NONE) !== 0 && expires) return false;
  if ((conditions & IF_ANY) !== 0 && !expires) return false;
  if ((conditions & IF_LATER) !== 0 && (!expires || nextMs <= currentMs)) return false;
  return (conditions & IF_SOONER) === 0 || !expires || nextMs < currentMs;
}

export function persist(call: Call): void {
  const expires = find(call, 1) && call.store.expireAtMs !== NO_EXPIRY;
  if (expires) setExpiry(call, 1, NO_EXPIRY);
  call.reply.integer(expires ? 1 : 0);
}

export function ttl(call: Call): void {
  replyTime(call, call.nowMs, true);
}

export function pttl(call: Call): void {
  replyTime(call, call.nowMs, false);
}

export function expireTime(call: Call): void {
  replyTime(call, 0, true);
}

export function pexpireTime(call: Call): void {
  replyTime(call, 0, false);
}

function replyTime(call: Call, sinceMs: number, inSeconds: boolean): void {
  const { reply, store } = call;
  if (!peek(call, 1)) return reply.integer(NO_KEY);
  if (store.expireAtMs === NO_EXPIRY) return reply.integer(NO_TTL);
  const ms = Math.max(0, store.expireAtMs - sinceMs);
  reply.integer(inSeconds ? Math.floor((ms + 500) / 1000) : ms);
}
