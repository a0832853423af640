/**
 * The grammar of strace's arguments: quoted strings with C's escapes, brackets, descriptors that
 * are followed by what they are (`7<TCP:[127.0.0.1:6379->127.0.0.1:45100]>`).
 */

/** The position of the parenthesis that closes an argument list; -1: the line ends before it. */
export function endOfArguments(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const next = skipToken(text, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const character = text[at];
    if (OPENING.includes(character)) depth++;
    else if (depth === 0 && character === ')') return at;
    else if (CLOSING.includes(character)) depth--;
    at++;
  }
  return -1;
}

/** The arguments of a call: split at the commas that stand in no bracket and no string. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const next = skipToken(text, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const character = text[at];
    if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
    at++;
  }
  if (from > 0 || text.trim() !== '') parts.push(text.slice(from).trim());
  return parts;
}

const OPENING = '([{';
const CLOSING = ')]}';

/** Past the string, comment or description that begins here; `at` itself where none does. */
function skipToken(text: string, at: number): number {
  const character = text[at];
  if (character === '"') return endOfString(text, at);
  if (character === '/' && text[at + 1] === '*') return endOfComment(text, at);
  if (character === '<' && /[\dD]/.test(text[at - 1] ?? '')) return endOfFile(text, at);
  return at;
}

/** Past the closing quote; the end of the text where there is none. */
export function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

function endOfComment(text: string, at: number): number {
  const end = text.indexOf('*/', at);
  return end < 0 ? text.length : end + 2;
}

/**
 * What a descriptor is ends at the first `>` that is no part of an arrow: strace escapes others.
 */
function endOfFile(text: string, at: number): number {
  for (let end = text.indexOf('>', at); end >= 0; end = text.indexOf('>', end + 1)) {
    if (text[end - 1] !== '-') return end + 1;
  }
  // `x <5`, in a log that somebody has edited.
  return at + 1;
}

/** `7<TCP:[…]>` or `7`: the number, and what it is. */
export function descriptorOf(text: string): { fd: number; file: string } {
  const match = /^(-?\d+)(?:<(.*?[^-])>)?/.exec(text);
  if (match === null) return { fd: -1, file: '' };
  return { fd: Number(match[1]), file: match[2] ?? '' };
}

export interface Quoted {
  readonly bytes: Uint8Array;
  /** What stands right before the opening quote: `iov_base=`. */
  readonly before: string;
}

/** All strings in the text, unescaped. */
export function stringsIn(text: string): Quoted[] {
  const found: Quoted[] = [];
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = endOfString(text, at);
    const before = text.slice(Math.max(0, at - LONGEST_LABEL), at);
    found.push({ bytes: unescapeBytes(text.slice(at + 1, end - 1)), before });
    at = end;
  }
  return found;
}

const LONGEST_LABEL = 'iov_base='.length;

/** Undoes C's escapes: `\r`, `\0`, `\33`, `\x1b`. Bytes above 127 never stand for themselves. */
export function unescapeBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') {
      bytes[length++] = text.charCodeAt(at);
      continue;
    }
    const [value, used] = unescapeOne(text, at + 1);
    bytes[length++] = value;
    at += used;
  }
  return bytes.slice(0, length);
}

/** The byte, and how many characters behind the backslash made it. */
function unescapeOne(text: string, at: number): [number, number] {
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0];
  if (octal !== undefined) return [Number.parseInt(octal, 8), octal.length];
  const hexadecimal = /^x([\da-fA-F]{1,2})/.exec(text.slice(at, at + 3));
  if (hexadecimal !== null) return [Number.parseInt(hexadecimal[1], 16), hexadecimal[0].length];
  const character = text[at] ?? '\\';
  return [ESCAPES[character] ?? character.charCodeAt(0), 1];
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  f: 12,
  v: 11,
  a: 7,
  b: 8,
  e: 27,
};
