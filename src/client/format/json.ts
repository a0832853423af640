/**
 * Replies as JSON. Strings are passed on byte by byte: where they hold no UTF-8 the output is none
 * either. An error is `error:"…"`, as redis-cli has it, so that no reader takes it for data.
 */
import type { ReplyBuffer } from '../../protocol/reply-buffer.ts';
import type { Value } from '../value.ts';

/** Appends a reply without a line's end. */
export function appendJson(out: ReplyBuffer, value: Value): void {
  switch (value.kind) {
    case 'error':
      out.appendText('error:');
      return appendString(out, value.bytes);
    case 'nil':
      return out.appendText('null');
    case 'boolean':
      return out.appendText(String(value.value));
    case 'integer':
    case 'double':
    case 'big number':
      return out.appendText(value.text);
    case 'map':
      return appendObject(out, value.items);
    case 'array':
    case 'set':
    case 'push':
      return appendArray(out, value.items);
    default:
      appendString(out, value.bytes);
  }
}

function appendArray(out: ReplyBuffer, items: readonly Value[]): void {
  out.appendText('[');
  items.forEach((item, index) => {
    if (index > 0) out.appendText(',');
    appendJson(out, item);
  });
  out.appendText(']');
}

function appendObject(out: ReplyBuffer, items: readonly Value[]): void {
  out.appendText('{');
  items.forEach((item, index) => {
    if (index > 0) out.appendText(index % 2 === 1 ? ':' : ',');
    if (index % 2 === 1) appendJson(out, item);
    else appendKey(out, item);
  });
  out.appendText('}');
}

/** JSON's keys are strings: other values stand in quotes. */
function appendKey(out: ReplyBuffer, key: Value): void {
  if ('bytes' in key && key.kind !== 'error') return appendString(out, key.bytes);
  out.appendText('"');
  appendJson(out, key);
  out.appendText('"');
}

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);
const FIRST_PRINTABLE = 0x20;

function appendString(out: ReplyBuffer, bytes: Uint8Array): void {
  out.appendText('"');
  for (const byte of bytes) {
    const name = NAMED.get(byte);
    if (name !== undefined) out.appendText(name);
    else if (byte >= FIRST_PRINTABLE) out.appendByte(byte);
    else out.appendText(`\\u${byte.toString(16).padStart(4, '0')}`);
  }
  out.appendText('"');
}
