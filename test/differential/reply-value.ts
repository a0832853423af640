/** A reply as a value: strings, numbers, arrays and maps, in whichever words of RESP. */
import { replyEnd } from './reply-end.ts';

export type Value = string | number | null | Value[] | { [name: string]: Value };

/** The value that begins at `start`. */
export function replyValue(text: string, start = 0): Value {
  const lineEnd = text.indexOf('\r\n', start);
  const head = text.slice(start + 1, lineEnd);
  const next = lineEnd + 2;
  switch (text[start]) {
    case '$':
    case '=':
      return head === '-1' ? null : text.slice(next, next + Number(head));
    case ':':
      return Number(head);
    case '_':
      return null;
    case '*':
    case '~':
      return elements(text, next, Number(head));
    case '%':
      return asMap(elements(text, next, Number(head) * 2));
    default:
      return head;
  }
}

function elements(text: string, start: number, count: number): Value[] {
  const found: Value[] = [];
  for (let at = start; found.length < count; at = replyEnd(text, at))
    found.push(replyValue(text, at));
  return found;
}

function asMap(pairs: Value[]): Value {
  const names = pairs.filter((_, i) => i % 2 === 0);
  return Object.fromEntries(names.map((name, i) => [String(name), pairs[i * 2 + 1]]));
}
