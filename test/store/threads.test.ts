/**
 * One store, several threads: nothing is lost, nothing is torn, and the dead leave no lock behind.
 */
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { DIRECTORY_BYTES, LIVE_UNITS, TABLES } from '../../src/store/layout.ts';
import { bufferRegion } from '../../src/store/region.ts';
import { openStore, type SegmentedStore } from '../../src/store/store.ts';
import { DIRECTORY } from '../../src/store/table.ts';
import { bytesOf, get, MEBIBYTE, NOW, put } from './fixture.ts';

const SEGMENTS = 4;
const MAIN = 1;
const started: Worker[] = [];

afterEach(async () => {
  for (const worker of started.splice(0)) await worker.terminate();
});

/** The memory of a store, and who of its owners is alive. */
class Shared {
  readonly directory = new SharedArrayBuffer(DIRECTORY_BYTES);
  readonly segments = Array.from({ length: SEGMENTS }, () => new SharedArrayBuffer(4 * MEBIBYTE));
  readonly alive = new SharedArrayBuffer(4 * 64);
  readonly store: SegmentedStore;
  #nextId = MAIN + 1;

  constructor() {
    const alive = new Int32Array(this.alive);
    alive[MAIN] = 1;
    this.store = openStore({
      directory: bufferRegion(this.directory),
      segments: this.segments.map(bufferRegion),
      seed: [1, 2],
      ownerId: MAIN,
      ownerAlive: (id) => Atomics.load(alive, id) === 1,
      random: Math.random,
      elapsedMs: () => performance.now(),
    });
  }

  /** Starts a thread; the promise is of its first message. */
  start(task: object): { worker: Worker; said: Promise<string>; ownerId: number } {
    const ownerId = this.#nextId;
    this.#nextId += 1;
    Atomics.store(new Int32Array(this.alive), ownerId, 1);
    const { directory, segments, alive } = this;
    const worker = new Worker(new URL('./attached.mjs', import.meta.url), {
      workerData: { directory, segments, alive, ownerId, task },
    });
    started.push(worker);
    const said = new Promise<string>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    return { worker, said, ownerId };
  }

  /** Starts a thread that holds a lock, and ends it there. */
  async die(task: object): Promise<void> {
    const { worker, said, ownerId } = this.start(task);
    await said;
    await worker.terminate();
    Atomics.store(new Int32Array(this.alive), ownerId, 0);
  }
}

function counterOf(store: SegmentedStore, name: string): number {
  const value = get(store, name) ?? '\0\0\0';
  return value.charCodeAt(0) | (value.charCodeAt(1) << 8) | (value.charCodeAt(2) << 16);
}

describe('threads that share a store', () => {
  it('lose no increment', async () => {
    const shared = new Shared();
    const task = { name: 'increment', rounds: 20_000, keys: 5 };
    await Promise.all(Array.from({ length: 4 }, () => shared.start(task).said));
    const sums = [0, 1, 2, 3, 4].map((i) => counterOf(shared.store, `counter ${i}`));
    expect(sums).toEqual([16_000, 16_000, 16_000, 16_000, 16_000]);
    expect(shared.store.verify()).toEqual([]);
  });

  it('see several keys at one moment when they hold the whole store', async () => {
    const shared = new Shared();
    put(shared.store, 'left', '\u00c8');
    put(shared.store, 'right', '\0');
    const { said } = shared.start({ name: 'transfer', rounds: 5000 });
    const sums = new Set<number>();
    let over = false;
    said.then(() => {
      over = true;
    });
    while (!over) {
      sums.add(sumOfBoth(shared.store));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...sums]).toEqual([200]);
  });

  it('tear no value and break no table', async () => {
    const shared = new Shared();
    const task = { name: 'mix', rounds: 30_000 };
    const said = await Promise.all(Array.from({ length: 4 }, () => shared.start(task).said));
    expect(said).toEqual(['done', 'done', 'done', 'done']);
    expect(shared.store.verify()).toEqual([]);
  });

  it('sum their counters', async () => {
    const shared = new Shared();
    await shared.start({ name: 'mix', rounds: 3000 }).said;
    const { hits, misses } = shared.store.statistics;
    expect(hits + misses).toBe(1000);
  });

  it('read while another one reads', async () => {
    const shared = new Shared();
    put(shared.store, 'held', 'value');
    await shared.start({ name: 'hold', write: false, whole: true }).said;
    expect(get(shared.store, 'held')).toBe('value');
  });
});

function sumOfBoth(store: SegmentedStore): number {
  store.begin(NOW, false, true);
  let sum = 0;
  for (const name of ['left', 'right']) {
    store.find(0, bytesOf(name), 0, name.length);
    sum += store.value.bytes[store.value.start];
  }
  store.end();
  return sum & 0xff;
}

describe('a thread that dies while it holds', () => {
  it.each([
    ['one segment to read', { write: false, whole: false }],
    ['one segment to write', { write: true, whole: false }],
    ['the whole store to read', { write: false, whole: true }],
    ['the whole store to write', { write: true, whole: true }],
  ])('%s is outlived', async (_name, how) => {
    const shared = new Shared();
    put(shared.store, 'held', 'value');
    await shared.die({ name: 'hold', ...how });
    expect(get(shared.store, 'held')).toBe('value');
    expect(put(shared.store, 'held', 'other')).toBe(true);
    expect(get(shared.store, 'held')).toBe('other');
    expect(shared.store.statistics.recovered).toBe(how.write ? 1 : 0);
    expect(shared.store.statistics.emptied).toBe(0);
  });

  it('in the midst of a change, leaves the segment to be checked, and kept if whole', async () => {
    const shared = new Shared();
    put(shared.store, 'held', 'value');
    await shared.die({ name: 'hold', write: true, whole: true, changing: true });
    expect(get(shared.store, 'held')).toBe('value');
    expect(shared.store.statistics.emptied).toBe(0);
  });

  it('alarms whoever watches a key: it may have been written', async () => {
    const shared = new Shared();
    const before = shared.store.watches.exchanges(0);
    await shared.die({ name: 'hold', write: true, whole: false });
    put(shared.store, 'held', 'value');
    expect(shared.store.watches.exchanges(0)).toBe(before + 1);
  });

  it('with sums that are wrong, has them counted again', async () => {
    const shared = new Shared();
    put(shared.store, 'held', 'value');
    await shared.die({ name: 'hold', write: true, whole: true, changing: true });
    for (const segment of shared.segments) new Int32Array(segment)[LIVE_UNITS] += 1;
    expect(get(shared.store, 'held')).toBe('value');
    expect(shared.store.statistics.emptied).toBe(0);
    expect(shared.store.verify()).toEqual([]);
  });

  it('and has broken the segment, costs that segment its entries', async () => {
    const shared = new Shared();
    put(shared.store, 'held', 'value');
    await shared.die({ name: 'hold', write: true, whole: true, changing: true });
    for (const segment of shared.segments) new Int32Array(segment)[TABLES + DIRECTORY] += 1;
    expect(get(shared.store, 'held')).toBeNull();
    expect(put(shared.store, 'held', 'again')).toBe(true);
    expect(shared.store.statistics.emptied).toBe(1);
    for (let i = 0; i < 100; i += 1) get(shared.store, `key ${i}`);
    expect(shared.store.statistics.emptied).toBe(SEGMENTS);
    expect(shared.store.verify()).toEqual([]);
  });

  it('leaves its place to the next', async () => {
    const shared = new Shared();
    await shared.die({ name: 'hold', write: true, whole: true });
    const { said } = shared.start({ name: 'increment', rounds: 10, keys: 1 });
    expect(await said).toBe('done');
    expect(counterOf(shared.store, 'counter 0')).toBe(10);
    expect(shared.store.statistics.recovered).toBe(SEGMENTS);
  });
});
