import { describe, expect, it } from 'vitest';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, get, NOW, put, remove, scanAll, testStore, textOf } from './fixture.ts';

describe('set and find', () => {
  it('keeps what it was given', () => {
    const store = testStore();
    expect(put(store, 'name', 'value')).toBe(true);
    expect(get(store, 'name')).toBe('value');
  });

  it('knows nothing of other keys', () => {
    const store = testStore();
    put(store, 'name', 'value');
    expect(get(store, 'nam')).toBeNull();
    expect(get(store, 'name\0')).toBeNull();
  });

  it.each(['', 'x', 'abcd', '\0\0\0\0', 'k'.repeat(255), 'k'.repeat(256), 'k'.repeat(5000)])(
    'takes a key of any length and any bytes (%#)',
    (key) => {
      const store = testStore();
      put(store, key, `value of ${key.length}`);
      expect(get(store, key)).toBe(`value of ${key.length}`);
      expect(store.verify()).toEqual([]);
    },
  );

  it.each([0, 1, 7, 8, 95, 96, 97, 65_535, 65_536, 100_000])(
    'takes a value of %i bytes',
    (length) => {
      const store = testStore();
      const value = 'v'.repeat(length);
      put(store, 'key', value);
      expect(get(store, 'key')).toBe(value);
      expect(store.verify()).toEqual([]);
    },
  );

  it.each([
    ['shorter', 'a'.repeat(50), 'b'],
    ['as long', 'a'.repeat(50), 'b'.repeat(50)],
    ['longer', 'a', 'b'.repeat(500)],
    ['short instead of long', 'a'.repeat(70_000), 'b'],
    ['long instead of short', 'a', 'b'.repeat(70_000)],
  ])('replaces a value by one that is %s', (_name, first, second) => {
    const store = testStore();
    put(store, 'key', first);
    put(store, 'key', second);
    expect(get(store, 'key')).toBe(second);
    expect(store.count(0)).toBe(1);
    expect(store.verify()).toEqual([]);
  });

  it('takes a value that lies inside the store', () => {
    const store = testStore();
    put(store, 'from', 'abcdefgh'.repeat(100));
    const from = bytesOf('from');
    const to = bytesOf('to');
    store.begin(NOW, true, true);
    store.find(0, from, 0, 4);
    const { bytes, start, end } = store.value;
    store.set(0, to, 0, 2, bytes, start + 8, end, -1);
    store.set(0, from, 0, 4, bytes, start + 1, start + 5, -1);
    store.end();
    expect(get(store, 'to')).toBe('abcdefgh'.repeat(99));
    expect(get(store, 'from')).toBe('bcde');
  });

  it('counts hits and misses, but not what is only peeked at', () => {
    const store = testStore();
    put(store, 'key', 'value');
    get(store, 'key');
    get(store, 'other');
    get(store, 'third');
    store.begin(NOW, false, false);
    store.peek(0, bytesOf('key'), 0, 3);
    store.peek(0, bytesOf('kez'), 0, 3);
    store.end();
    expect(store.statistics.hits).toBe(1);
    expect(store.statistics.misses).toBe(2);
    store.statistics.reset();
    expect(store.statistics.hits + store.statistics.misses).toBe(0);
  });
});

describe('a batch that was begun to read', () => {
  it('refuses to change anything', () => {
    const store = testStore();
    const key = bytesOf('key');
    store.begin(NOW, false, false);
    expect(() => store.set(0, key, 0, 3, key, 0, 3, -1)).toThrow('without write');
    expect(() => store.setRange(0, key, 0, 3, 9, key, 0, 3)).toThrow('without write');
    expect(() => store.remove(0, key, 0, 3)).toThrow('without write');
    expect(() => store.setExpiry(0, key, 0, 3, NOW)).toThrow('without write');
    store.end();
  });
});

describe('remove', () => {
  it('says whether there was anything', () => {
    const store = testStore();
    put(store, 'key', 'value');
    expect(remove(store, 'key')).toBe(true);
    expect(remove(store, 'key')).toBe(false);
    expect(get(store, 'key')).toBeNull();
    expect(store.count(0)).toBe(0);
  });

  it('gives back what the entry took', () => {
    const store = testStore();
    put(store, 'first', 'value');
    const before = store.statistics.usedBytes;
    put(store, 'second', 'v'.repeat(1000));
    expect(store.statistics.usedBytes).toBeGreaterThan(before + 1000);
    remove(store, 'second');
    expect(store.statistics.usedBytes).toBe(before);
  });
});

describe('setRange', () => {
  const key = bytesOf('key');

  function setRange(store: SegmentedStore, offset: number, part: string): string {
    const bytes = bytesOf(part);
    store.begin(NOW, true, false);
    expect(store.setRange(0, key, 0, 3, offset, bytes, 0, bytes.length)).toBe(true);
    const value = textOf(store.value.bytes, store.value.start, store.value.end);
    store.end();
    expect(store.verify()).toEqual([]);
    return value;
  }

  it.each([
    [0, 'abc', 'abc'],
    [2, 'abc', '\0\0abc'],
    [2, '', '\0\0'],
  ])('makes an entry where there is none (at %i)', (offset, part, expected) => {
    expect(setRange(testStore(), offset, part)).toBe(expected);
  });

  it.each([
    [3, 0, 1],
    [3, 1, 2],
    [3, 5, 1],
    [3, 300, 2],
    [300, 150, 150],
    [300, 10, 4000],
    [3, 70_000, 1],
    [70_000, 30_000, 5],
    [70_000, 80_000, 7],
    [100_000, 3_000_000, 5],
    [3_000_000, 1_000_000, 500_000],
  ])('of %i bytes writes from %i on %i of them', (before, offset, length) => {
    const store = testStore();
    put(store, 'other', 'o');
    put(store, 'key', 'x'.repeat(before));
    put(store, 'behind', 'o');
    const kept = 'x'.repeat(before).slice(0, offset).padEnd(offset, '\0');
    const expected = kept + 'y'.repeat(length) + 'x'.repeat(before).slice(offset + length);
    expect(setRange(store, offset, 'y'.repeat(length)) === expected).toBe(true);
  });

  it('shows zeros in a gap, not what a longer value had left behind', () => {
    const store = testStore();
    put(store, 'key', 'abcdefgh');
    put(store, 'key', 'abcd');
    expect(setRange(store, 7, 'x')).toBe('abcd\0\0\0x');
  });

  it('keeps the expiry', () => {
    const store = testStore();
    put(store, 'key', 'abc', { expireAtMs: NOW + 5 });
    setRange(store, 299, 'x');
    expect(get(store, 'key', { nowMs: NOW + 4 })).toHaveLength(300);
    expect(get(store, 'key', { nowMs: NOW + 5 })).toBeNull();
  });
});

describe('expiry', () => {
  const key = bytesOf('key');

  it('ends at its millisecond', () => {
    const store = testStore();
    put(store, 'key', 'value', { expireAtMs: NOW + 10 });
    expect(get(store, 'key', { nowMs: NOW + 9 })).toBe('value');
    expect(get(store, 'key', { nowMs: NOW + 10 })).toBeNull();
  });

  it.each([5, 70_000])('is given and taken away (%i bytes)', (length) => {
    const store = testStore();
    const value = 'v'.repeat(length);
    put(store, 'key', value);
    for (const expireAtMs of [NOW + 1, NOW + 2 ** 33, -1]) {
      store.begin(NOW, true, false);
      expect(store.setExpiry(0, key, 0, 3, expireAtMs)).toBe(true);
      expect(store.expireAtMs).toBe(expireAtMs);
      store.end();
      expect(store.countWithExpiry(0)).toBe(expireAtMs === -1 ? 0 : 1);
      expect(store.verify()).toEqual([]);
    }
    expect(get(store, 'key')).toBe(value);
  });

  it('is not given to what is not there', () => {
    const store = testStore();
    store.begin(NOW, true, false);
    expect(store.setExpiry(0, key, 0, 3, NOW + 1)).toBe(false);
    store.end();
  });

  it('takes the entry away when a writer meets it', () => {
    const store = testStore();
    put(store, 'key', 'value', { expireAtMs: NOW });
    expect(store.count(0)).toBe(1);
    expect(remove(store, 'key', { nowMs: NOW })).toBe(false);
    expect(store.count(0)).toBe(0);
    expect(store.statistics.expired).toBe(1);
  });

  it('costs 8 bytes', () => {
    const store = testStore();
    put(store, 'key', 'v'.repeat(32));
    const before = store.statistics.usedBytes;
    put(store, 'key', 'v'.repeat(32), { expireAtMs: NOW + 1 });
    expect(store.statistics.usedBytes - before).toBe(8);
  });
});

describe('databases', () => {
  it('are apart', () => {
    const store = testStore({ segmentCount: 2 });
    put(store, 'key', 'zero');
    put(store, 'key', 'seven', { database: 7 });
    expect(get(store, 'key')).toBe('zero');
    expect(get(store, 'key', { database: 7 })).toBe('seven');
    expect(store.count(7)).toBe(1);
  });

  it('are exchanged', () => {
    const store = testStore({ segmentCount: 2 });
    for (let i = 0; i < 50; i += 1) put(store, `key ${i}`, 'zero');
    put(store, 'key 1', 'one', { database: 1, expireAtMs: NOW + 9 });
    store.begin(NOW, true, true);
    store.swap(0, 1);
    store.end();
    expect(get(store, 'key 1')).toBe('one');
    expect(store.count(0)).toBe(1);
    expect(store.countWithExpiry(0)).toBe(1);
    expect(store.count(1)).toBe(50);
    expect(store.verify()).toEqual([]);
  });

  it.each([1, 3])('are flushed one by one (%i segments)', (segmentCount) => {
    const store = testStore({ segmentCount });
    for (let i = 0; i < 2000; i += 1) put(store, `key ${i}`, 'value', { database: i % 2 });
    store.begin(NOW, true, false);
    store.flush(0);
    store.end();
    expect(store.count(0)).toBe(0);
    expect(store.count(1)).toBe(1000);
    expect(get(store, 'key 1', { database: 1 })).toBe('value');
    expect(store.verify()).toEqual([]);
  });

  it('are flushed together, down to the bytes they began with', () => {
    const store = testStore({ segmentCount: 2 });
    const before = store.statistics.usedBytes;
    for (let i = 0; i < 2000; i += 1) put(store, `key ${i}`, 'value', { database: i % 3 });
    store.begin(NOW, true, true);
    store.flush(-1);
    store.end();
    expect(store.statistics.usedBytes).toBe(before);
    expect(store.verify()).toEqual([]);
  });
});

describe('scan and randomKey', () => {
  it('visits every key once where nothing changes', () => {
    const store = testStore({ segmentCount: 3 });
    const keys = Array.from({ length: 1000 }, (_, i) => `key ${i}`);
    for (const key of keys) put(store, key, 'value');
    expect(scanAll(store).sort()).toEqual(keys.sort());
  });

  it('passes what has expired', () => {
    const store = testStore();
    put(store, 'stays', 'value');
    put(store, 'goes', 'value', { expireAtMs: NOW });
    expect(scanAll(store)).toEqual(['stays']);
  });

  it('ends at once in an empty database', () => {
    expect(scanAll(testStore())).toEqual([]);
  });

  it('finds each key by chance', () => {
    const store = testStore({ segmentCount: 2 });
    for (let i = 0; i < 20; i += 1) put(store, `key ${i}`, 'value');
    const met = new Set<string>();
    store.begin(NOW, false, false);
    for (let i = 0; i < 2000; i += 1) {
      expect(store.randomKey(0)).toBe(true);
      const { bytes, start, end } = store.key;
      met.add(textOf(bytes, start, end));
    }
    store.end();
    expect(met.size).toBe(20);
  });

  it('finds nothing where all have expired', () => {
    const store = testStore();
    put(store, 'goes', 'value', { expireAtMs: NOW });
    store.begin(NOW, false, false);
    expect(store.randomKey(0)).toBe(false);
    expect(store.randomKey(1)).toBe(false);
    store.end();
  });
});

describe('keys that are expected', () => {
  it('are found as ever, in their order, out of it, and when they were not expected', () => {
    const store = testStore();
    for (const name of ['a', 'b', 'c', 'd']) put(store, name, name.toUpperCase());
    const keys = bytesOf('abcd');
    store.begin(NOW, false, false);
    for (const at of [0, 1, 2]) store.ahead.expect(0, keys, at, at + 1);
    store.ahead.fetch();
    const found = [0, 2, 1, 3, 0].map((at) => {
      store.find(0, keys, at, at + 1);
      const { bytes, start, end } = store.value;
      return textOf(bytes, start, end);
    });
    store.end();
    expect(found).toEqual(['A', 'C', 'B', 'D', 'A']);
  });

  it('are found as ever where they were foreseen, whatever others have done meanwhile', () => {
    const store = testStore();
    put(store, 'a', '1');
    put(store, 'b', '2');
    const keys = bytesOf('abc');
    for (const at of [0, 1, 2]) store.ahead.foresee(0, keys, at, at + 1);
    store.ahead.fetch();
    put(store, 'c', '3');
    for (let i = 0; i < 1000; i++) put(store, `other ${i}`, 'x');
    store.begin(NOW, true, false);
    store.remove(0, keys, 0, 1);
    const found = [2, 0, 1].map((at) => store.find(0, keys, at, at + 1));
    store.end();
    expect(found).toEqual([true, false, true]);
  });

  it('are hashed again once their bytes may have changed', () => {
    const store = testStore();
    put(store, 'old', '1');
    put(store, 'new', '2');
    const keys = bytesOf('old');
    store.begin(NOW, false, false);
    store.ahead.expect(0, keys, 0, 3);
    store.ahead.fetch();
    store.end();
    keys.set(bytesOf('new'));
    store.begin(NOW, false, false);
    expect(store.find(0, keys, 0, 3)).toBe(true);
    expect(textOf(store.value.bytes, store.value.start, store.value.end)).toBe('2');
    store.end();
  });
});
