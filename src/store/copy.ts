/** Bytes into the words of a segment. */

/** From here on one bulk copy beats gathering words from bytes. */
export const BULK_BYTES = 192;
/** Below this, reading byte by byte is as quick as seeing to it that there is a view. */
const LEAST_VIEWED_BYTES = 8;
/** A larger source served one large request: no view is to keep it alive. */
const LARGEST_VIEWED_BYTES = 2 ** 20;

/**
 * The last source, as a view that reads words wherever they begin: twice as fast as bytes. Nearly
 * all sources are the one buffer that requests are received into.
 */
let viewed: Uint8Array = new Uint8Array(0);
let view: DataView = new DataView(viewed.buffer);

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
  if (length >= LEAST_VIEWED_BYTES && bytes.length <= LARGEST_VIEWED_BYTES) {
    if (bytes !== viewed) viewAs(bytes);
    const source = view;
    for (let i = at; i < whole; i += 1) {
      words[i] = source.getInt32(from, true);
      from += 4;
    }
  } else {
    for (let i = at; i < whole; i += 1) {
      words[i] =
        bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
      from += 4;
    }
  }
  const left = length & 3;
  if (left === 0) return;
  let last = bytes[from];
  if (left > 1) last |= bytes[from + 1] << 8;
  if (left > 2) last |= bytes[from + 2] << 16;
  words[whole] = last;
}

function viewAs(bytes: Uint8Array): void {
  viewed = bytes;
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
