/** INCRBYFLOAT. redis.io/docs/latest/commands/incrbyfloat */
import { FORM_TEXT, NO_EXPIRY } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, put } from './entry.ts';
import { NOT_A_FLOAT } from './errors.ts';
import { addLongDoubles, formatLongDouble, INFINITE, parseLongDouble } from './long-double.ts';

const NOT_FINITE = 'ERR increment would produce NaN or Infinity';
const encoder = new TextEncoder();

export function incrementByFloat(call: Call): void {
  const { args, reply, store } = call;
  const found = find(call, 1);
  const current = parseLongDouble(found ? textOfValue(call) : '0');
  const increment = parseLongDouble(args.text(2));
  if (current === undefined || increment === undefined) return reply.error(NOT_A_FLOAT);
  if (current === INFINITE || increment === INFINITE) return reply.error(NOT_FINITE);
  const sum = addLongDoubles(current, increment);
  if (sum === undefined) return reply.error(NOT_FINITE);
  const text = formatLongDouble(sum);
  const bytes = encoder.encode(text);
  const expireAtMs = found ? store.expireAtMs : NO_EXPIRY;
  if (!put(call, 1, bytes, 0, bytes.length, expireAtMs)) return;
  store.setForm(FORM_TEXT);
  // Another machine's sum might be another one in its last digits.
  call.effects?.instead('SET', 1, text, 'KEEPTTL');
  reply.bulk(bytes, 0, bytes.length);
}

/** Longer than any number's text: what lies beyond cannot make it one. */
const LOOKED_AT_BYTES = 5 * 1024;

function textOfValue({ store }: Call): string {
  const { bytes, start, end } = store.value;
  let text = '';
  for (let i = start; i < Math.min(end, start + LOOKED_AT_BYTES); i++) {
    text += String.fromCharCode(bytes[i]);
  }
  return text;
}
