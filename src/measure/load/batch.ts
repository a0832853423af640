/**
 * The bytes of requests, made once. Before each send only the keys' digits are written anew, in
 * place: the generator makes no string and no object for a request.
 */
import type { Operation, Workload } from './job.ts';

export interface Batch {
  readonly bytes: Uint8Array;
  /** Where each key's last digit is followed by its CRLF. */
  readonly keyEnds: Uint32Array;
  /** Replies that it is answered with. */
  readonly replies: number;
}

/** The keys of one MGET. */
export const MGET_KEYS = 10;
/** As redis-benchmark names keys: 16 bytes. */
const KEY_DIGITS = 12;
const KEY_PREFIX = 'key:';
const ZERO = 48;

/** Counters are keys of their own: a value of SET is no number. */
const COUNTER_PREFIX = 'ctr:';
export const HEAVY_KEYS: readonly string[] = ['heavy:a', 'heavy:b'];
/** LCS compares each byte with each: a million steps, milliseconds on any server. */
export const HEAVY_BYTES = 1024;

/**
 * The batches that a client may send, in equal shares. A pipeline of several takes the operations
 * by turns within one batch; a pipeline of one has a batch for each operation.
 */
export function batchesOf(workload: Workload, pipeline: number): Batch[] {
  const { mix } = workload;
  if (pipeline === 1) return mix.map((operation) => batchOf([operation], workload.valueBytes));
  const operations = Array.from({ length: pipeline }, (_, index) => mix[index % mix.length]);
  return [batchOf(operations, workload.valueBytes)];
}

export function batchOf(operations: readonly Operation[], valueBytes: number): Batch {
  const words = operations.map((operation) => wordsOf(operation, valueBytes));
  const text = words.map(encode).join('');
  const keyEnds = [...text.matchAll(KEY_PATTERN)].map(({ index, 0: key }) => index + key.length);
  return {
    bytes: latin1(text),
    keyEnds: Uint32Array.from(keyEnds),
    replies: operations.length,
  };
}

/** One request of words that do not change. */
export function requestOf(...words: string[]): Batch {
  return { bytes: latin1(encode(words)), keyEnds: new Uint32Array(0), replies: 1 };
}

/** How many digits the greatest key has: those to their left stay 0 and are never written. */
export function digitsOf(keys: number): number {
  return String(keys - 1).length;
}

export function writeKey(bytes: Uint8Array, end: number, key: number, digits: number): void {
  let rest = key;
  for (let at = end - 1; at >= end - digits; at--) {
    const tenth = Math.floor(rest / 10);
    bytes[at] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
}

function wordsOf(operation: Operation, valueBytes: number): string[] {
  switch (operation) {
    case 'SET':
      return ['SET', key(KEY_PREFIX), fillerOf(valueBytes)];
    case 'GET':
      return ['GET', key(KEY_PREFIX)];
    case 'MGET':
      return ['MGET', ...Array.from({ length: MGET_KEYS }, () => key(KEY_PREFIX))];
    case 'INCR':
      return ['INCR', key(COUNTER_PREFIX)];
    case 'LCS':
      return ['LCS', ...HEAVY_KEYS, 'LEN'];
    default:
      return ['PING'];
  }
}

function key(prefix: string): string {
  return prefix + '0'.repeat(KEY_DIGITS);
}

export function fillerOf(lengthBytes: number): string {
  return 'x'.repeat(lengthBytes);
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}

function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

const KEY_PATTERN = new RegExp(`(?:${KEY_PREFIX}|${COUNTER_PREFIX})0{${KEY_DIGITS}}`, 'g');
