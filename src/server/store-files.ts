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
  readonly segments: number;
  /** Whether those who attach are processes, any of which can be killed without the others. */
  readonly processes: boolean;
}

/**
 * Makes an empty store that several threads attach to, the calling one already with it. The memory
 * limit is kept by the store; the segments only reserve room.
 */
export function createStoreFiles(
  posix: Posix,
  options: ServerOptions,
  processes: boolean,
): [StoreFiles, SegmentedStore] {
  const segments = segmentsFor(options);
  const file = createRegionFile(posix, DIRECTORY_FILE_BYTES + segments * SEGMENT_BYTES);
  const files: StoreFiles = { file, segments, processes };
  const memory = sharedMemory(posix, files);
  return [files, openStore({ ...memory, ...attachOptions(posix), ...settingsOf(options) })];
}

/**
 * Maps the store for the calling thread. The locks know it by its thread id, which is unique among
 * threads and processes alike, and tells whether the holder of a lock still lives.
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

function sharedMemory(posix: Posix, { file, segments, processes }: StoreFiles) {
  const offsetOf = (index: number) => DIRECTORY_FILE_BYTES + index * SEGMENT_BYTES;
  return {
    directory: mapRegion(posix, file, 0, DIRECTORY_FILE_BYTES),
    segments: Array.from({ length: segments }, (_, index) =>
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
    limitBytes: options.maxmemoryBytes || usualLimit(),
    policy: options.maxmemoryPolicy,
  };
}

/** The limit of a store without `--maxmemory`, in bytes. */
export function usualLimit(): number {
  return Math.floor(totalmem() / 2);
}

/**
 * Segments of a shared store. With more of them fewer threads want the same one at once; with fewer
 * of them a pipelined batch has fewer locks to take. And there must be room for all that may be
 * stored, though keys are not spread quite evenly, and CONFIG SET may raise the limit.
 */
function segmentsFor({ maxmemoryBytes, threads }: ServerOptions): number {
  const least = Math.ceil(Math.max(maxmemoryBytes, usualLimit()) / FILLED_BYTES);
  const wanted = Math.max(least, threads * SEGMENTS_PER_THREAD);
  return Math.min(2 ** Math.ceil(Math.log2(wanted)), MOST_SEGMENTS);
}

const PAGE_BYTES = 4096;
/** A mapping begins on a page. */
const DIRECTORY_FILE_BYTES = Math.ceil(DIRECTORY_BYTES / PAGE_BYTES) * PAGE_BYTES;
/** A typed array holds at most 4 GiB; the last page is left out to stay under it. */
const SEGMENT_BYTES = 4 * 1024 ** 3 - PAGE_BYTES;
/** Of a segment, before another one would be better. */
const FILLED_BYTES = 3 * 1024 ** 3;
const SEGMENTS_PER_THREAD = 2;
/** 64 GiB in all; each has tables and pages of its own. */
const MOST_SEGMENTS = 16;
