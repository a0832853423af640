/** Options and numbers among a request's arguments, read in place. */
import type { Arguments } from '../protocol/arguments.ts';
import type { Call } from './call.ts';
import { NOT_AN_INTEGER } from './errors.ts';
import { parseInteger, parseInteger64 } from './numbers.ts';

/** Whether argument `index` is `word` (given in lower-case letters), in any case of its letters. */
export function isWord(args: Arguments, index: number, word: string): boolean {
  const start = args.starts[index];
  if (args.ends[index] - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = args.bytes[start + i];
    const wanted = word.charCodeAt(i);
    if (byte !== wanted && (byte | CASE_BIT) !== wanted) return false;
    if (byte !== wanted && wanted < LOWER_A) return false;
  }
  return true;
}

const CASE_BIT = 0x20;
const LOWER_A = 0x61;

/**
 * Argument `index` as an integer of 64 bits; NaN and `error` answered where it is none. The far
 * ones all mean "beyond everything": from 2^53 on they become ±MAX_SAFE_INTEGER.
 */
export function integerArgument(call: Call, index: number, error = NOT_AN_INTEGER): number {
  const value = integerAt(call.args, index);
  if (Number.isNaN(value)) call.reply.error(error);
  return value;
}

/** The same without an answer. */
export function integerAt({ bytes, starts, ends }: Arguments, index: number): number {
  const value = parseInteger(bytes, starts[index], ends[index]);
  if (!Number.isNaN(value)) return value;
  const far = parseInteger64(bytes, starts[index], ends[index]);
  if (far === undefined) return Number.NaN;
  return far < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
}

/** What C's `int` holds. */
export const INT_MAX = 2 ** 31 - 1;
export const INT_MIN = -(2 ** 31);

const decoder = new TextDecoder();

/** Argument `index` as text for people: UTF-8, as configuration values are. For cold paths. */
export function humanText({ bytes, starts, ends }: Arguments, index: number): string {
  return decoder.decode(bytes.subarray(starts[index], ends[index]));
}

/** Argument `index` as error texts quote it: as in Redis, a NUL ends it. */
export function quotedText(args: Arguments, index: number, atMostBytes = Infinity): string {
  const text = args.text(index, atMostBytes);
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

/** The positions from `from` to before `to`. For cold paths. */
export function indexesFrom(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

/** The arguments from `from` on as text. For cold paths. */
export function textsFrom(args: Arguments, from: number): string[] {
  const texts: string[] = [];
  for (let i = from; i < args.count; i++) texts.push(args.text(i));
  return texts;
}
