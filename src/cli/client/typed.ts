/** What a typed line may say besides a command for the server. */
import { wordsOf } from '../../client/command-line.ts';

export function isQuit(word: string): boolean {
  return /^(quit|exit)$/i.test(word);
}

interface Repeated {
  readonly args: readonly Uint8Array[];
  /** Undefined where the line names no count. */
  readonly repeat: number | undefined;
}

/**
 * `5 INCR n` runs INCR five times.
 * @returns undefined where the count is none: 0 or negative.
 */
export function withRepetition(args: readonly Uint8Array[]): Repeated | undefined {
  const [first] = wordsOf(args);
  if (args.length < 2 || !/^[+-]?\d+$/.test(first)) return { args, repeat: undefined };
  const repeat = Number(first);
  return repeat > 0 && Number.isSafeInteger(repeat) ? { args: args.slice(1), repeat } : undefined;
}
