/** SET and GETEX with their options, and SETEX, PSETEX. */
import { NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, putArgument, remove, replyValue, setExpiry } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { AT_MILLISECONDS, AT_SECONDS, expiryArgument, MILLISECONDS, SECONDS } from './expiry.ts';
import { copyOfValue, replyCopy } from './strings.ts';
import { indexesFrom, isWord } from './words.ts';

const IF_ABSENT = 1;
const IF_PRESENT = 2;
const RETURN_OLD = 4;
const KEEP_EXPIRY = 8;
const TAKE_EXPIRY = 16;
const EXPIRES = 32;

/**
 * The options of the request at hand: the bits above, and for EXPIRES the unit and where its number
 * stands. One object for all requests of a thread.
 */
const options = { bits: 0, unit: SECONDS, index: 0 };

export function set(call: Call): void {
  if (call.args.count === 3) {
    if (putArgument(call, 1, 2)) call.reply.ok();
    return;
  }
  if (!readOptions(call, 3, readSetFlag)) return;
  const { bits } = options;
  let expireAtMs = NO_EXPIRY;
  if ((bits & EXPIRES) !== 0) {
    expireAtMs = expiryArgument(call, options.index, options.unit);
    if (Number.isNaN(expireAtMs)) return;
  }
  setWithOptions(call, bits, expireAtMs);
}

function setWithOptions(call: Call, bits: number, newExpireAtMs: number): void {
  const { reply, store } = call;
  // The cursor is gone after the next call to the store: take from it what is needed now.
  const found = (bits & ~EXPIRES) !== 0 && find(call, 1);
  const old = found && (bits & RETURN_OLD) !== 0 ? copyOfValue(call) : undefined;
  const keeps = found && (bits & KEEP_EXPIRY) !== 0;
  const expireAtMs = keeps ? store.expireAtMs : newExpireAtMs;
  const refused = found ? (bits & IF_ABSENT) !== 0 : (bits & IF_PRESENT) !== 0;
  if (!refused) {
    if (!putArgument(call, 1, 2, expireAtMs)) return;
    if (call.effects !== undefined) tellSet(call, bits, expireAtMs);
  }
  if ((bits & RETURN_OLD) !== 0) replyCopy(call, old);
  else if (refused) reply.nil();
  else reply.ok();
}

/** What is told of a SET: when it expires, but not what is to be answered. */
function tellSet(call: Call, bits: number, expireAtMs: number): void {
  const { args, effects } = call;
  if ((bits & EXPIRES) !== 0) {
    effects?.instead('SET', 1, 2, 'PXAT', String(expireAtMs));
  } else if ((bits & RETURN_OLD) !== 0) {
    const others = indexesFrom(3, args.count).filter((index) => !isWord(args, index, 'get'));
    effects?.instead(0, 1, 2, ...others);
  }
}

export function setSeconds(call: Call): void {
  setExpiring(call, SECONDS);
}

export function setMilliseconds(call: Call): void {
  setExpiring(call, MILLISECONDS);
}

function setExpiring(call: Call, unit: number): void {
  const expireAtMs = expiryArgument(call, 2, unit);
  if (Number.isNaN(expireAtMs) || !putArgument(call, 1, 3, expireAtMs)) return;
  call.effects?.instead('SET', 1, 3, 'PXAT', String(expireAtMs));
  call.reply.ok();
}

export function getExpire(call: Call): void {
  if (!readOptions(call, 2, readGetExpireFlag)) return;
  const { bits } = options;
  if (!find(call, 1)) return call.reply.nil();
  const expireAtMs = (bits & EXPIRES) !== 0 ? expiryArgument(call, options.index, options.unit) : 0;
  if (Number.isNaN(expireAtMs)) return;
  replyValue(call);
  if ((bits & TAKE_EXPIRY) !== 0) takeExpiry(call);
  else if ((bits & EXPIRES) !== 0) letExpire(call, expireAtMs);
}

function takeExpiry(call: Call): void {
  // Where there was none, that is no change, and no news.
  if (call.store.expireAtMs === NO_EXPIRY) return;
  setExpiry(call, 1, NO_EXPIRY);
  call.effects?.instead('PERSIST', 1);
}

function letExpire(call: Call, expireAtMs: number): void {
  if (expireAtMs <= call.nowMs) {
    remove(call, 1);
    call.effects?.instead('DEL', 1);
  } else {
    setExpiry(call, 1, expireAtMs);
    call.effects?.instead('PEXPIREAT', 1, String(expireAtMs));
  }
}

/** Fills `options` from argument `from` on; answers the error and returns false otherwise. */
function readOptions(
  call: Call,
  from: number,
  readFlag: (call: Call, index: number) => number,
): boolean {
  const { args } = call;
  options.bits = 0;
  for (let i = from; i < args.count; i++) {
    const flag = readFlag(call, i);
    if (flag !== 0) {
      options.bits |= flag;
    } else if (readExpiryOption(call, i)) {
      i++;
    } else {
      call.reply.error(SYNTAX);
      return false;
    }
  }
  return true;
}

/** The option's bit; 0 where it is no such option, or not beside those already read. */
function readSetFlag({ args }: Call, index: number): number {
  const { bits } = options;
  if (isWord(args, index, 'nx')) return (bits & IF_PRESENT) === 0 ? IF_ABSENT : 0;
  if (isWord(args, index, 'xx')) return (bits & IF_ABSENT) === 0 ? IF_PRESENT : 0;
  if (isWord(args, index, 'get')) return RETURN_OLD;
  if (isWord(args, index, 'keepttl')) return (bits & EXPIRES) === 0 ? KEEP_EXPIRY : 0;
  return 0;
}

function readGetExpireFlag({ args }: Call, index: number): number {
  return isWord(args, index, 'persist') && (options.bits & EXPIRES) === 0 ? TAKE_EXPIRY : 0;
}

/** `EX 10` and its kin. The same option may come twice (the last one counts), another may not. */
function readExpiryOption({ args }: Call, index: number): boolean {
  const unit = expiryUnit(args, index);
  const { bits } = options;
  if (unit === 0 || index + 1 === args.count) return false;
  if ((bits & (KEEP_EXPIRY | TAKE_EXPIRY)) !== 0) return false;
  if ((bits & EXPIRES) !== 0 && options.unit !== unit) return false;
  options.bits |= EXPIRES;
  options.unit = unit;
  options.index = index + 1;
  return true;
}

function expiryUnit(args: Call['args'], index: number): number {
  if (isWord(args, index, 'ex')) return SECONDS;
  if (isWord(args, index, 'px')) return MILLISECONDS;
  if (isWord(args, index, 'exat')) return AT_SECONDS;
  if (isWord(args, index, 'pxat')) return AT_MILLISECONDS;
  return 0;
}
