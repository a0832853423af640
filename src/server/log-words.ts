/** A request's words for a log: the first ones, cut, and without the passwords. */
import type { Command } from '../commands/call.ts';
import type { Arguments } from '../protocol/arguments.ts';

/** Words and bytes of a request that are kept, as in Redis. */
const MOST_WORDS = 32;
const MOST_WORD_BYTES = 128;

const HIDDEN = '(redacted)';
const SECRET_SETTINGS = new Set(['requirepass', 'masterauth', 'masteruser']);

export function wordsForLog(command: Command, args: Arguments): string[] {
  const words = firstWords(args);
  if (command.name === 'auth') return words.map((word, i) => (i === 0 ? word : HIDDEN));
  if (command.name === 'hello') return hideAfter(words, 'auth', 2);
  if (command.name === 'config|set') {
    return words.map((word, i) =>
      SECRET_SETTINGS.has(words[i - 1]?.toLowerCase()) ? HIDDEN : word,
    );
  }
  return words;
}

/** Reads no more of a request than is kept: it may be half a gigabyte long. */
function firstWords(args: Arguments): string[] {
  const over = args.count - MOST_WORDS;
  const kept = over > 0 ? MOST_WORDS - 1 : args.count;
  const words = Array.from({ length: kept }, (_, i) => firstBytes(args, i));
  return over > 0 ? [...words, `... (${over + 1} more arguments)`] : words;
}

function firstBytes(args: Arguments, index: number): string {
  const more = args.length(index) - MOST_WORD_BYTES;
  const text = args.text(index, MOST_WORD_BYTES);
  return more > 0 ? `${text}... (${more} more bytes)` : text;
}

function hideAfter(words: readonly string[], marker: string, count: number): string[] {
  const at = words.findIndex((word) => word.toLowerCase() === marker);
  return words.map((word, i) => (at >= 0 && i > at && i <= at + count ? HIDDEN : word));
}
