/** BITOP: a string from the bits of others. Shorter ones are taken as if zeros followed. */
import { FORM_CHANGED, type Slice } from '../store/face.ts';
import type { Call } from './call.ts';
import { find, put, remove } from './entry.ts';
import { SYNTAX } from './errors.ts';
import { isWord } from './words.ts';

type Operation = 'and' | 'or' | 'xor' | 'not';
const OPERATIONS: readonly Operation[] = ['and', 'or', 'xor', 'not'];
const NO_BYTES = new Uint8Array(0);

export function bitOperation(call: Call): void {
  const { args, reply } = call;
  const operation = OPERATIONS.find((word) => isWord(args, 1, word));
  if (operation === undefined) return reply.error(SYNTAX);
  if (operation === 'not' && args.count !== 4) {
    return reply.error('ERR BITOP NOT must be called with a single source key.');
  }
  const result = combine(operation, sources(call));
  if (result.length === 0) remove(call, 2);
  else if (put(call, 2, result, 0, result.length)) call.store.setForm(FORM_CHANGED);
  else return;
  reply.integer(result.length);
}

/**
 * Where the values lie in the store: they stay there, as nothing changes it before the result is
 * made.
 */
function sources(call: Call): Slice[] {
  const slices: Slice[] = [];
  for (let i = 3; i < call.args.count; i++) {
    const { value } = call.store;
    slices.push(find(call, i) ? { ...value } : { bytes: NO_BYTES, start: 0, end: 0 });
  }
  return slices;
}

function combine(operation: Operation, slices: readonly Slice[]): Uint8Array {
  const lengthBytes = Math.max(...slices.map((slice) => slice.end - slice.start));
  const result = new Uint8Array(lengthBytes);
  const [first, ...others] = slices;
  result.set(first.bytes.subarray(first.start, first.end));
  if (operation === 'not') for (let i = 0; i < lengthBytes; i++) result[i] = ~result[i];
  for (const slice of others) fold(operation, result, slice);
  return result;
}

function fold(operation: Operation, result: Uint8Array, { bytes, start, end }: Slice): void {
  const shared = end - start;
  if (operation === 'and') {
    for (let i = 0; i < shared; i++) result[i] &= bytes[start + i];
    result.fill(0, shared);
  } else if (operation === 'or') {
    for (let i = 0; i < shared; i++) result[i] |= bytes[start + i];
  } else {
    for (let i = 0; i < shared; i++) result[i] ^= bytes[start + i];
  }
}
