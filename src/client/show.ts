/** An answer as the bytes that are printed. */
import { ReplyBuffer } from '../protocol/reply-buffer.ts';
import type { Answer } from './dialect.ts';
import { LINES, type OutputStyle } from './format/format.ts';

/** `asText`: the answer is a text with lines of its own, and shown as it came. */
export function showAnswer(
  answer: Answer,
  style: OutputStyle,
  asText: boolean,
  delimiters = LINES,
): Uint8Array {
  const out = new ReplyBuffer();
  answer.print(out, style, asText, delimiters);
  return out.bytes.subarray(0, out.length);
}
