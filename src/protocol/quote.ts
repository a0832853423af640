/** Writes a value in double quotes, in the grammar that inline.ts reads. */
import type { ReplyBuffer } from './reply-buffer.ts';

const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;
const FIRST_PRINTABLE = 0x20;
const HEX = '0123456789abcdef';

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [DOUBLE_QUOTE, '\\"'],
  [BACKSLASH, '\\\\'],
]);

/** Whether the byte is one that a terminal or a line reader would act on. */
export function isControl(byte: number): boolean {
  return byte < FIRST_PRINTABLE || byte === DELETE;
}

/**
 * Appends `bytes[start, end)` quoted. Bytes above 127 stay as they are, so UTF-8 stays readable.
 */
export function appendQuoted(
  out: ReplyBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  out.appendByte(DOUBLE_QUOTE);
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    const name = NAMED.get(byte);
    if (name !== undefined) out.appendText(name);
    else if (isControl(byte)) out.appendText(`\\x${HEX[byte >> 4]}${HEX[byte & 15]}`);
    else out.appendByte(byte);
  }
  out.appendByte(DOUBLE_QUOTE);
}
