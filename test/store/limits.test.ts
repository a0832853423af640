/** Expiry, eviction and what memory is counted. */
import { describe, expect, it } from 'vitest';
import { NO_EXPIRY } from '../../src/store/face.ts';
import { POLICIES, type PolicyName } from '../../src/store/policies.ts';
import { bufferRegion } from '../../src/store/region.ts';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, get, MEBIBYTE, NOW, put, remove, scanAll, testStore } from './fixture.ts';

describe('the expiry cycle', () => {
  it('removes what has expired and nothing else', () => {
    const store = testStore({ segmentCount: 3 });
    for (let i = 0; i < 3000; i += 1) {
      put(store, `key ${i}`, 'value', { expireAtMs: i % 3 === 0 ? NOW + i : -1 });
    }
    expect(store.expireCycle(NOW + 1500, 1000)).toBe(501);
    expect(store.count(0)).toBe(2499);
    expect(store.countWithExpiry(0)).toBe(499);
    expect(store.statistics.expired).toBe(501);
    expect(store.verify()).toEqual([]);
  });

  it('is wanted for as long as there is something that may expire', () => {
    const store = testStore();
    store.expireCycle(NOW, 1000);
    put(store, 'lasting', 'value');
    expect(store.mayExpire).toBe(false);
    put(store, 'passing', 'value', { expireAtMs: NOW + 10 });
    expect(store.mayExpire).toBe(true);
    store.expireCycle(NOW, 1000);
    expect(store.mayExpire).toBe(true);
    store.expireCycle(NOW + 10, 1000);
    expect(store.mayExpire).toBe(false);
    put(store, 'lasting', 'value', { expireAtMs: NOW + 20 });
    expect(store.mayExpire).toBe(true);
  });

  it('stops when its time is over, and goes on the next time', () => {
    let elapsedMs = 0;
    const tick = () => {
      elapsedMs += 1;
      return elapsedMs;
    };
    const store = testStore({ elapsedMs: tick });
    for (let i = 0; i < 5000; i += 1) put(store, `key ${i}`, 'value', { expireAtMs: NOW });
    const first = store.expireCycle(NOW, 3);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(5000);
    let removed = first;
    for (let i = 0; i < 100; i += 1) removed += store.expireCycle(NOW, 3);
    expect(removed).toBe(5000);
  });

  it('gives memory back while nobody writes', () => {
    const store = testStore({ segmentBytes: 64 * MEBIBYTE });
    for (let i = 0; i < 20_000; i += 1) {
      put(store, `key ${i}`, 'v'.repeat(500), { expireAtMs: i % 10 === 0 ? -1 : NOW });
    }
    store.expireCycle(NOW, 10_000);
    expect(store.count(0)).toBe(2000);
    const { footprintBytes, usedBytes } = store.statistics;
    expect(footprintBytes / usedBytes).toBeLessThan(1.16);
    expect(store.verify()).toEqual([]);
  });
});

/** Fills a store that has a limit; returns how many were refused. */
function fill(store: SegmentedStore, count: number, options: { expireAtMs?: number } = {}): number {
  let refused = 0;
  for (let i = 0; i < count; i += 1) {
    if (!put(store, `key ${i}`, 'v'.repeat(100), options)) refused += 1;
    expect(store.statistics.usedBytes).toBeLessThanOrEqual(store.statistics.limitBytes);
  }
  return refused;
}

describe('the limit', () => {
  it('refuses what would pass it, and changes nothing', () => {
    const store = testStore({ limitBytes: 200_000 });
    expect(fill(store, 3000)).toBeGreaterThan(1000);
    const held = store.count(0);
    const before = store.statistics.usedBytes;
    expect(put(store, 'another', 'v'.repeat(5000))).toBe(false);
    expect(put(store, 'key 1', 'v'.repeat(5000))).toBe(false);
    expect(get(store, 'key 1')).toBe('v'.repeat(100));
    expect(store.count(0)).toBe(held);
    expect(store.statistics.usedBytes).toBe(before);
    expect(store.verify()).toEqual([]);
  });

  it('is nearly reached before anything is refused', () => {
    const store = testStore({ limitBytes: 200_000 });
    fill(store, 3000);
    expect(store.statistics.usedBytes).toBeGreaterThan(199_000);
  });

  it.each([1, 4])('refuses nothing that expired keys in %i segments hold memory for', (count) => {
    const store = testStore({ segmentCount: count, limitBytes: 200_000 });
    fill(store, 3000, { expireAtMs: NOW + 1000 });
    expect(put(store, 'another', 'v'.repeat(5000), { nowMs: NOW + 999 })).toBe(false);
    expect(put(store, 'another', 'v'.repeat(5000), { nowMs: NOW + 1000 })).toBe(true);
    expect(put(store, 'large', 'v'.repeat(150_000), { nowMs: NOW + 1000 })).toBe(true);
    expect(store.count(0)).toBe(2);
    expect(store.statistics.evicted).toBe(0);
    expect(store.verify()).toEqual([]);
  });

  it.each([1, 4])('is asked for room in %i segments before anything is held', (count) => {
    const store = testStore({ segmentCount: count, limitBytes: 200_000 });
    fill(store, 3000, { expireAtMs: NOW + 1000 });
    store.begin(NOW + 1000, true, false);
    expect(store.makeRoom()).toBe(true);
    store.end();
    expect(store.count(0)).toBe(0);
    expect(store.statistics.expired).toBeGreaterThan(500);
  });

  it('looks for expired keys seldom where none are found', () => {
    let readings = 0;
    const elapsedMs = () => {
      readings += 1;
      return readings / 1e4;
    };
    const store = testStore({ limitBytes: 200_000, elapsedMs });
    fill(store, 3000, { expireAtMs: NOW + 1000 });
    readings = 0;
    for (let i = 0; i < 1000; i += 1) put(store, `more ${i}`, 'v'.repeat(1000));
    expect(readings).toBeLessThan(6000);
  });

  it.each(POLICIES.filter((name) => name !== 'noeviction'))(
    'of %s is met by what has expired before by what has not',
    (policy) => {
      const store = testStore({ limitBytes: 200_000, policy });
      for (let i = 0; i < 400; i += 1) put(store, `stays ${i}`, 'v'.repeat(100));
      for (let i = 0; i < 1000; i += 1) {
        put(store, `goes ${i}`, 'v'.repeat(100), { expireAtMs: NOW + 1 });
      }
      const { evicted } = store.statistics;
      for (let i = 0; i < 500; i += 1) put(store, `new ${i}`, 'v'.repeat(100), { nowMs: NOW + 1 });
      expect(store.statistics.evicted).toBe(evicted);
      expect(store.verify()).toEqual([]);
    },
  );

  it('lets an expiry be set at the limit', () => {
    const store = testStore({ limitBytes: 200_000 });
    fill(store, 3000);
    const key = bytesOf('key 1');
    store.begin(NOW, true, false);
    expect(store.setExpiry(0, key, 0, key.length, NOW + 5)).toBe(true);
    store.end();
    expect(get(store, 'key 1')).toBe('v'.repeat(100));
  });

  it.each(POLICIES.filter((name) => name.startsWith('allkeys')))('is kept by %s', (policy) => {
    const store = testStore({ limitBytes: 200_000, policy });
    expect(fill(store, 3000)).toBe(0);
    expect(store.count(0) + store.statistics.evicted).toBe(3000);
    expect(store.verify()).toEqual([]);
  });

  it.each(POLICIES.filter((name) => name.startsWith('volatile')))('is kept by %s', (policy) => {
    const store = testStore({ limitBytes: 200_000, policy });
    for (let i = 0; i < 300; i += 1) put(store, `stays ${i}`, 'value');
    expect(fill(store, 3000, { expireAtMs: NOW + 1000 })).toBe(0);
    expect(scanAll(store).filter((key) => key.startsWith('stays'))).toHaveLength(300);
    expect(store.verify()).toEqual([]);
  });

  it('is kept over many segments', () => {
    const store = testStore({ segmentCount: 4, limitBytes: 200_000, policy: 'allkeys-lru' });
    expect(fill(store, 3000)).toBe(0);
    expect(store.verify()).toEqual([]);
  });

  it('refuses where no entry has an expiry that a volatile policy could evict', () => {
    const store = testStore({ limitBytes: 200_000, policy: 'volatile-lru' });
    expect(fill(store, 3000)).toBeGreaterThan(0);
    expect(store.statistics.evicted).toBe(0);
  });

  it('takes a value from inside the store even if that has to be evicted', () => {
    const store = testStore({ limitBytes: 120_000, policy: 'allkeys-random' });
    put(store, 'from', `${'abc'.repeat(20_000)}`);
    const from = bytesOf('from');
    const to = bytesOf('to');
    store.begin(NOW, true, true);
    store.find(0, from, 0, from.length);
    const { bytes, start, end } = store.value;
    expect(store.set(0, to, 0, to.length, bytes, start, end, -1)).toBe(true);
    store.end();
    expect(get(store, 'to') === 'abc'.repeat(20_000)).toBe(true);
    expect(get(store, 'from')).toBeNull();
  });

  it('that is lowered is reached by makeRoom', () => {
    const store = testStore({ segmentCount: 2, policy: 'allkeys-lru' });
    for (let i = 0; i < 5000; i += 1) put(store, `key ${i}`, 'v'.repeat(100));
    store.configure({ limitBytes: 100_000 });
    store.begin(NOW, true, false);
    expect(store.makeRoom()).toBe(true);
    store.end();
    expect(store.statistics.usedBytes).toBeLessThanOrEqual(100_000);
    expect(store.count(0)).toBeGreaterThan(300);
    expect(store.verify()).toEqual([]);
  });

  it('that is lowered cannot be reached without eviction', () => {
    const store = testStore();
    for (let i = 0; i < 1000; i += 1) put(store, `key ${i}`, 'v'.repeat(100));
    store.configure({ limitBytes: 50_000 });
    store.begin(NOW, true, false);
    expect(store.makeRoom()).toBe(false);
    store.end();
    expect(store.count(0)).toBe(1000);
  });

  it('of the region itself refuses, and evicts where it may', () => {
    const full = testStore({ segmentBytes: MEBIBYTE });
    let refused = 0;
    for (let i = 0; i < 3000; i += 1) if (!put(full, `key ${i}`, 'v'.repeat(1000))) refused += 1;
    expect(refused).toBeGreaterThan(1500);
    expect(full.verify()).toEqual([]);
    const evicting = testStore({ segmentBytes: MEBIBYTE, policy: 'allkeys-lru' });
    for (let i = 0; i < 3000; i += 1) {
      expect(put(evicting, `key ${i}`, 'v'.repeat(1 + ((i * 37) % 2000)))).toBe(true);
    }
    expect(evicting.verify()).toEqual([]);
  });
});

/** The same chances in every run (Park and Miller's generator). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('the policies', () => {
  /** Shares of old and new entries that are still there after a third of all had to go. */
  function survivors(policy: PolicyName, use: (store: SegmentedStore) => void): number[] {
    const store = testStore({ policy, random: chance(1) });
    store.configure({ samples: 10 });
    for (let i = 0; i < 3000; i += 1) {
      put(store, `key ${i}`, 'v'.repeat(100), { expireAtMs: NOW + 10_000_000 + i * 1000 });
    }
    use(store);
    store.configure({ limitBytes: Math.floor((store.statistics.usedBytes * 2) / 3) });
    store.begin(NOW + 7_200_000, true, false);
    expect(store.makeRoom()).toBe(true);
    store.end();
    const left = scanAll(store, { nowMs: NOW }).map((key) => Number(key.slice(4)));
    return [0, 1, 2].map((third) => left.filter((n) => Math.floor(n / 1000) === third).length);
  }

  function useLastThirds(store: SegmentedStore): void {
    for (let i = 1000; i < 3000; i += 1) get(store, `key ${i}`, { nowMs: NOW + 7_000_000 });
  }

  it.each(['allkeys-lru', 'volatile-lru'] as const)('%s lets go of what is unused', (policy) => {
    const [first, second, third] = survivors(policy, useLastThirds);
    expect(first).toBeLessThan(350);
    expect(second + third).toBeGreaterThan(1650);
  });

  it.each(['allkeys-lfu', 'volatile-lfu'] as const)(
    '%s lets go of what is seldom used',
    (policy) => {
      const [first, second, third] = survivors(policy, (store) => {
        store.configure({ lfuDecayMinutes: 0 });
        for (let round = 0; round < 10; round += 1) useLastThirds(store);
      });
      expect(first).toBeLessThan(350);
      expect(second + third).toBeGreaterThan(1650);
    },
  );

  it('volatile-ttl lets go of what expires soonest', () => {
    const [first, , third] = survivors('volatile-ttl', () => {});
    expect(first).toBeLessThan(350);
    expect(third).toBeGreaterThan(900);
  });

  it.each(['allkeys-random', 'volatile-random'] as const)('%s takes from all alike', (policy) => {
    for (const share of survivors(policy, () => {})) {
      expect(share).toBeGreaterThan(500);
      expect(share).toBeLessThan(800);
    }
  });
});

describe('pages that are no longer needed', () => {
  it('are given back whole, and nothing that lives is in them', () => {
    const given: number[] = [];
    const region = bufferRegion(new ArrayBuffer(64 * MEBIBYTE));
    const discard = (offset: number, length: number) => {
      expect([offset % 4096, length % 4096]).toEqual([0, 0]);
      region.bytes.fill(0, offset, offset + length);
      given.push(length);
    };
    const store = testStore({ segments: [{ ...region, discard }] });
    for (let i = 0; i < 40_000; i += 1) put(store, `key ${i}`, 'v'.repeat(1000));
    for (let i = 0; i < 40_000; i += 1) if (i % 10 !== 0) remove(store, `key ${i}`);
    store.expireCycle(NOW, 10_000);
    expect(given.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(25 * MEBIBYTE);
    for (let i = 0; i < 40_000; i += 10) expect(get(store, `key ${i}`)).toHaveLength(1000);
    expect(store.verify()).toEqual([]);
  });
});

describe('idle time and frequency', () => {
  it('are counted from the last use', () => {
    const store = testStore();
    put(store, 'key', 'value');
    store.begin(NOW + 5000, false, false);
    store.peek(0, bytesOf('key'), 0, 3);
    expect(store.idleSeconds).toBe(5);
    store.find(0, bytesOf('key'), 0, 3);
    expect(store.idleSeconds).toBe(0);
    store.end();
  });

  it('rise with use and fall with time', () => {
    const store = testStore({ policy: 'allkeys-lfu', random: () => 0 });
    put(store, 'key', 'value');
    for (let i = 0; i < 20; i += 1) get(store, 'key');
    store.begin(NOW, false, false);
    store.peek(0, bytesOf('key'), 0, 3);
    expect(store.frequency).toBe(25);
    store.begin(NOW + 10 * 60_000, false, false);
    store.peek(0, bytesOf('key'), 0, 3);
    expect(store.frequency).toBe(15);
    store.end();
  });

  it.each([
    ['allkeys-lru', 'idleSeconds', 100],
    ['allkeys-lfu', 'frequency', 200],
  ] as const)('are set as policy %s keeps them: %s', (policy, kept, value) => {
    const store = testStore({ policy });
    store.begin(NOW, true, false);
    store.set(0, bytesOf('key'), 0, 3, bytesOf('value'), 0, 5, NO_EXPIRY);
    store.setIdleSeconds(100);
    store.setFrequency(200);
    expect(store[kept]).toBe(value);
    store.end();
  });

  it('an idle time beyond the clock is as long as the clock goes', () => {
    const store = testStore();
    store.begin(NOW, true, false);
    store.set(0, bytesOf('key'), 0, 3, bytesOf('value'), 0, 5, NO_EXPIRY);
    store.setIdleSeconds(2 ** 40);
    expect(store.idleSeconds).toBe(2 ** 24 - 1);
    store.end();
  });
});

describe('what an entry takes', () => {
  it('is told, and is what memory rises by', () => {
    const store = testStore();
    put(store, 'first', 'value');
    const before = store.statistics.usedBytes;
    put(store, 'key', 'v'.repeat(1000));
    store.begin(NOW, false, false);
    store.peek(0, bytesOf('key'), 0, 3);
    const slotBytes = 6;
    expect(store.entryBytes).toBe(store.statistics.usedBytes - before + slotBytes);
    store.end();
    remove(store, 'key');
  });
});
