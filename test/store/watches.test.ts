/** The versions behind WATCH: what changes them, and what leaves them alone. */
import { beforeEach, describe, expect, test } from 'vitest';
import { NO_EXPIRY } from '../../src/store/face.ts';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, get, NOW, put, remove, testStore } from './fixture.ts';

let store: SegmentedStore;

beforeEach(() => {
  store = testStore({ segmentCount: 4 });
  store.watches.begin();
});

function version(key: string, database = 0): number {
  const bytes = bytesOf(key);
  return store.watches.version(database, bytes, 0, bytes.length);
}

/** Whether what `act` does changes the version of `k`. */
function changes(act: () => void): boolean {
  const before = version('k');
  act();
  return version('k') !== before;
}

/** A call that takes a key, in a batch of its own. */
function batch(call: (key: Uint8Array) => void): () => void {
  return () => {
    store.begin(NOW, true, false);
    call(bytesOf('k'));
    store.end();
  };
}

describe('with the key there', () => {
  beforeEach(() => {
    put(store, 'k', 'v');
  });

  test.each<[string, () => void]>([
    ['a set, even to the same value', () => put(store, 'k', 'v')],
    ['a removal', () => remove(store, 'k')],
    ['an expiry', batch((key) => store.setExpiry(0, key, 0, 1, NOW + 1))],
    ['an expiry taken away', batch((key) => store.setExpiry(0, key, 0, 1, NO_EXPIRY))],
    ['a part, even of no length', batch((key) => store.setRange(0, key, 0, 1, 0, key, 0, 0))],
  ])('%s changes it', (_what, act) => {
    expect(changes(act)).toBe(true);
  });

  test.each<[string, () => void]>([
    ['a read', () => get(store, 'k')],
    ['a write of another key', () => put(store, 'other', 'v')],
    ['a write of the key in another database', () => put(store, 'k', 'v', { database: 1 })],
    ['a removal of what is not there', () => remove(store, 'missing')],
  ])('%s leaves it alone', (_what, act) => {
    expect(changes(act)).toBe(false);
  });
});

test('an expiry of a missing key leaves its version alone', () => {
  expect(changes(batch((key) => store.setExpiry(0, key, 0, 1, NOW)))).toBe(false);
});

test('nothing is counted once nobody watches any more', () => {
  store.watches.end();
  expect(changes(() => put(store, 'k', 'v'))).toBe(false);
});

test('both databases of an exchange count it, and no other', () => {
  store.begin(NOW, true, true);
  store.swap(1, 3);
  store.end();
  const counts = [0, 1, 2, 3].map((database) => store.watches.exchanges(database));
  expect(counts).toEqual([0, 1, 0, 1]);
});

test('1,000 writes of other keys change hardly any of 100 versions', () => {
  const before = Array.from(Array(100), (_, i) => version(`watched:${i}`));
  for (let i = 0; i < 1000; i++) put(store, `foreign:${i}`, 'v');
  const after = Array.from(Array(100), (_, i) => version(`watched:${i}`));
  const touched = after.filter((now, i) => now !== before[i]);
  expect(touched.length).toBeLessThan(10);
});
