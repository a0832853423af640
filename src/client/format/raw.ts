/** Replies for programs: the bytes alone, one element a line. */
import type { ReplyBuffer } from '../../protocol/reply-buffer.ts';
import type { Value } from '../value.ts';

/** Appends a reply without a line's end, but for errors: these have one of their own. */
export function appendRaw(out: ReplyBuffer, value: Value, between = '\n'): void {
  switch (value.kind) {
    case 'nil':
      return;
    case 'boolean':
      return out.appendText(`(${value.value})`);
    case 'integer':
    case 'double':
    case 'big number':
      return out.appendText(value.text);
    case 'map':
      return appendAll(out, value.items, between, ' ');
    case 'array':
    case 'set':
    case 'push':
      return appendAll(out, value.items, between, between);
    default:
      out.append(value.bytes, 0, value.bytes.length);
      if (value.kind === 'error') out.appendText('\n');
  }
}

/** `behindKey` stands behind each first element of two. */
function appendAll(
  out: ReplyBuffer,
  items: readonly Value[],
  between: string,
  behindKey: string,
): void {
  items.forEach((item, index) => {
    if (index > 0) out.appendText(index % 2 === 1 ? behindKey : between);
    appendRaw(out, item, between);
  });
}
