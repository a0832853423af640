/**
 * A thread that attaches to a store in SharedArrayBuffers and does what it is told, for tests. It
 * is not a TypeScript file because Node runs it as it is, against the built store.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { attachStore, bufferRegion } from '../../dist/internals.js';

const NOW = 1_700_000_000_000;
const { directory, segments, alive, ownerId, task } = workerData;
const store = attachStore({
  directory: bufferRegion(directory),
  segments: segments.map(bufferRegion),
  ownerId,
  ownerAlive: (id) => Atomics.load(new Int32Array(alive), id) === 1,
  random: Math.random,
  elapsedMs: () => performance.now(),
});

const tasks = {
  /** Adds 1 to each of a few 4-byte counters, over and over. */
  increment({ rounds, keys }) {
    for (let i = 0; i < rounds; i += 1) {
      const key = Buffer.from(`counter ${i % keys}`);
      store.begin(NOW, true, false);
      const found = store.find(0, key, 0, key.length);
      const { bytes, start } = store.value;
      const value = found ? bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16) : 0;
      const next = Uint8Array.of(value + 1, (value + 1) >> 8, (value + 1) >> 16, 0);
      store.setRange(0, key, 0, key.length, 0, next, 0, 4);
      store.end();
    }
  },
  /** Moves one between two counters of the whole store, so that their sum stays. */
  transfer({ rounds }) {
    for (let i = 0; i < rounds; i += 1) {
      store.begin(NOW, true, true);
      for (const [name, change] of [
        ['left', -1],
        ['right', 1],
      ]) {
        const key = Buffer.from(name);
        store.find(0, key, 0, key.length);
        const next = Uint8Array.of(store.value.bytes[store.value.start] + change);
        store.setRange(0, key, 0, key.length, 0, next, 0, 1);
      }
      store.end();
    }
  },
  /** Writes, removes and reads many keys; what it reads must be what somebody wrote. */
  mix({ rounds }) {
    for (let i = 0; i < rounds; i += 1) {
      const key = Buffer.from(`key ${(i * 7919 + ownerId) % 500}`);
      const length = 1 + ((i * 31) % 300);
      store.begin(NOW, i % 3 !== 0, false);
      if (i % 3 === 0) checkEven(key);
      else if (i % 3 === 1) store.set(0, key, 0, key.length, even(length), 0, length, -1);
      else store.remove(0, key, 0, key.length);
      store.end();
    }
  },
  /** Holds one segment, or all of them, for ever. */
  hold({ write, whole, changing }) {
    const key = Buffer.from('held');
    store.begin(NOW, write, whole);
    store.peek(0, key, 0, key.length);
    if (changing) for (const segment of segments) new Int32Array(segment)[1] = 1;
    parentPort.postMessage('holding');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
};

/** A value whose bytes are all the same. */
function even(length) {
  return new Uint8Array(length).fill(length);
}

function checkEven(key) {
  if (!store.find(0, key, 0, key.length)) return;
  const { bytes, start, end } = store.value;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== ((end - start) & 0xff)) throw new Error(`torn value in ${key}`);
  }
}

tasks[task.name](task);
store.close();
parentPort.postMessage('done');
