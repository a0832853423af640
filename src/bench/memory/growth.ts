/**
 * How long the longest SET takes while a table grows from nothing to ten million keys: in this
 * process, against the store itself over the memory that a server gives it (a memfd), so that no
 * socket and no other process is a part of it. The system's part stays: a new page is a fault, and
 * the scheduler may take the CPU away in mid-command. So two figures stand beside the longest: the
 * same less what the scheduler says that others had of the CPU meanwhile, and the longest gap of an
 * empty loop over the same time.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { CURVE_PERCENTILES, Latencies } from '../../measure/latency.ts';
import { writeKey } from '../../measure/load/batch.ts';
import type { Posix } from '../../posix/posix.ts';
import { createRegionFile, mapRegion } from '../../server/region.ts';
import { DIRECTORY_BYTES } from '../../store/layout.ts';
import { openStore, type SegmentedStore } from '../../store/store.ts';
import { KEY_BYTES, VALUE_BYTES } from './weigh.ts';

/** Microseconds. */
export interface Growth {
  readonly keys: number;
  readonly longestUs: number;
  /** The longest one's time on a CPU. */
  readonly longestBusyUs: number;
  /** How many keys there were when it happened: tables grow at powers of two. */
  readonly longestBusyAt: number;
  /** 99,999 of 100,000 take less. */
  readonly p99999Us: number;
  readonly medianUs: number;
  /** The longest gap between two looks at the clock with nothing in between. */
  readonly emptyLongestUs: number;
}

const PAGE_BYTES = 4096;
/** As the server's: the most that a typed array holds, less a page. */
const SEGMENT_BYTES = 4 * 1024 ** 3 - PAGE_BYTES;
const DIRECTORY_FILE_BYTES = Math.ceil(DIRECTORY_BYTES / PAGE_BYTES) * PAGE_BYTES;
const KEY_DIGITS = 10;
const NO_EXPIRY = -1;

export function measureGrowth(posix: Posix, keys: number): Growth {
  // V8 compiles what runs hot, in mid-command: that is no part of growing.
  grow(posix, WARM_UP_KEYS);
  return grow(posix, keys);
}

function grow(posix: Posix, keys: number): Growth {
  const store = storeOver(posix);
  const key = Uint8Array.from('key:0000000000', (character) => character.charCodeAt(0));
  const value = new Uint8Array(VALUE_BYTES).fill(0x78);
  const nowMs = Date.now();
  const latencies = new Latencies();
  const waiting = new Waiting();
  let longestBusyMs = 0;
  let longestBusyAt = 0;
  const beganMs = performance.now();
  for (let i = 0; i < keys; i++) {
    writeKey(key, KEY_BYTES, i, KEY_DIGITS);
    const fromMs = performance.now();
    store.begin(nowMs, true, false);
    const done = store.set(0, key, 0, KEY_BYTES, value, 0, VALUE_BYTES, NO_EXPIRY);
    store.end();
    const tookMs = performance.now() - fromMs;
    latencies.record(tookMs);
    if (tookMs > SLOW_MS) {
      const busyMs = tookMs - waiting.sinceLastMs();
      if (busyMs > longestBusyMs) longestBusyAt = i;
      longestBusyMs = Math.max(longestBusyMs, busyMs);
    } else if (i % LOOK_EVERY === 0) waiting.sinceLastMs();
    if (!done) throw new Error(`the store was full after ${i} keys`);
  }
  waiting.end();
  const { max, p50, curve } = latencies.summary();
  return {
    keys,
    longestUs: max,
    longestBusyUs: Math.round(longestBusyMs * US_PER_MS),
    longestBusyAt,
    p99999Us: curve[CURVE_PERCENTILES.indexOf(FAR_PERCENTILE)],
    medianUs: p50,
    emptyLongestUs: longestGapUs(performance.now() - beganMs),
  };
}

/** How long this thread was ready to run and others had the CPU (proc(5), schedstat). */
class Waiting {
  readonly #fd = openSync('/proc/thread-self/schedstat', 'r');
  readonly #text = Buffer.alloc(128);
  #beforeMs = 0;

  /** Since it was asked last: often, so that a wait is the slow command's, not an earlier one's. */
  sinceLastMs(): number {
    const length = readSync(this.#fd, this.#text, 0, this.#text.length, 0);
    const waitedNs = Number(this.#text.toString('latin1', 0, length).split(' ')[1]);
    const passedMs = waitedNs / NS_PER_MS - this.#beforeMs;
    this.#beforeMs += passedMs;
    return passedMs;
  }

  end(): void {
    closeSync(this.#fd);
  }
}

function longestGapUs(durationMs: number): number {
  const latencies = new Latencies();
  const endMs = performance.now() + durationMs;
  for (let lastMs = performance.now(); lastMs < endMs; ) {
    const nowMs = performance.now();
    latencies.record(nowMs - lastMs);
    lastMs = nowMs;
  }
  return latencies.summary().max;
}

function storeOver(posix: Posix): SegmentedStore {
  const file = createRegionFile(posix, DIRECTORY_FILE_BYTES + SEGMENT_BYTES);
  return openStore({
    directory: mapRegion(posix, file, 0, DIRECTORY_FILE_BYTES),
    segments: [mapRegion(posix, file, DIRECTORY_FILE_BYTES, SEGMENT_BYTES)],
    seed: [1, 2],
    threads: false,
    random: Math.random,
    elapsedMs: () => performance.now(),
  });
}

/** Enough for the last tier of V8's compilers. */
const WARM_UP_KEYS = 300_000;
const FAR_PERCENTILE = 99.999;
/** Commands beyond this are looked at: far above any that is as it should be. */
const SLOW_MS = 0.1;
const LOOK_EVERY = 1024;
const US_PER_MS = 1000;
const NS_PER_MS = 1e6;
