/**
 * CRC-64 with Jones' polynomial, bits reflected, as in Redis' RDB format. In two 32-bit halves,
 * since BigInt per byte would be a hundred times as slow. Check value of `123456789`:
 * 0xe9c6d914c4b8d9ca.
 */

/** 0xad93d23594c935a9 with its bits reversed. */
const POLYNOMIAL_HIGH = 0x95ac9329 | 0;
const POLYNOMIAL_LOW = 0xac4bc9b5 | 0;

const high = new Int32Array(256);
const low = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let upper = 0;
  let lower = byte;
  for (let bit = 0; bit < 8; bit++) {
    const carry = lower & 1;
    lower = (lower >>> 1) | (upper << 31);
    upper >>>= 1;
    if (carry === 1) {
      lower ^= POLYNOMIAL_LOW;
      upper ^= POLYNOMIAL_HIGH;
    }
  }
  high[byte] = upper;
  low[byte] = lower;
}

export function crc64(bytes: Uint8Array, start: number, end: number): bigint {
  let upper = 0;
  let lower = 0;
  for (let i = start; i < end; i++) {
    const index = (lower ^ bytes[i]) & 0xff;
    lower = ((lower >>> 8) | (upper << 24)) ^ low[index];
    upper = (upper >>> 8) ^ high[index];
  }
  return (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0);
}
