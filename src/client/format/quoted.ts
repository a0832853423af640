/** Bytes between double quotes, in plain ASCII: what is not printable is escaped. */
import type { ReplyBuffer } from '../../protocol/reply-buffer.ts';

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** Bytes above 127 too become `\xHH`: the line can be typed again and means the same bytes. */
export function appendEscaped(out: ReplyBuffer, bytes: Uint8Array): void {
  out.appendText('"');
  for (const byte of bytes) {
    const name = NAMED.get(byte);
    if (name !== undefined) out.appendText(name);
    else if (byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE) out.appendByte(byte);
    else out.appendText(`\\x${byte.toString(16).padStart(2, '0')}`);
  }
  out.appendText('"');
}
