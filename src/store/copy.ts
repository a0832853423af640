/** Bytes into the words of a segment. */

/** From here on one bulk copy beats gathering words from bytes. */
export const BULK_BYTES = 96;

/**
 * Copies `source[start, end)` to the word `at` of a segment, and leaves what follows as it was or,
 * up to the next word, zero. The source may be the segment itself, overlapping.
 */
export function copyInto(
  words: Int32Array,
  bytes: Uint8Array,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start;
  if (source === bytes) bytes.copyWithin(at * 4, start, end);
  else if (length <= BULK_BYTES) gatherWords(words, at, source, start, length);
  else if (length === source.length) bytes.set(source, at * 4);
  else bytes.set(source.subarray(start, end), at * 4);
}

/** Little-endian words of `length` bytes, the last one padded with zeros. */
export function gatherWords(
  words: Int32Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): void {
  const whole = at + (length >>> 2);
  let from = start;
  for (let i = at; i < whole; i += 1) {
    words[i] =
      bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
    from += 4;
  }
  const left = length & 3;
  if (left === 0) return;
  let last = bytes[from];
  if (left > 1) last |= bytes[from + 1] << 8;
  if (left > 2) last |= bytes[from + 2] << 16;
  words[whole] = last;
}
