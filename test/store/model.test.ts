/**
 * The store against a Map: random commands, the same answers, and after every run a segment that is
 * whole. Small alphabets make keys meet; many keys make tables grow and shrink.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SegmentedStore } from '../../src/store/store.ts';
import { bytesOf, NOW, scanAll, testStore, textOf } from './fixture.ts';

interface Held {
  value: string;
  expireAtMs: number;
}

type Command =
  | { name: 'set'; database: number; key: string; length: number; ttlMs: number }
  | { name: 'setRange'; database: number; key: string; offset: number; length: number }
  | { name: 'remove' | 'find'; database: number; key: string }
  | { name: 'setExpiry'; database: number; key: string; ttlMs: number }
  | { name: 'pass'; ms: number }
  | { name: 'many' | 'fewer'; database: number; count: number; first: number }
  | { name: 'swap'; database: number; other: number }
  | { name: 'flush'; database: number }
  | { name: 'expireCycle' };

const database = fc.integer({ min: 0, max: 2 });
const key = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((n) => `k${n}`),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.integer({ min: 0, max: 3 }).map((n) => 'long'.repeat(60 + n)),
);
const length = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 200_000 }) },
);
const ttlMs = fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 100 }));
const count = fc.integer({ min: 1, max: 400 });
const first = fc.integer({ min: 0, max: 400 });

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ name: fc.constant('set'), database, key, length, ttlMs }) },
  {
    weight: 5,
    arbitrary: fc.record({ name: fc.constant('setRange'), database, key, offset: length, length }),
  },
  { weight: 6, arbitrary: fc.record({ name: fc.constant('remove'), database, key }) },
  { weight: 6, arbitrary: fc.record({ name: fc.constant('find'), database, key }) },
  { weight: 4, arbitrary: fc.record({ name: fc.constant('setExpiry'), database, key, ttlMs }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('pass'), ms: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('many'), database, count, first }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('fewer'), database, count, first }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('swap'), database, other: database }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('flush'), database }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('expireCycle') }) },
) as fc.Arbitrary<Command>;

/** A store and its model, side by side. */
class Pair {
  nowMs = NOW;
  serial = 0;
  readonly databases = [0, 1, 2].map(() => new Map<string, Held>());
  readonly store: SegmentedStore;

  constructor(store: SegmentedStore) {
    this.store = store;
  }

  live(number: number, name: string): Held | undefined {
    const held = this.databases[number].get(name);
    if (held === undefined || held.expireAtMs === -1 || held.expireAtMs > this.nowMs) return held;
    this.databases[number].delete(name);
    return undefined;
  }

  /** One call of the store in a batch of its own. */
  call<Result>(name: string, work: (bytes: Uint8Array) => Result): Result {
    this.store.begin(this.nowMs, true, false);
    const result = work(bytesOf(name));
    this.store.end();
    return result;
  }

  expiry(milliseconds: number): number {
    return milliseconds === -1 ? -1 : this.nowMs + milliseconds;
  }

  run(step: Command): void {
    const { store } = this;
    if (step.name === 'pass') this.nowMs += step.ms;
    else if (step.name === 'expireCycle') store.expireCycle(this.nowMs, 1000);
    else if (step.name === 'set') {
      this.set(step.database, step.key, step.length, this.expiry(step.ttlMs));
    } else if (step.name === 'setRange') {
      this.setRange(step.database, step.key, step.offset, step.length);
    } else if (step.name === 'remove') this.remove(step.database, step.key);
    else if (step.name === 'find') this.find(step.database, step.key);
    else if (step.name === 'setExpiry') {
      this.setExpiry(step.database, step.key, this.expiry(step.ttlMs));
    } else if (step.name === 'many') {
      for (let i = 0; i < step.count; i += 1) this.set(step.database, `${step.first + i}`, i, -1);
    } else if (step.name === 'fewer') {
      for (let i = 0; i < step.count; i += 1) this.remove(step.database, `${step.first + i}`);
    } else if (step.name === 'swap') this.swap(step.database, step.other);
    else this.flush(step.database);
  }

  set(number: number, name: string, size: number, expireAtMs: number): void {
    this.serial += 1;
    const value = `${this.serial}${'v'.repeat(size)}`.slice(0, size);
    const bytes = bytesOf(value);
    const done = this.call(name, (at) =>
      this.store.set(number, at, 0, at.length, bytes, 0, bytes.length, expireAtMs),
    );
    expect(done).toBe(true);
    this.databases[number].set(name, { value, expireAtMs });
  }

  setRange(number: number, name: string, offset: number, size: number): void {
    const held = this.live(number, name) ?? { value: '', expireAtMs: -1 };
    this.serial += 1;
    const part = `${this.serial}${'r'.repeat(size)}`.slice(0, size);
    const bytes = bytesOf(part);
    const done = this.call(name, (at) =>
      this.store.setRange(number, at, 0, at.length, offset, bytes, 0, size),
    );
    expect(done).toBe(true);
    const before = held.value.slice(0, offset).padEnd(offset, '\0');
    const value = before + part + held.value.slice(offset + size);
    this.databases[number].set(name, { value, expireAtMs: held.expireAtMs });
  }

  remove(number: number, name: string): void {
    const there = this.live(number, name) !== undefined;
    expect(this.call(name, (at) => this.store.remove(number, at, 0, at.length))).toBe(there);
    this.databases[number].delete(name);
  }

  setExpiry(number: number, name: string, expireAtMs: number): void {
    const held = this.live(number, name);
    const done = this.call(name, (at) =>
      this.store.setExpiry(number, at, 0, at.length, expireAtMs),
    );
    expect(done).toBe(held !== undefined);
    if (held !== undefined) held.expireAtMs = expireAtMs;
  }

  find(number: number, name: string): void {
    const held = this.live(number, name);
    const found = this.call(name, (at) => {
      if (!this.store.find(number, at, 0, at.length)) return undefined;
      const { bytes, start, end } = this.store.value;
      return { value: textOf(bytes, start, end), expireAtMs: this.store.expireAtMs };
    });
    expect(found).toEqual(held);
  }

  swap(one: number, other: number): void {
    this.call('', () => this.store.swap(one, other));
    const before = this.databases[one];
    this.databases[one] = this.databases[other];
    this.databases[other] = before;
  }

  flush(number: number): void {
    this.call('', () => this.store.flush(number));
    this.databases[number].clear();
  }

  /** Everything at once: the same entries, the same counts, and a whole segment. */
  compare(): void {
    expect(this.store.verify()).toEqual([]);
    for (let number = 0; number < 3; number += 1) {
      const names = [...this.databases[number].keys()].filter(
        (name) => this.live(number, name) !== undefined,
      );
      expect(scanAll(this.store, { database: number, nowMs: this.nowMs }).sort()).toEqual(
        names.sort(),
      );
      for (const name of names) this.find(number, name);
    }
  }
}

describe('the store and a Map', () => {
  it.each([1, 3])('agree, with %i segments', (segmentCount) => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const pair = new Pair(testStore({ segmentCount, segmentBytes: 64 * 2 ** 20 }));
        for (const step of commands) pair.run(step);
        pair.compare();
      }),
      { numRuns: 150, seed: 20_240_601 },
    );
  });
});
