/**
 * Glob patterns over bytes, with Redis' rules (KEYS): `*`, `?`, `[a-c]`, `[^x]`, and `\` before a
 * byte that stands for itself. A class that is never closed ends with the pattern.
 *
 * Every part but `*` takes exactly one byte, so on a mismatch it is enough to let the last `*` take
 * one byte more: at most pattern × text steps and no recursion, whatever the pattern.
 */

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const CARET = 0x5e;
const DASH = 0x2d;

export interface Glob {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly ignoreCase: boolean;
}

/** Whether `text[start, end)` matches the pattern as a whole. */
export function matchesGlob(glob: Glob, text: Uint8Array, start: number, end: number): boolean {
  const { bytes, end: patternEnd } = glob;
  let at = glob.start;
  let position = start;
  // As in Redis, nothing but the empty pattern matches the empty text, not even a star.
  if (start === end) return at === patternEnd;
  let afterStar = -1;
  let starTakesTo = start;
  while (position < end) {
    if (at < patternEnd && bytes[at] === STAR) {
      afterStar = ++at;
      if (afterStar === patternEnd) return true;
      starTakesTo = position;
      continue;
    }
    const next = at < patternEnd ? matchOne(glob, at, text[position]) : MISMATCH;
    if (next !== MISMATCH) {
      at = next;
      position++;
    } else if (afterStar >= 0) {
      at = afterStar;
      position = ++starTakesTo;
    } else {
      return false;
    }
  }
  while (at < patternEnd && bytes[at] === STAR) at++;
  return at === patternEnd;
}

/** The same for text of one byte a character, whatever the case of its letters. For cold paths. */
export function matchesText(pattern: string, text: string): boolean {
  const bytes = bytesOf(pattern);
  const glob = { bytes, start: 0, end: bytes.length, ignoreCase: true };
  return matchesGlob(glob, bytesOf(text), 0, text.length);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const MISMATCH = -1;

/** Where the pattern goes on after the part at `at` took `byte`, or MISMATCH. */
function matchOne(glob: Glob, at: number, byte: number): number {
  const { bytes, end } = glob;
  if (bytes[at] === QUESTION) return at + 1;
  if (bytes[at] === OPEN) return matchClass(glob, at + 1, byte);
  const literal = bytes[at] === BACKSLASH && at + 1 < end ? at + 1 : at;
  return fold(bytes[literal], glob) === fold(byte, glob) ? literal + 1 : MISMATCH;
}

function matchClass(glob: Glob, start: number, byte: number): number {
  const { bytes, end } = glob;
  const negated = start < end && bytes[start] === CARET;
  const wanted = fold(byte, glob);
  let at = negated ? start + 1 : start;
  let found = false;
  while (at < end && bytes[at] !== CLOSE) {
    if (bytes[at] === BACKSLASH && at + 1 < end) {
      if (bytes[at + 1] === byte) found = true;
      at += 2;
    } else if (at + 2 < end && bytes[at + 1] === DASH) {
      if (between(fold(bytes[at], glob), wanted, fold(bytes[at + 2], glob))) found = true;
      at += 3;
    } else {
      if (fold(bytes[at], glob) === wanted) found = true;
      at++;
    }
  }
  return found === negated ? MISMATCH : Math.min(at + 1, end);
}

/** Redis takes `[z-a]` for `[a-z]`. */
function between(first: number, byte: number, last: number): boolean {
  return first <= last ? byte >= first && byte <= last : byte >= last && byte <= first;
}

function fold(byte: number, glob: Glob): number {
  return glob.ignoreCase && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
