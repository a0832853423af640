/** Replies for people: each with its type, the elements of aggregates counted and indented. */
import type { ReplyBuffer } from '../../protocol/reply-buffer.ts';
import type { Value } from '../value.ts';
import { appendEscaped } from './quoted.ts';

/**
 * Appends a reply and its line's end. `prefix` is the indentation of the lines behind the first.
 */
export function appendStandard(out: ReplyBuffer, value: Value, prefix = ''): void {
  switch (value.kind) {
    case 'error':
      out.appendText('(error) ');
      return line(out, value.bytes);
    case 'status':
    case 'verbatim':
      return line(out, value.bytes);
    case 'string':
      appendEscaped(out, value.bytes);
      return out.appendText('\n');
    case 'integer':
    case 'double':
    case 'big number':
      return out.appendText(`(${value.kind}) ${value.text}\n`);
    case 'boolean':
      return out.appendText(`(${value.value})\n`);
    case 'nil':
      return out.appendText('(nil)\n');
    default:
      return appendItems(out, value, prefix);
  }
}

type Aggregate = Extract<Value, { items: readonly Value[] }>;

const MARKS = { array: ')', push: ')', set: '~', map: '#' } as const;
const EMPTY = {
  array: '(empty array)\n',
  push: '(empty push)\n',
  set: '(empty set)\n',
  map: '(empty hash)\n',
} as const;

function appendItems(out: ReplyBuffer, { kind, items }: Aggregate, prefix: string): void {
  if (items.length === 0) return out.appendText(EMPTY[kind]);
  const step = kind === 'map' ? 2 : 1;
  const width = String(items.length / step).length;
  const deeper = prefix + ' '.repeat(width + 2);
  for (let i = 0; i < items.length; i += step) {
    const index = String(i / step + 1).padStart(width);
    out.appendText(`${i === 0 ? '' : prefix}${index}${MARKS[kind]} `);
    appendStandard(out, items[i], deeper);
    if (kind === 'map') appendMapped(out, items[i + 1], deeper);
  }
}

/** A map's value stands behind its key; one of several lines begins on a line of its own. */
function appendMapped(out: ReplyBuffer, value: Value, prefix: string): void {
  out.length--;
  out.appendText(hasSeveralLines(value) ? ` => \n${prefix}` : ' => ');
  appendStandard(out, value, prefix);
}

function hasSeveralLines(value: Value): boolean {
  if (!('items' in value)) return false;
  const lines = value.kind === 'map' ? value.items.length / 2 : value.items.length;
  return lines > 1 || value.items.some(hasSeveralLines);
}

function line(out: ReplyBuffer, bytes: Uint8Array): void {
  out.append(bytes, 0, bytes.length);
  out.appendText('\n');
}
