/** OBJECT: questions about an entry. */
import { FORM_CHANGED, FORM_USUAL, type Store } from '../store/face.ts';
import type { Call } from './call.ts';
import { peek } from './entry.ts';
import { parseInteger64 } from './numbers.ts';

/** Up to here Redis keeps a string beside its header (`embstr`). */
const EMBEDDED_BYTES = 44;

const SWITCHING =
  'Please note that when switching between policies at runtime LRU and LFU data will take some ' +
  'time to adjust.';

/** How Redis would keep the value: all are plain bytes here. */
export function objectEncoding(call: Call): void {
  const { reply, store } = call;
  if (!peek(call, 2)) return reply.nil();
  reply.text(encodingOf(store));
}

export function encodingOf({ form, value }: Store): string {
  const { bytes, start, end } = value;
  if (form === FORM_CHANGED) return 'raw';
  if (form === FORM_USUAL && parseInteger64(bytes, start, end) !== undefined) return 'int';
  return end - start <= EMBEDDED_BYTES ? 'embstr' : 'raw';
}

export function objectFrequency(call: Call): void {
  const { reply, store } = call;
  if (!peek(call, 2)) return reply.nil();
  if (countsUses(call)) return reply.integer(store.frequency);
  reply.error(
    `ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${SWITCHING}`,
  );
}

export function objectIdleTime(call: Call): void {
  const { reply, store } = call;
  if (!peek(call, 2)) return reply.nil();
  if (!countsUses(call)) return reply.integer(store.idleSeconds);
  reply.error(`ERR An LFU maxmemory policy is selected, idle time not tracked. ${SWITCHING}`);
}

function countsUses({ server }: Call): boolean {
  return server.config.get('maxmemory-policy').endsWith('lfu');
}

/** No value is shared between keys here. */
export function objectReferenceCount(call: Call): void {
  if (peek(call, 2)) call.reply.integer(1);
  else call.reply.nil();
}
