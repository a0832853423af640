/** A store over plain memory, and the face's calls with text for bytes. */
import { DIRECTORY_BYTES } from '../../src/store/layout.ts';
import type { OpenOptions } from '../../src/store/options.ts';
import { bufferRegion } from '../../src/store/region.ts';
import { openStore, type SegmentedStore } from '../../src/store/store.ts';

export const MEBIBYTE = 2 ** 20;
/** Any time will do: the store has no clock. */
export const NOW = 1_700_000_000_000;

export interface TestOptions extends Partial<OpenOptions> {
  segmentCount?: number;
  segmentBytes?: number;
}

export function testStore(options: TestOptions = {}): SegmentedStore {
  const { segmentCount = 1, segmentBytes = 16 * MEBIBYTE, ...rest } = options;
  return openStore({
    directory: bufferRegion(new ArrayBuffer(DIRECTORY_BYTES)),
    segments: Array.from({ length: segmentCount }, () =>
      bufferRegion(new ArrayBuffer(segmentBytes)),
    ),
    seed: [0x12345678, 0x9abcdef0],
    threads: false,
    random: Math.random,
    elapsedMs: () => performance.now(),
    ...rest,
  });
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).toString('latin1');
}

/** SET in a batch of its own. */
export function put(
  store: SegmentedStore,
  key: string,
  value: string,
  { database = 0, expireAtMs = -1, nowMs = NOW } = {},
): boolean {
  const keyBytes = bytesOf(key);
  const valueBytes = bytesOf(value);
  store.begin(nowMs, true, false);
  const done = store.set(
    database,
    keyBytes,
    0,
    keyBytes.length,
    valueBytes,
    0,
    valueBytes.length,
    expireAtMs,
  );
  store.end();
  return done;
}

/** GET in a batch of its own. */
export function get(
  store: SegmentedStore,
  key: string,
  { database = 0, nowMs = NOW } = {},
): string | null {
  const keyBytes = bytesOf(key);
  store.begin(nowMs, false, false);
  const found = store.find(database, keyBytes, 0, keyBytes.length);
  const { bytes, start, end } = store.value;
  const value = found ? textOf(bytes, start, end) : null;
  store.end();
  return value;
}

/** DEL in a batch of its own. */
export function remove(
  store: SegmentedStore,
  key: string,
  { database = 0, nowMs = NOW } = {},
): boolean {
  const keyBytes = bytesOf(key);
  store.begin(nowMs, true, false);
  const removed = store.remove(database, keyBytes, 0, keyBytes.length);
  store.end();
  return removed;
}

/** Every key of a database, in the order of one whole scan. */
export function scanAll(store: SegmentedStore, { database = 0, count = 10, nowMs = NOW } = {}) {
  const keys: string[] = [];
  let cursor = 0;
  do {
    store.begin(nowMs, false, false);
    cursor = store.scan(database, cursor, count, () => {
      const { bytes, start, end } = store.key;
      keys.push(textOf(bytes, start, end));
    });
    store.end();
  } while (cursor !== 0);
  return keys;
}
