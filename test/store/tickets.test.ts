/** Large values that are received into their place and sent from it. */
import { describe, expect, it } from 'vitest';
import { bufferRegion } from '../../src/store/region.ts';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, get, MEBIBYTE, NOW, put, remove, testStore, textOf } from './fixture.ts';

const LARGE = 100_000;
const key = bytesOf('key');

function stage(store: SegmentedStore, length = LARGE): number {
  store.begin(NOW, true, false);
  const ticket = store.large.stage(0, key, 0, key.length, length);
  if (ticket !== 0) store.value.bytes.fill(0x6e, store.value.start, store.value.end);
  store.end();
  return ticket;
}

function commit(store: SegmentedStore, ticket: number, expireAtMs = -1): boolean {
  store.begin(NOW, true, false);
  const done = store.large.commit(0, ticket, expireAtMs);
  store.end();
  return done;
}

/** Pins the value of `key`; returns the ticket and how to read what is being sent. */
function pin(store: SegmentedStore): { ticket: number; sent: () => string } {
  store.begin(NOW, false, false);
  store.find(0, key, 0, key.length);
  const { bytes, start, end } = store.value;
  const ticket = store.large.pin();
  store.end();
  return { ticket, sent: () => textOf(bytes, start, end) };
}

describe('a staged value', () => {
  it.each([
    ['nothing', undefined],
    ['a small value', 'old'],
    ['a large value', 'o'.repeat(LARGE)],
  ])('takes the place of %s, at once and when it is whole', (_name, old) => {
    const store = testStore();
    if (old !== undefined) put(store, 'key', old);
    const ticket = stage(store);
    expect(get(store, 'key')).toBe(old ?? null);
    expect(commit(store, ticket, NOW + 5)).toBe(true);
    expect(get(store, 'key') === 'n'.repeat(LARGE)).toBe(true);
    expect(get(store, 'key', { nowMs: NOW + 5 })).toBeNull();
    expect(store.verify()).toEqual([]);
  });

  it('is forgotten without a trace', () => {
    const store = testStore();
    put(store, 'key', 'old');
    const before = store.statistics.usedBytes;
    store.large.release(stage(store));
    expect(get(store, 'key')).toBe('old');
    expect(store.statistics.usedBytes).toBe(before);
    expect(store.verify()).toEqual([]);
  });

  it('that is small gets no ticket', () => {
    expect(stage(testStore(), 1000)).toBe(0);
  });

  it('that passes the limit gets no ticket', () => {
    expect(stage(testStore({ limitBytes: 50_000 }))).toBe(0);
  });

  it('stays put while everything round it is changed', () => {
    const store = testStore();
    for (let i = 0; i < 2000; i += 1) put(store, `key ${i}`, 'v'.repeat(1000));
    const ticket = stage(store);
    for (let i = 0; i < 2000; i += 1) remove(store, `key ${i}`);
    store.begin(NOW, true, true);
    store.flush(-1);
    store.end();
    expect(store.verify()).toEqual([]);
    for (let i = 0; i < 2000; i += 1) put(store, `other ${i}`, 'v'.repeat(1000));
    expect(commit(store, ticket)).toBe(true);
    expect(get(store, 'key') === 'n'.repeat(LARGE)).toBe(true);
    expect(store.verify()).toEqual([]);
  });

  it('that is forgotten gives its pages back', () => {
    const discarded: number[] = [];
    const region = bufferRegion(new ArrayBuffer(16 * MEBIBYTE));
    const discard = (_offset: number, length: number) => discarded.push(length);
    const store = testStore({ segments: [{ ...region, discard }] });
    store.large.release(stage(store, 8 * MEBIBYTE));
    expect(Math.max(...discarded)).toBeGreaterThanOrEqual(8 * MEBIBYTE);
  });

  it('leaves when its owner does', () => {
    const store = testStore();
    const before = store.statistics.usedBytes;
    stage(store);
    store.close();
    expect(store.statistics.usedBytes).toBe(before);
  });
});

describe('a pinned value', () => {
  const value = 'p'.repeat(LARGE);

  it.each<[string, (store: SegmentedStore) => void, string | null]>([
    ['replaced', (store) => put(store, 'key', 'q'.repeat(LARGE)), 'q'.repeat(LARGE)],
    ['removed', (store) => remove(store, 'key'), null],
    ['flushed', flush, null],
    ['lengthened', (store) => setRange(store, LARGE, 'z'), `${value}z`],
    ['changed in its midst', (store) => setRange(store, 0, 'z'), `z${value.slice(1)}`],
  ])('is sent as it was although it is %s', (_name, doIt, expected) => {
    const store = testStore();
    put(store, 'before', 'b'.repeat(LARGE));
    put(store, 'key', value);
    const { ticket, sent } = pin(store);
    expect(ticket).not.toBe(0);
    doIt(store);
    remove(store, 'before');
    for (let i = 0; i < 100; i += 1) put(store, `key ${i}`, 'v'.repeat(10_000));
    expect(sent() === value).toBe(true);
    expect(get(store, 'key') === expected).toBe(true);
    expect(store.verify()).toEqual([]);
    const before = store.statistics.usedBytes;
    store.large.release(ticket);
    expect(store.statistics.usedBytes).toBeLessThan(before - LARGE);
    expect(store.verify()).toEqual([]);
  });

  it('is found by a writer where it is: nothing is copied in order to look', () => {
    const store = testStore();
    put(store, 'key', value);
    const { ticket } = pin(store);
    const before = store.statistics.usedBytes;
    store.begin(NOW, true, false);
    expect(store.find(0, key, 0, key.length)).toBe(true);
    store.end();
    expect(store.statistics.usedBytes).toBe(before);
    store.large.release(ticket);
  });

  it('keeps its block for the last who sends it', () => {
    const store = testStore();
    put(store, 'key', value);
    const first = pin(store);
    const second = pin(store);
    remove(store, 'key');
    store.large.release(first.ticket);
    put(store, 'other', 'o'.repeat(LARGE));
    expect(second.sent() === value).toBe(true);
    store.large.release(second.ticket);
    expect(store.verify()).toEqual([]);
  });

  it('stays in its entry when nothing happened to it', () => {
    const store = testStore();
    put(store, 'key', value, { expireAtMs: NOW + 5 });
    const before = store.statistics.usedBytes;
    store.large.release(pin(store).ticket);
    expect(store.statistics.usedBytes).toBe(before);
    expect(get(store, 'key', { nowMs: NOW + 4 }) === value).toBe(true);
    expect(get(store, 'key', { nowMs: NOW + 5 })).toBeNull();
  });

  it('that is small gets no ticket', () => {
    const store = testStore();
    put(store, 'key', 'small');
    expect(pin(store).ticket).toBe(0);
  });

  it('is one of fifteen at most', () => {
    const store = testStore();
    put(store, 'key', value);
    const tickets = Array.from({ length: 16 }, () => pin(store).ticket);
    expect(tickets.filter((ticket) => ticket === 0)).toHaveLength(1);
  });

  it('of a region that is full is refused no memory of others', () => {
    const store = testStore({ segmentBytes: MEBIBYTE, policy: 'allkeys-lru' });
    put(store, 'key', value);
    const { ticket, sent } = pin(store);
    for (let i = 0; i < 1000; i += 1) put(store, `key ${i}`, 'v'.repeat(5000));
    expect(sent() === value).toBe(true);
    store.large.release(ticket);
    expect(store.verify()).toEqual([]);
  });
});

function flush(store: SegmentedStore): void {
  store.begin(NOW, true, true);
  store.flush(0);
  store.end();
}

function setRange(store: SegmentedStore, offset: number, part: string): void {
  store.begin(NOW, true, false);
  store.setRange(0, key, 0, key.length, offset, bytesOf(part), 0, part.length);
  store.end();
}
