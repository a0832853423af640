/** SCAN's promise: what is there from the first call to the last is visited. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reverseBits } from '../../src/store/walk.ts';
import { NOW, put, remove, testStore, textOf } from './fixture.ts';

describe('a scan while the table changes', () => {
  const change = fc.record({
    after: fc.integer({ min: 0, max: 60 }),
    grow: fc.boolean(),
    count: fc.integer({ min: 1, max: 1500 }),
  });

  it.each([1, 2])('misses nothing that stays (%i segments)', (segmentCount) => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 4 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 1200 }),
        (changes, count, extra) => {
          const store = testStore({ segmentCount });
          const staying = Array.from({ length: 60 }, (_, i) => `stays ${i}`);
          for (const key of staying) put(store, key, 'value');
          for (let i = 0; i < extra; i += 1) put(store, `extra ${i}`, 'value');
          const met = new Set<string>();
          let cursor = 0;
          let calls = 0;
          do {
            store.begin(NOW, false, false);
            cursor = store.scan(0, cursor, count, () => {
              met.add(textOf(store.key.bytes, store.key.start, store.key.end));
            });
            store.end();
            for (const each of changes.filter(({ after }) => after === calls)) {
              for (let i = 0; i < each.count; i += 1) {
                if (each.grow) put(store, `extra ${i}`, 'value');
                else remove(store, `extra ${i}`);
              }
            }
            calls += 1;
          } while (cursor !== 0);
          expect(staying.filter((key) => !met.has(key))).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  it('visits about as many as it was asked for', () => {
    const store = testStore();
    for (let i = 0; i < 5000; i += 1) put(store, `key ${i}`, 'value');
    let visited = 0;
    store.begin(NOW, false, false);
    store.scan(0, 0, 100, () => {
      visited += 1;
    });
    store.end();
    expect(visited).toBeGreaterThanOrEqual(100);
    expect(visited).toBeLessThan(150);
  });

  it.each([2 ** 32 - 1, 2 ** 32, 12345, 2 ** 53 - 1])('takes any cursor (%d)', (cursor) => {
    const store = testStore();
    for (let i = 0; i < 100; i += 1) put(store, `key ${i}`, 'value');
    store.begin(NOW, false, false);
    expect(store.scan(0, cursor, 10, () => {})).toBeGreaterThanOrEqual(0);
    store.end();
  });
});

describe('reverseBits', () => {
  it('turns a word round', () => {
    expect(reverseBits(1) >>> 0).toBe(0x80000000);
    expect(reverseBits(0x80000000 | 0)).toBe(1);
    expect(reverseBits(0b1011) >>> 0).toBe(0xd0000000);
  });

  it('undoes itself', () => {
    fc.assert(fc.property(fc.integer(), (word) => reverseBits(reverseBits(word)) === word));
  });
});
