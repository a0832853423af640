/**
 * Walks over the bits of a value. `base` is where the value starts; positions are bits from there.
 */

/** How many bits of `[from, to)` are 1. */
export function onesInRange(bytes: Uint8Array, base: number, from: number, to: number): number {
  const firstByte = base + Math.floor(from / 8);
  const lastByte = base + Math.floor(to / 8);
  const head = 0xff >> (from % 8);
  const tail = to % 8 === 0 ? 0 : 0xff & ~(0xff >> (to % 8));
  if (firstByte === lastByte) return onesOf(bytes[firstByte] & head & tail);
  const ones = onesOf(bytes[firstByte] & head) + onesInBytes(bytes, firstByte + 1, lastByte);
  return tail === 0 ? ones : ones + onesOf(bytes[lastByte] & tail);
}

/** From here on the view over whole words pays. */
const VIEW_BYTES = 256;

function onesInBytes(bytes: Uint8Array, start: number, end: number): number {
  let ones = 0;
  let at = start;
  if (end - start >= VIEW_BYTES) {
    while ((bytes.byteOffset + at) % 4 !== 0) ones += onesOf(bytes[at++]);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2);
    for (let i = 0; i < words.length; i++) ones += onesOf(words[i]);
    at += words.length * 4;
  }
  while (at < end) ones += onesOf(bytes[at++]);
  return ones;
}

/** Adds up neighbouring bits, then pairs, then halves of bytes, then bytes. */
function onesOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The first bit of `[from, to)` that is `bit`, or `to`. */
export function findBit(
  bytes: Uint8Array,
  base: number,
  from: number,
  to: number,
  bit: number,
): number {
  const flip = bit === 1 ? 0 : 0xff;
  let at = base + Math.floor(from / 8);
  const end = base + Math.ceil(to / 8);
  let wanted = (bytes[at] ^ flip) & (0xff >> (from % 8));
  if (wanted === 0) {
    at = skipBytes(bytes, at + 1, end, flip);
    if (at === end) return to;
    wanted = bytes[at] ^ flip;
  }
  // clz32 counts from bit 31; the byte's highest is bit 7.
  return Math.min(to, (at - base) * 8 + Math.clz32(wanted) - 24);
}

/** The first byte of `[start, end)` that is not `fill`, or `end`. */
function skipBytes(bytes: Uint8Array, start: number, end: number, fill: number): number {
  let at = start;
  if (end - start >= VIEW_BYTES) {
    for (; (bytes.byteOffset + at) % 4 !== 0; at++) if (bytes[at] !== fill) return at;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2);
    const fillWord = fill === 0 ? 0 : -1;
    let i = 0;
    while (i < words.length && words[i] === fillWord) i++;
    at += i * 4;
  }
  while (at < end && bytes[at] === fill) at++;
  return at;
}
