/**
 * Finds passwords where they are said aloud: in the answer to CONFIG GET, and in what a parent
 * hands its processes.
 */
import type { Hide } from './requests.ts';

const NAMES = ['requirepass', 'masterauth'].map((name) => new TextEncoder().encode(name));
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const DOLLAR = 0x24;

/** Tells where in `bytes[start, end)` the value behind a password's name stands. */
export function findSettings(bytes: Uint8Array, start: number, end: number, hide: Hide): void {
  for (const name of NAMES) {
    for (let at = start; at + name.length < end; at++) {
      if (bytes[at] === name[0] && isAt(bytes, at, name)) {
        const [from, to] = valueBehind(bytes, at + name.length, end);
        if (to > from) hide(from, to);
      }
    }
  }
}

function isAt(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  return name.every((byte, i) => bytes[at + i] === byte);
}

function valueBehind(bytes: Uint8Array, at: number, end: number): [from: number, to: number] {
  if (bytes[at] === QUOTE && bytes[at + 1] === COLON) return jsonText(bytes, at + 3, end);
  const line = nextLine(bytes, at, end);
  // Of RESP the length is a line of its own; what it announces may hold line ends.
  if (bytes[line] !== DOLLAR) return [line, lineEnd(bytes, line, end)];
  const from = nextLine(bytes, line, end);
  const length = Number.parseInt(String.fromCharCode(...bytes.subarray(line + 1, from)), 10);
  return [from, Math.min(end, from + (Number.isNaN(length) ? end : length))];
}

function jsonText(bytes: Uint8Array, from: number, end: number): [from: number, to: number] {
  let to = from;
  while (to < end && bytes[to] !== QUOTE) to += bytes[to] === BACKSLASH ? 2 : 1;
  return [from, Math.min(to, end)];
}

/** Where the line behind this one begins; `end` where there is none. */
function nextLine(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== CR && bytes[at] !== LF && bytes[at] !== DOLLAR) return end;
  const found = bytes.subarray(at, end).indexOf(LF);
  return found < 0 ? end : at + found + 1;
}

function lineEnd(bytes: Uint8Array, at: number, end: number): number {
  const found = bytes.subarray(at, end).indexOf(LF);
  const until = found < 0 ? end : at + found;
  return until > at && bytes[until - 1] === CR ? until - 1 : until;
}
