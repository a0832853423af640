import { describe, expect, it } from 'vitest';
import { KeyHash, tagOf } from '../../src/store/hash.ts';
import { bytesOf } from './fixture.ts';

function hashOf(hash: KeyHash, key: string): bigint {
  const bytes = bytesOf(key);
  hash.ofBytes(bytes, 0, bytes.length);
  return (BigInt(hash.index >>> 0) << 32n) | BigInt(hash.mark >>> 0);
}

function bitsOf(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}

describe('the hash of a key', () => {
  it.each([0, 1, 3, 4, 14, 96, 97, 1024, 1025, 5000])(
    'is the same from bytes and from words (%i bytes)',
    (length) => {
      const bytes = Uint8Array.from({ length: length + 3 }, (_, i) => i * 7);
      const hash = new KeyHash(1, 2);
      hash.ofBytes(bytes, 3, 3 + length);
      const first = [hash.index, hash.mark];
      hash.ofWords(hash.key.slice(), 0, length);
      expect([hash.index, hash.mark]).toEqual(first);
    },
  );

  it('tells keys apart that differ only in zeros at their end', () => {
    const hash = new KeyHash(1, 2);
    const all = ['', '\0', '\0\0', '\0\0\0\0', '\0\0\0\0\0'].map((key) => hashOf(hash, key));
    expect(new Set(all).size).toBe(5);
  });

  it('is another under another seed', () => {
    expect(hashOf(new KeyHash(1, 2), 'key')).not.toBe(hashOf(new KeyHash(1, 3), 'key'));
    expect(hashOf(new KeyHash(1, 2), 'key')).not.toBe(hashOf(new KeyHash(2, 2), 'key'));
  });

  it('changes half of its bits with any bit of the key', () => {
    const hash = new KeyHash(0x1234, 0x5678);
    const bytes = bytesOf('key:0000012345');
    const before = hashOf(hash, 'key:0000012345');
    let changed = 0;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      hash.ofBytes(bytes, 0, bytes.length);
      bytes[bit >> 3] ^= 1 << (bit & 7);
      const after = (BigInt(hash.index >>> 0) << 32n) | BigInt(hash.mark >>> 0);
      changed += bitsOf(before ^ after);
    }
    expect(changed / (bytes.length * 8)).toBeGreaterThan(30);
    expect(changed / (bytes.length * 8)).toBeLessThan(34);
  });

  it.each([
    ['the low bits of the index', (hash: KeyHash) => hash.index & 255],
    ['the high bits of the index', (hash: KeyHash) => hash.index >>> 24],
    ['the tag', (hash: KeyHash) => tagOf(hash.mark)],
    ['what chooses the segment', (hash: KeyHash) => (hash.mark >>> 8) & 255],
  ])('spreads keys that count up evenly over %s', (_name, part) => {
    const hash = new KeyHash(42, 43);
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < 256_000; i += 1) {
      hashOf(hash, `key:${i}`);
      counts[part(hash)] += 1;
    }
    // Poisson with mean 1000: 5.5 deviations. Tag 1 has the share of tag 0 as well.
    const seen = counts.filter((count) => count > 0 && count < 1900);
    expect(Math.min(...seen)).toBeGreaterThan(826);
    expect(Math.max(...seen)).toBeLessThan(1174);
    expect(seen.length).toBeGreaterThan(253);
  });

  it('gives no tag that means an empty slot', () => {
    expect(tagOf(0)).toBe(1);
    expect(tagOf(0x100)).toBe(1);
    expect(tagOf(0x1ff)).toBe(255);
  });
});
