/** Where a reply ends: RESP2 and RESP3 (redis.io/docs/latest/develop/reference/protocol-spec). */

/** The position behind the reply that begins at `start`; -1 where it is not all there. */
export function replyEnd(text: string, start: number): number {
  const lineEnd = text.indexOf('\r\n', start);
  if (lineEnd < 0) return -1;
  const type = text[start];
  const count = Number(text.slice(start + 1, lineEnd));
  const next = lineEnd + 2;
  if ('$=!'.includes(type)) {
    const end = count < 0 ? next : next + count + 2;
    return end <= text.length ? end : -1;
  }
  if ('*~>'.includes(type)) return endOfMany(text, next, count);
  if (type === '%') return endOfMany(text, next, count * 2);
  return next;
}

function endOfMany(text: string, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count && at >= 0; i++) at = replyEnd(text, at);
  return at;
}
