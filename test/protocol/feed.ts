/** How the protocol tests give bytes to a parser and read what it made of them. */
import { PROTOCOL_ERROR, REQUEST, type RequestParser } from '../../src/protocol/parser.ts';
import type { Reply } from '../../src/protocol/reply.ts';
import { ReplyBuffer } from '../../src/protocol/reply-buffer.ts';

/** One byte a character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** One character a byte. */
export function textOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

export interface Outcome {
  requests: string[][];
  /** Empty without a protocol error. */
  error: string;
  /** Bytes that belong to no finished request. 0 after an error. */
  left: number;
}

/** The unfinished request is moved here, so that a position that didn't follow is found out. */
const OFFSET = 3;
/** Stands behind the end, where a parser has nothing to read: digits and line ends tempt most. */
const BEYOND = bytesOf('77\r\n\n');

/**
 * Parses chunks as a session does: whatever is unfinished moves to a buffer of its own, and the
 * next chunk is put behind it.
 */
export function feed(parser: RequestParser, chunks: readonly Uint8Array[]): Outcome {
  const outcome: Outcome = { requests: [], error: '', left: 0 };
  let kept = new Uint8Array(0);
  for (const chunk of chunks) {
    const end = OFFSET + kept.length + chunk.length;
    const buffer = new Uint8Array(end + BEYOND.length);
    buffer.set(kept, OFFSET);
    buffer.set(chunk, OFFSET + kept.length);
    buffer.set(BEYOND, end);
    parser.moved(buffer, OFFSET);
    parseAll(parser, buffer, end, outcome);
    if (outcome.error !== '') return { ...outcome, left: 0 };
    kept = buffer.slice(parser.next, end);
    outcome.left = kept.length;
  }
  return outcome;
}

function parseAll(parser: RequestParser, bytes: Uint8Array, end: number, outcome: Outcome): void {
  let start = OFFSET;
  let result = parser.parse(bytes, start, end);
  while (result === REQUEST) {
    outcome.requests.push(argumentsOf(parser));
    start = parser.next;
    result = parser.parse(bytes, start, end);
  }
  if (result === PROTOCOL_ERROR) outcome.error = parser.error;
}

export function argumentsOf(parser: RequestParser): string[] {
  return Array.from({ length: parser.args.count }, (_, index) => parser.args.text(index));
}

/** Every way to hand over the same bytes that a test should try. */
export function cuts(text: string): Array<[name: string, chunks: Uint8Array[]]> {
  const bytes = bytesOf(text);
  const ways: Array<[string, Uint8Array[]]> = [
    ['whole', [bytes]],
    ['byte by byte', Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))],
  ];
  for (let i = 1; i < bytes.length; i++) {
    ways.push([`split at ${i}`, [bytes.subarray(0, i), bytes.subarray(i)]]);
  }
  return ways;
}

/** Cuts `bytes` at these positions, wherever they fall within it. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const inside = positions.map((position) => position % (bytes.length + 1));
  const edges = [0, ...inside.sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge));
}

/** `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n` for 'GET', 'k'. */
export function resp(...args: string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}

/** What a reply writer sends when `say` is called on it. */
export function sent<R extends Reply>(
  Writer: new (out: ReplyBuffer) => R,
  say: (reply: R) => void,
): string {
  const out = new ReplyBuffer();
  say(new Writer(out));
  return textOf(out.bytes, 0, out.length);
}
