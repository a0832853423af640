/** The store's memory: which memfd, how it is divided, and how a thread attaches to it. */
import { randomBytes } from 'node:crypto';
import { totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Posix } from '../posix/posix.ts';
import { DIRECTORY_BYTES } from '../store/layout.ts';
import { attachStore as attach, openStore, type SegmentedStore } from '../store/store.ts';
import type { ServerOptions } from './options.ts';
import { createRegionFile, mapRegion, ownRegion } from './region.ts';

/** Plain data, so that it can be sent to a worker. */
export interface StoreFiles {
  /** One memfd: the directory, then the segments. */
  readonly file: number;
  /** Whether those who attach are processes, any of which can be killed without the others. */
  readonly processes: boolean;
}

/**
 * Makes an empty store that several threads attach to. The memory limit is kept by the store; the
 * segments only reserve room.
 */
export function createStoreFiles(
  posix: Posix,
  options: ServerOptions,
  processes: boolean,
): StoreFiles {
  const file = createRegionFile(posix, DIRECTORY_FILE_BYTES + SHARED_SEGMENTS * SEGMENT_BYTES);
  const files: StoreFiles = { file, processes };
  openStore({ ...sharedMemory(posix, files), ...attachOptions(posix), ...settingsOf(options) });
  return files;
}

/**
 * Maps the store for the calling thread. The locks know it by its thread id, which is unique among
 * threads and processes alike, and tells whether whoever holds a lock still lives.
 */
export function attachStore(posix: Posix, files: StoreFiles): SegmentedStore {
  return attach({ ...sharedMemory(posix, files), ...attachOptions(posix) });
}

/** Makes an empty store of the calling thread's own, which nobody has to lock. */
export function openOwnStore(posix: Posix, options: ServerOptions): SegmentedStore {
  return openStore({
    directory: ownRegion(posix, DIRECTORY_FILE_BYTES),
    segments: [ownRegion(posix, SEGMENT_BYTES)],
    ...attachOptions(posix),
    threads: false,
    ...settingsOf(options),
  });
}

function sharedMemory(posix: Posix, { file, processes }: StoreFiles) {
  const offsetOf = (index: number) => DIRECTORY_FILE_BYTES + index * SEGMENT_BYTES;
  return {
    directory: mapRegion(posix, file, 0, DIRECTORY_FILE_BYTES),
    segments: Array.from({ length: SHARED_SEGMENTS }, (_, index) =>
      mapRegion(posix, file, offsetOf(index), SEGMENT_BYTES),
    ),
    processes,
  };
}

function attachOptions(posix: Posix) {
  return {
    threads: true,
    random: Math.random,
    elapsedMs: () => performance.now(),
    ownerId: posix.gettid(),
    ownerAlive: (threadId: number) => posix.kill(threadId, 0) !== -posix.constants.ESRCH,
  };
}

function settingsOf(options: ServerOptions) {
  const seed = randomBytes(8);
  return {
    seed: [seed.readInt32LE(0), seed.readInt32LE(4)] as const,
    databases: options.databases,
    limitBytes: options.maxmemoryBytes || Math.floor(totalmem() / 2),
    policy: options.maxmemoryPolicy,
  };
}

const PAGE_BYTES = 4096;
/** A mapping begins on a page. */
const DIRECTORY_FILE_BYTES = Math.ceil(DIRECTORY_BYTES / PAGE_BYTES) * PAGE_BYTES;
/** A typed array holds at most 4 GiB; the last page is left out to stay under it. */
const SEGMENT_BYTES = 4 * 1024 ** 3 - PAGE_BYTES;
/** More of them let more threads write at once; each takes a table and a page of its own. */
const SHARED_SEGMENTS = 16;
