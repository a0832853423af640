/** OBJECT and MEMORY: questions about an entry. */
import type { Call } from './call.ts';
import { peek } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { parseInteger64 } from './numbers.ts';
import { integerArgument, isWord } from './words.ts';

/** Up to here Redis keeps a string beside its header (`embstr`). */
const EMBEDDED_BYTES = 44;

const SWITCHING =
  'Please note that when switching between policies at runtime LRU and LFU data will take some ' +
  'time to adjust.';

/** How Redis would keep the value: all are plain bytes here. */
export function objectEncoding(call: Call): void {
  const { reply, store } = call;
  if (!peek(call, 2)) return reply.nil();
  const { bytes, start, end } = store.value;
  if (parseInteger64(bytes, start, end) !== undefined) reply.text('int');
  else reply.text(end - start <= EMBEDDED_BYTES ? 'embstr' : 'raw');
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

export function memoryUsage(call: Call): void {
  const { args, reply, store } = call;
  for (let i = 3; i < args.count; i += 2) {
    if (!isWord(args, i, 'samples') || i + 1 === args.count) return reply.error(SYNTAX);
    const samples = integerArgument(call, i + 1);
    if (Number.isNaN(samples)) return;
    if (samples < 0) return reply.error(SYNTAX);
  }
  if (peek(call, 2)) reply.integer(store.entryBytes);
  else reply.nil();
}
