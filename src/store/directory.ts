/**
 * The region that all segments share: seed, settings, which database is which table, and a line for
 * each owner (a thread of a process) with its id and its counters. Counters are written by their
 * owner alone and summed by the thread that asks, so counting never waits and never bounces a
 * cache line.
 */

import {
  BY_FREQUENCY,
  DATABASE_MAP,
  DATABASES,
  DIRECTORY_BYTES,
  DIRECTORY_MAGIC,
  EXCHANGES,
  EXCHANGING,
  LFU_DECAY_MINUTES,
  LFU_LOG_FACTOR,
  LIMIT_FLOAT,
  LINE_WORDS,
  MAGIC,
  MAX_DATABASES,
  MAX_OWNERS,
  OWNER_ID,
  OWNERS,
  OWNERS_HIGH,
  POLICY,
  SAMPLES,
  SEED_HIGH,
  SEED_LOW,
  SEGMENTS,
} from './layout.ts';
import type { StoreSettings } from './options.ts';
import { isFrequencyPolicy, POLICIES } from './policies.ts';
import type { SharedRegion } from './region.ts';

/** Redis' own defaults (redis.conf: maxmemory-samples, lfu-log-factor, lfu-decay-time). */
const DEFAULT_SAMPLES = 5;
const DEFAULT_LFU_LOG_FACTOR = 10;
const DEFAULT_LFU_DECAY_MINUTES = 1;
/** Above the four numbers of 4 bits that say which databases get which tables. */
const EXCHANGE_MARK = 1 << 16;

/** What a new store is made with. */
export interface DirectorySettings {
  seed: readonly [low: number, high: number];
  databases: number;
  segments: number;
}

export class Directory {
  readonly words: Int32Array;
  readonly floats: Float64Array;

  constructor(region: SharedRegion) {
    if (region.bytes.length < DIRECTORY_BYTES) {
      throw new RangeError(`the directory needs ${DIRECTORY_BYTES} bytes`);
    }
    this.words = region.words;
    this.floats = new Float64Array(
      region.words.buffer,
      region.words.byteOffset,
      DIRECTORY_BYTES / 8,
    );
  }

  /** Writes an empty directory into zeroed memory. */
  format(settings: DirectorySettings): void {
    const { databases, segments, seed } = settings;
    if (databases < 1 || databases > MAX_DATABASES) {
      throw new RangeError(`databases must be 1 to ${MAX_DATABASES}`);
    }
    const words = this.words;
    words[SEED_LOW] = seed[0];
    words[SEED_HIGH] = seed[1];
    words[DATABASES] = databases;
    words[SEGMENTS] = segments;
    words[SAMPLES] = DEFAULT_SAMPLES;
    words[LFU_LOG_FACTOR] = DEFAULT_LFU_LOG_FACTOR;
    words[LFU_DECAY_MINUTES] = DEFAULT_LFU_DECAY_MINUTES;
    for (let i = 0; i < MAX_DATABASES; i += 1) words[DATABASE_MAP + i] = i;
    Atomics.store(words, DIRECTORY_MAGIC, MAGIC);
  }

  /** Throws where the region does not hold a directory for so many segments. */
  check(segments: number): void {
    if (Atomics.load(this.words, DIRECTORY_MAGIC) !== MAGIC) {
      throw new Error('the region holds no store, or one of another version');
    }
    if (this.words[SEGMENTS] !== segments) {
      throw new RangeError(`the store has ${this.words[SEGMENTS]} segments, not ${segments}`);
    }
  }

  configure(settings: StoreSettings): void {
    const { words } = this;
    if (settings.limitBytes !== undefined) this.limitBytes = settings.limitBytes;
    if (settings.policy !== undefined) this.policy = POLICIES.indexOf(settings.policy);
    if (settings.samples !== undefined) words[SAMPLES] = settings.samples;
    if (settings.lfuLogFactor !== undefined) words[LFU_LOG_FACTOR] = settings.lfuLogFactor;
    if (settings.lfuDecayMinutes !== undefined) {
      words[LFU_DECAY_MINUTES] = settings.lfuDecayMinutes;
    }
  }

  get limitBytes(): number {
    return this.floats[LIMIT_FLOAT];
  }

  set limitBytes(bytes: number) {
    this.floats[LIMIT_FLOAT] = bytes;
  }

  get policy(): number {
    return this.words[POLICY];
  }

  set policy(policy: number) {
    this.words[POLICY] = policy;
    this.words[BY_FREQUENCY] = isFrequencyPolicy(policy) ? 1 : 0;
  }

  /**
   * Exchanges the tables of two databases; every segment is held for writing. Two words have to
   * change: one word says which and what to, so that who finds a dead one's lock can go on.
   */
  exchange(first: number, second: number): void {
    const { words } = this;
    const tables = (words[DATABASE_MAP + second] << 4) | words[DATABASE_MAP + first];
    words[EXCHANGING] = EXCHANGE_MARK | (first << 12) | (second << 8) | tables;
    this.finishExchange();
  }

  /** Ends an exchange that a dead owner has begun, if there is one. */
  finishExchange(): void {
    const { words } = this;
    const exchange = words[EXCHANGING];
    if (exchange === 0) return;
    words[DATABASE_MAP + ((exchange >>> 12) & 15)] = (exchange >>> 4) & 15;
    words[DATABASE_MAP + ((exchange >>> 8) & 15)] = exchange & 15;
    words[EXCHANGING] = 0;
  }

  /**
   * A dead owner may have written keys that it counted no version for: a client that watches any
   * key is told that its database has been exchanged.
   */
  alarmWatchers(): void {
    for (let database = 0; database < MAX_DATABASES; database += 1) {
      Atomics.add(this.words, EXCHANGES + database, 1);
    }
  }

  /** Word index of an owner's line. */
  ownerLine(slot: number): number {
    return OWNERS + slot * LINE_WORDS;
  }

  /** The id that holds an owner slot; 0: nobody. */
  ownerId(slot: number): number {
    return Atomics.load(this.words, this.ownerLine(slot) + OWNER_ID);
  }

  /** How many owner slots were ever taken. */
  get ownersHigh(): number {
    return Atomics.load(this.words, OWNERS_HIGH);
  }

  /**
   * Takes the first owner slot that is free, or whose owner is dead: then `inherited` is called
   * with the slot, to let go of what the dead one held.
   */
  claim(id: number, alive: (id: number) => boolean, inherited: (slot: number) => void): number {
    for (let slot = 0; slot < MAX_OWNERS; slot += 1) {
      const before = this.ownerId(slot);
      if (before !== 0 && alive(before)) continue;
      if (!this.#exchange(slot, before, id)) continue;
      this.#raiseHigh(slot + 1);
      if (before !== 0) inherited(slot);
      return slot;
    }
    throw new RangeError(`the store has ${MAX_OWNERS} threads already`);
  }

  release(slot: number): void {
    Atomics.store(this.words, this.ownerLine(slot) + OWNER_ID, 0);
  }

  /** One counter, summed over all owners, those that have left included. */
  sum(counterFloat: number): number {
    let total = 0;
    for (let slot = this.ownersHigh - 1; slot >= 0; slot -= 1) {
      total += this.floats[this.ownerLine(slot) / 2 + counterFloat];
    }
    return total;
  }

  /** Sets one counter of every owner to zero. */
  clear(counterFloat: number): void {
    for (let slot = this.ownersHigh - 1; slot >= 0; slot -= 1) {
      this.floats[this.ownerLine(slot) / 2 + counterFloat] = 0;
    }
  }

  #exchange(slot: number, before: number, after: number): boolean {
    const at = this.ownerLine(slot) + OWNER_ID;
    return Atomics.compareExchange(this.words, at, before, after) === before;
  }

  #raiseHigh(high: number): void {
    for (;;) {
      const seen = Atomics.load(this.words, OWNERS_HIGH);
      if (seen >= high) return;
      if (Atomics.compareExchange(this.words, OWNERS_HIGH, seen, high) === seen) return;
    }
  }
}
