/**
 * What a setting's value may be: from text to the text that CONFIG GET answers, or what is wrong.
 */

/** The value in its proper form, or the reason why it can't be. */
export type Judged = { readonly value: string } | { readonly wrong: string };
export type Rule = (text: string) => Judged;

const INT64_MAX = 2n ** 63n - 1n;
export const INT_MAX = 2n ** 31n - 1n;
export const FOR_EVER = INT64_MAX;

/** An integer of these bounds. */
export function numberFrom(least: bigint, most: bigint = INT_MAX): Rule {
  return (text) => {
    const value = /^(?:0|-?[1-9]\d{0,18})$/.test(text) ? BigInt(text) : FAR;
    if (value > INT64_MAX || value < -INT64_MAX - 1n) {
      return { wrong: "argument couldn't be parsed into an integer" };
    }
    return bounded(value, least, most);
  };
}

/** Beyond every bound. */
const FAR = 2n ** 64n;

/** Bytes: `100`, `1k` (1000), `1kb` (1024), and so on to `gb`. */
export function memoryFrom(least: bigint, most: bigint = INT64_MAX): Rule {
  return (text) => {
    const bytes = bytesOf(text);
    if (bytes === undefined) return { wrong: 'argument must be a memory value' };
    return bounded(bytes, least, most);
  };
}

function bounded(value: bigint, least: bigint, most: bigint): Judged {
  if (value >= least && value <= most) return { value: String(value) };
  return { wrong: `argument must be between ${least} and ${most} inclusive` };
}

/** What a `long long` without a sign holds. */
export const UINT64_MAX = 2n ** 64n - 1n;
/** Redis copies the digits into a buffer of 128 bytes. */
const MOST_DIGITS = 127;

/** As Redis reckons, in 64 bits: more digits than fit mean the largest number, a unit wraps. */
export function bytesOf(text: string): bigint | undefined {
  const match = /^(\d*)(b|k|kb|m|mb|g|gb)?$/i.exec(text);
  if (match === null || match[1].length > MOST_DIGITS) return undefined;
  const unit = (match[2] ?? 'b').toLowerCase();
  const power = BigInt(['b', 'k', 'm', 'g'].indexOf(unit[0]));
  const number = BigInt(match[1]);
  const counted = number > UINT64_MAX ? UINT64_MAX : number;
  return BigInt.asUintN(64, counted * (unit.length === 2 ? 1024n : 1000n) ** power);
}

export const yesOrNo: Rule = (text) => {
  const value = text.toLowerCase();
  return value === 'yes' || value === 'no'
    ? { value }
    : { wrong: "argument must be 'yes' or 'no'" };
};

export function oneOf(words: readonly string[]): Rule {
  return (text) => {
    const value = text.toLowerCase();
    if (words.includes(value)) return { value };
    return { wrong: `argument(s) must be one of the following: ${words.join(', ')}` };
  };
}

export const anyText: Rule = (value) => ({ value });

/** Whatever it is, Redis lets nobody change it over a connection unless told to at its start. */
export const guarded: Rule = () => ({ wrong: "can't set protected config" });

/** What belongs to something that is not here can only be left off. */
export function only(wanted: string, reason: string): Rule {
  return (text) => (text.toLowerCase() === wanted ? { value: wanted } : { wrong: reason });
}

const CLASSES = ['normal', 'slave', 'pubsub'];

/** `normal 0 0 0 pubsub 32mb 8mb 60`: those not named keep what they have. */
export function outputLimits(current: () => string): Rule {
  return (text) => {
    const limits = new Map(inFours(current()).map(([name, ...rest]) => [name, rest]));
    if (wordsOf(text).length % 4 !== 0) {
      return { wrong: 'Wrong number of arguments in buffer limit configuration.' };
    }
    for (const [name, hard, soft, seconds] of inFours(text)) {
      const known = name.toLowerCase().replace('replica', 'slave');
      if (!CLASSES.includes(known)) {
        return { wrong: 'Invalid client class specified in buffer limit configuration.' };
      }
      const limit = [bytesOf(hard), bytesOf(soft), secondsOf(seconds)];
      if (limit.includes(undefined)) {
        return {
          wrong: 'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
        };
      }
      limits.set(known, limit.map(String));
    }
    const parts = CLASSES.map((name) => [name, ...(limits.get(name) ?? [])].join(' '));
    return { value: parts.join(' ') };
  };
}

/** As Redis keeps it: the lower 32 bits of what the digits say. */
function secondsOf(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const number = BigInt(text.replace('+', ''));
  const seconds = BigInt.asIntN(32, number > INT64_MAX ? INT64_MAX : number);
  return seconds < 0n ? undefined : seconds;
}

/** The hard limit of ordinary clients, in bytes; no limit where it is 0. */
export function normalOutputLimit(value: string): number {
  const hard = Number(inFours(value).find(([name]) => name === 'normal')?.[1] ?? 0);
  return hard === 0 ? Number.MAX_SAFE_INTEGER : hard;
}

function inFours(text: string): string[][] {
  const words = wordsOf(text);
  return Array.from({ length: words.length / 4 }, (_, i) => words.slice(i * 4, i * 4 + 4));
}

/** Parted by single blanks, as Redis parts the arguments of a setting. */
export function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

/** Letters of kinds of events: kept in Redis' order, though nobody can subscribe to them. */
export const eventLetters: Rule = (text) => {
  if (/[^KEg$lshzxetdmnA]/.test(text))
    return { wrong: "Invalid event class character. Use 'Ag$lshzxeKEtmdn'." };
  const all = 'g$lshzxetd';
  const letters = new Set(text.includes('A') ? [...all, ...text] : text);
  const complete = [...all].every((letter) => letters.has(letter));
  const kinds = complete ? 'A' : [...all].filter((letter) => letters.has(letter)).join('');
  const rest = [...'KEmn'].filter((letter) => letters.has(letter)).join('');
  return { value: kinds + rest };
};
