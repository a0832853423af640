/** The figures that the store promises: bytes a key, and how much of its memory lies in holes. */
import { describe, expect, it } from 'vitest';
import { MEBIBYTE, NOW, testStore } from './fixture.ts';

const KEY_BYTES = 14;
const VALUE_BYTES = 32;
const KEYS = 1_000_000;

/** `key:0000012345`, written into the same bytes each time. */
function keyWriter(): (number: number) => Uint8Array {
  const key = Uint8Array.from('key:0000000000', (character) => character.charCodeAt(0));
  return (number) => {
    let left = number;
    for (let at = KEY_BYTES - 1; at > 3; at -= 1) {
      key[at] = 48 + (left % 10);
      left = Math.floor(left / 10);
    }
    return key;
  };
}

describe('a million keys of 14 bytes with values of 32', () => {
  it.each([
    ['no expiry take at most 20 bytes more each', -1, 20],
    ['an expiry take at most 28 bytes more each', NOW + 1e9, 28],
  ])('and %s', (_name, expireAtMs, mostBytes) => {
    const store = testStore({ segmentBytes: 128 * MEBIBYTE });
    const keyOf = keyWriter();
    const value = new Uint8Array(VALUE_BYTES).fill(120);
    for (let i = 0; i < KEYS; i += 1) {
      store.begin(NOW, true, false);
      store.set(0, keyOf(i), 0, KEY_BYTES, value, 0, VALUE_BYTES, expireAtMs);
      store.end();
    }
    const overhead = store.statistics.footprintBytes / KEYS - KEY_BYTES - VALUE_BYTES;
    expect(overhead).toBeLessThan(mostBytes);
    expect(store.verify()).toEqual([]);
  });
});

describe('after writing the data set ten times over', () => {
  const sizes: ReadonlyArray<[string, (round: number, chance: number) => number]> = [
    ['sizes from 1 to 1000', (_round, chance) => 1 + Math.floor(chance * 1000)],
    ['sizes from 1 byte to 16 KiB, small ones as many', (_round, chance) => 2 ** (chance * 14)],
    ['sizes that change from round to round', (round, chance) => 100 + round * 37 + chance * 30],
  ];

  it.each(sizes)('with %s the footprint is within 1.25 of the live bytes', (_name, sizeOf) => {
    const store = testStore({ segmentBytes: 256 * MEBIBYTE });
    const keyOf = keyWriter();
    const value = new Uint8Array(20_000).fill(120);
    const keys = 20_000;
    const lengths = new Float64Array(keys);
    for (let round = 0; round <= 10; round += 1) {
      for (let i = 0; i < keys; i += 1) {
        const number = round === 0 ? i : Math.floor(Math.random() * keys);
        const length = Math.floor(sizeOf(round, Math.random()));
        lengths[number] = length;
        store.begin(NOW, true, false);
        expect(store.set(0, keyOf(number), 0, KEY_BYTES, value, 0, length, -1)).toBe(true);
        store.end();
      }
    }
    const live = lengths.reduce((sum, length) => sum + length, 0) + keys * KEY_BYTES;
    expect(store.statistics.footprintBytes / live).toBeLessThan(1.25);
    expect(store.verify()).toEqual([]);
  });
});
