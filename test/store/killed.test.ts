/** Processes that share a store and are killed with -9, wherever they happen to be. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { attachStore, createStoreFiles, type StoreFiles } from '../../src/server/store-files.ts';
import type { SegmentedStore } from '../../src/store/store.ts';
import { get, put } from './fixture.ts';

const SCRIPT = fileURLToPath(new URL('./killed.mjs', import.meta.url));
const GENERATIONS = 8;
const files: StoreFiles = createStoreFiles(posix, {
  databases: 16,
  maxmemoryBytes: 64 * 2 ** 20,
} as Parameters<typeof createStoreFiles>[1]);
const store = attachStore(posix, files) as SegmentedStore;

afterAll(() => {
  store.close();
  posix.close(files.file);
});

function startWriter(): ChildProcess {
  return spawn(process.execPath, [SCRIPT, JSON.stringify(files)], {
    stdio: ['ignore', 'pipe', 'inherit', files.file],
  });
}

it('leave a store that is whole and that everybody can use', async () => {
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    const writers = [startWriter(), startWriter()];
    await Promise.all(writers.map(({ stdout }) => once(stdout!, 'data')));
    for (const writer of writers) writer.kill('SIGKILL');
    await Promise.all(writers.map((writer) => once(writer, 'exit')));
    for (let i = 0; i < 200; i += 1) {
      expect(put(store, `generation ${i}`, `${generation}`)).toBe(true);
      expect(get(store, `generation ${i}`)).toBe(`${generation}`);
    }
    store.begin(0, true, false);
    expect(store.verify()).toEqual([]);
    store.end();
  }
});
