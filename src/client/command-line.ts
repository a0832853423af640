/** A typed line as a request's arguments. */
import { Arguments } from '../protocol/arguments.ts';
import { splitLine } from '../protocol/inline.ts';

/**
 * The arguments of a line, with quotes and escapes as inline commands have them.
 * @returns undefined where the quotes don't balance; no arguments for an empty line.
 */
export function splitCommand(line: Uint8Array): Uint8Array[] | undefined {
  const args = new Arguments();
  if (!splitLine(line, 0, line.length, args)) return undefined;
  return Array.from({ length: args.count }, (_, index) =>
    args.bytes.slice(args.starts[index], args.ends[index]),
  );
}

/** Requests that are answered without end: messages, or what other clients do. */
const STREAMS = ['subscribe', 'psubscribe', 'ssubscribe', 'monitor'];

export function isStream(command: string): boolean {
  return STREAMS.includes(command.toLowerCase());
}

/** The first arguments of a request as text, to see which command it is. */
export function wordsOf(args: readonly Uint8Array[], count = 2): string[] {
  return args.slice(0, count).map((word) => new TextDecoder().decode(word));
}
