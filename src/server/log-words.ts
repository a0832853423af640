/** A request's words for a log: without the passwords. */
import type { Command } from '../commands/command.ts';
import { textsFrom } from '../commands/words.ts';
import type { Arguments } from '../protocol/arguments.ts';

const HIDDEN = '(redacted)';
const SECRET_SETTINGS = new Set(['requirepass', 'masterauth', 'masteruser']);

export function wordsForLog(command: Command, args: Arguments): string[] {
  const words = textsFrom(args, 0);
  if (command.name === 'auth') return words.map((word, i) => (i === 0 ? word : HIDDEN));
  if (command.name === 'hello') return hideAfter(words, 'auth', 2);
  if (command.name === 'config|set') {
    return words.map((word, i) =>
      SECRET_SETTINGS.has(words[i - 1]?.toLowerCase()) ? HIDDEN : word,
    );
  }
  return words;
}

function hideAfter(words: readonly string[], marker: string, count: number): string[] {
  const at = words.findIndex((word) => word.toLowerCase() === marker);
  return words.map((word, i) => (at >= 0 && i > at && i <= at + count ? HIDDEN : word));
}
