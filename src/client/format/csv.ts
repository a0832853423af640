/** Replies as one line of comma-separated values; nested ones are flattened. */
import type { ReplyBuffer } from '../../protocol/reply-buffer.ts';
import type { Value } from '../value.ts';
import { appendEscaped } from './quoted.ts';

/** Appends a reply without a line's end. */
export function appendCsv(out: ReplyBuffer, value: Value): void {
  switch (value.kind) {
    case 'error':
      out.appendText('ERROR,');
      return appendEscaped(out, value.bytes);
    case 'nil':
      return out.appendText('NULL');
    case 'boolean':
      return out.appendText(String(value.value));
    case 'integer':
    case 'double':
    case 'big number':
      return out.appendText(value.text);
    case 'array':
    case 'set':
    case 'push':
    case 'map':
      return value.items.forEach((item, index) => {
        if (index > 0) out.appendText(',');
        appendCsv(out, item);
      });
    default:
      appendEscaped(out, value.bytes);
  }
}
