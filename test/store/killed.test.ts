/** Processes that share a store and are killed with -9, wherever they happen to be. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { createRegionFile, mapRegion } from '../../src/server/region.ts';
import { createStoreFiles } from '../../src/server/store-files.ts';
import { get, NOW, put } from './fixture.ts';
import { BEGUN, DONE, KEYS, keyOf, PROGRESS_WORDS, stateAfter } from './killed-writes.mjs';

const SCRIPT = fileURLToPath(new URL('./killed.mjs', import.meta.url));
const WRITERS = 2;
const GENERATIONS = 25;
/** A writer says that it is at work after so many writes at most: it is killed at once then. */
const MOST_WRITES = 1000;
const [files, store] = createStoreFiles(
  posix,
  { databases: 16, maxmemoryBytes: 64 * 2 ** 20, threads: 8 } as Parameters<
    typeof createStoreFiles
  >[1],
  true,
);
const progressBytes = WRITERS * PROGRESS_WORDS * 4;
const progressFile = createRegionFile(posix, progressBytes);
const progress = mapRegion(posix, progressFile, 0, progressBytes).words;

afterAll(() => {
  store.close();
  posix.close(files.file);
  posix.close(progressFile);
});

function startWriter(writer: number, saidAfter: number): ChildProcess {
  return spawn(process.execPath, [SCRIPT, JSON.stringify(files), `${writer}`, `${saidAfter}`], {
    stdio: ['ignore', 'pipe', 'inherit', files.file, progressFile],
  });
}

interface State {
  value: Uint8Array;
  expireAtMs: number;
}

function stateOf(writer: number, key: number): State | undefined {
  const name = keyOf(writer, key);
  store.begin(NOW, false, false);
  const found = store.find(0, name, 0, name.length);
  const { bytes, start, end } = store.value;
  const { expireAtMs } = store;
  const state = found ? { value: bytes.slice(start, end), expireAtMs } : undefined;
  store.end();
  return state;
}

function isSame(one: State | undefined, other: State | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.expireAtMs === other.expireAtMs && Buffer.compare(one.value, other.value) === 0;
}

/** Keys that hold neither what their last finished write left nor what a later one was to. */
function tornKeys(writer: number): string[] {
  const torn: string[] = [];
  for (let key = 0; key < KEYS; key += 1) {
    const at = writer * PROGRESS_WORDS + key * 2;
    const state = stateOf(writer, key);
    const possible = [progress[at + DONE], progress[at + BEGUN]];
    const write = possible.find((each) =>
      isSame(state, each === 0 ? undefined : stateAfter(writer, key, each)),
    );
    if (write === undefined) torn.push(`${keyOf(writer, key)}: ${state?.value}, ${possible}`);
    else progress[at + DONE] = write;
  }
  return torn;
}

it('leave a store that is whole, with all that they had written', async () => {
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      startWriter(writer, (generation * 7919 + writer * 613) % MOST_WRITES),
    );
    await Promise.all(writers.map(({ stdout }) => once(stdout!, 'data')));
    for (const writer of writers) writer.kill('SIGKILL');
    await Promise.all(writers.map((writer) => once(writer, 'exit')));
    for (let writer = 0; writer < WRITERS; writer += 1) expect(tornKeys(writer)).toEqual([]);
    expect(put(store, 'survivor', `${generation}`)).toBe(true);
    expect(get(store, 'survivor')).toBe(`${generation}`);
    store.begin(0, true, false);
    expect(store.verify()).toEqual([]);
    store.end();
    expect(store.statistics.emptied).toBe(0);
  }
}, 120_000);
