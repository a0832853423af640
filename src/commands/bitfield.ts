/**
 * BITFIELD: integers of 1 to 64 bits anywhere in a string. redis.io/docs/latest/commands/bitfield
 */

import { bitOffsetArgument } from './bits.ts';
import type { Call } from './call.ts';
import { find, putRange } from './entry.ts';
import { NOT_AN_INTEGER, SYNTAX } from './errors.ts';
import { parseInteger, parseInteger64 } from './numbers.ts';
import { isWord } from './words.ts';

type Overflow = 'wrap' | 'sat' | 'fail';

interface FieldOperation {
  readonly word: 'get' | 'set' | 'incrby';
  readonly signed: boolean;
  readonly bits: number;
  readonly offset: number;
  /** What to set or to add. */
  readonly operand: bigint;
  readonly overflow: Overflow;
}

/** The value at hand; empty where there is none. */
interface Field {
  bytes: Uint8Array;
  /** Where byte 0 of the value is, even if it lies before the bytes. */
  start: number;
  end: number;
}

const NOTHING: Field = { bytes: new Uint8Array(0), start: 0, end: 0 };

export function bitField(call: Call): void {
  const operations = readOperations(call);
  if (operations !== undefined) run(call, operations);
}

export function bitFieldReadOnly(call: Call): void {
  const operations = readOperations(call);
  if (operations === undefined) return;
  if (operations.some((operation) => operation.word !== 'get')) {
    return call.reply.error('ERR BITFIELD_RO only supports the GET subcommand');
  }
  run(call, operations);
}

function readOperations(call: Call): FieldOperation[] | undefined {
  const { args } = call;
  const operations: FieldOperation[] = [];
  let overflow: Overflow = 'wrap';
  for (let i = 2; i < args.count; ) {
    const more = args.count - 1 - i;
    if (isWord(args, i, 'overflow') && more >= 1) {
      const chosen = overflowArgument(call, i + 1);
      if (chosen === undefined) return undefined;
      overflow = chosen;
      i += 2;
      continue;
    }
    const operation = readOperation(call, i, more, overflow);
    if (operation === undefined) return undefined;
    operations.push(operation);
    i += operation.word === 'get' ? 3 : 4;
  }
  return operations;
}

function overflowArgument({ args, reply }: Call, index: number): Overflow | undefined {
  const overflows: readonly Overflow[] = ['wrap', 'sat', 'fail'];
  const chosen = overflows.find((word) => isWord(args, index, word));
  if (chosen === undefined) reply.error('ERR Invalid OVERFLOW type specified');
  return chosen;
}

function readOperation(
  call: Call,
  index: number,
  more: number,
  overflow: Overflow,
): FieldOperation | undefined {
  const { args, reply } = call;
  const words = ['get', 'set', 'incrby'] as const;
  const word = words.find((name) => isWord(args, index, name));
  if (word === undefined || more < (word === 'get' ? 2 : 3)) {
    reply.error(SYNTAX);
    return undefined;
  }
  const bits = fieldBits(call, index + 1);
  if (bits === 0) return undefined;
  const offset = bitOffsetArgument(call, index + 2, bits);
  if (offset < 0) return undefined;
  const operand = word === 'get' ? 0n : operandArgument(call, index + 3);
  if (operand === undefined) return undefined;
  const signed = args.bytes[args.starts[index + 1]] === SIGNED;
  return { word, signed, bits, offset, operand, overflow };
}

const SIGNED = 0x69;
const UNSIGNED = 0x75;
const BAD_TYPE =
  'ERR Invalid bitfield type. Use something like i16 u8. ' +
  'Note that u64 is not supported but i64 is.';

/** The bits of `i16` or `u8`; 0 and the error answered for what is no such type. */
function fieldBits({ args, reply }: Call, index: number): number {
  const start = args.starts[index];
  const letter = args.bytes[start];
  const bits = parseInteger(args.bytes, start + 1, args.ends[index]);
  const atMost = letter === SIGNED ? 64 : letter === UNSIGNED ? 63 : 0;
  if (args.length(index) > 0 && bits >= 1 && bits <= atMost) return bits;
  reply.error(BAD_TYPE);
  return 0;
}

function operandArgument({ args, reply }: Call, index: number): bigint | undefined {
  const operand = parseInteger64(args.bytes, args.starts[index], args.ends[index]);
  if (operand === undefined) reply.error(NOT_AN_INTEGER);
  return operand;
}

function run(call: Call, operations: readonly FieldOperation[]): void {
  const { reply, store } = call;
  const { value } = store;
  const lengthBytes = find(call, 1) ? value.end - value.start : 0;
  const writes = operations.filter(({ word }) => word !== 'get');
  const there = lengthBytes > 0 ? value : NOTHING;
  const field = writes.length > 0 ? copyOf(there, operations) : there;
  const answers = operations.map((operation) => apply(field, operation));
  if (writes.length > 0) {
    const { first, beyond } = span(writes);
    // Even where nothing has changed: the store is to know of it.
    if (!putRange(call, first, field.bytes, field.start + first, field.start + beyond)) return;
  }
  reply.array(answers.length);
  for (const answer of answers) {
    if (answer === undefined) reply.nil();
    else reply.bigInteger(answer);
  }
}

/** What the operations are about, to be worked on; the store then takes it in one piece. */
function copyOf(field: Field, operations: readonly FieldOperation[]): Field {
  const { first, beyond } = span(operations);
  const bytes = new Uint8Array(beyond - first);
  const { start, end } = field;
  bytes.set(field.bytes.subarray(Math.min(start + first, end), Math.min(start + beyond, end)));
  return { bytes, start: -first, end: bytes.length };
}

/** The bytes from the first to the last that the operations are about. */
function span(operations: readonly FieldOperation[]): { first: number; beyond: number } {
  return {
    first: Math.min(...operations.map(({ offset }) => Math.floor(offset / 8))),
    beyond: Math.max(...operations.map(({ offset, bits }) => Math.ceil((offset + bits) / 8))),
  };
}

/** The answer; undefined where the result did not fit and nothing was changed. */
function apply(field: Field, operation: FieldOperation): bigint | undefined {
  const { word, signed, bits, offset, operand } = operation;
  const before = readField(field, operation);
  if (word === 'get') return before;
  // An unsigned field takes a negative number to set for the large one of the same bits.
  const meant = signed ? operand : BigInt.asUintN(64, operand);
  const after = fitted(operation, word === 'set' ? meant : before + operand);
  if (after === undefined) return undefined;
  writeField(field, offset, bits, after);
  return word === 'set' ? before : after;
}

function fitted({ signed, bits, overflow }: FieldOperation, wanted: bigint): bigint | undefined {
  const size = 1n << BigInt(bits);
  const least = signed ? -(size / 2n) : 0n;
  const most = least + size - 1n;
  if (wanted >= least && wanted <= most) return wanted;
  if (overflow === 'fail') return undefined;
  if (overflow === 'sat') return wanted < least ? least : most;
  return signed ? BigInt.asIntN(bits, wanted) : BigInt.asUintN(bits, wanted);
}

/** Bits beyond the value's end are zeros. */
function readField({ bytes, start, end }: Field, operation: FieldOperation): bigint {
  const { signed, bits, offset } = operation;
  let value = 0n;
  const beyond = offset + bits;
  for (let byte = Math.floor(offset / 8); byte * 8 < beyond; byte++) {
    value = (value << 8n) | BigInt(start + byte < end ? bytes[start + byte] : 0);
  }
  const field = BigInt.asUintN(bits, value >> BigInt((8 - (beyond % 8)) % 8));
  return signed ? BigInt.asIntN(bits, field) : field;
}

function writeField(field: Field, offset: number, bits: number, value: bigint): void {
  const { bytes, start } = field;
  let rest = BigInt.asUintN(bits, value);
  for (let bit = offset + bits - 1; bit >= offset; bit--) {
    const at = start + Math.floor(bit / 8);
    const mask = 0x80 >> (bit % 8);
    bytes[at] = (rest & 1n) === 1n ? bytes[at] | mask : bytes[at] & ~mask;
    rest >>= 1n;
  }
}
