/**
 * Memory against its limit. `used` counts what live blocks, tables and headers take, so the limit
 * is kept exactly: nothing is allocated that would pass it, unless something has expired, or the
 * policy finds something to evict first.
 */
import { minutesNow, secondsNow } from './access.ts';
import type { Directory } from './directory.ts';
import { type EvictionTerms, evictOne } from './eviction.ts';
import type { HeldLocks } from './held-locks.ts';
import {
  CHANGING,
  IN_PROGRESS,
  LFU_DECAY_MINUTES,
  OWNER_EVICTED_FLOAT,
  OWNER_EXPIRED_FLOAT,
  SAMPLES,
} from './layout.ts';
import { NOEVICTION } from './policies.ts';
import { Reclaimer } from './reclaim.ts';
import type { Segment } from './segment.ts';

/** Entries evicted for one command at most; then it fails, rather than make others wait. */
const MOST_EVICTIONS = 10_000;
/** Entries evicted to make one hole, where the region itself is full and holes are scattered. */
const MOST_EVICTIONS_FOR_A_HOLE = 256;
/** Strides in search of what has expired before one entry is evicted: the round goes on with it. */
const STRIDES_BEFORE_EVICTION = 1;
/**
 * Below this, a command that needs memory begins by removing what has expired wherever it lies:
 * later it holds a segment, and can't wait for the others.
 */
const RESERVE_BYTES = 2 ** 20;

export class Space {
  readonly #directory: Directory;
  readonly #locks: HeldLocks;
  readonly #terms: EvictionTerms;
  readonly #line: number;
  /** By the segment's number. */
  readonly #reclaimers: readonly Reclaimer[];
  /** Where the next round of evictions begins, so that all segments are drawn from alike. */
  #turn = 0;

  constructor(
    directory: Directory,
    locks: HeldLocks,
    slot: number,
    random: () => number,
    elapsedMs: () => number,
  ) {
    this.#directory = directory;
    this.#reclaimers = locks.segments.map((segment) => new Reclaimer(segment, elapsedMs));
    this.#locks = locks;
    this.#line = directory.ownerLine(slot) / 2;
    this.#terms = {
      policy: 0,
      samples: 0,
      nowSeconds: 0,
      nowMinutes: 0,
      decayMinutes: 0,
      random,
    };
  }

  get usedBytes(): number {
    let total = 0;
    for (const segment of this.#locks.segments) total += segment.usedBytes;
    return total;
  }

  /** Bytes up to the limit; negative above it, and boundless where there is none. */
  get headroomBytes(): number {
    const limit = this.#directory.limitBytes;
    return limit === 0 ? Number.POSITIVE_INFINITY : limit - this.usedBytes;
  }

  /**
   * Makes `needBytes` fit under the limit, from the segment in use and, where nobody has to be
   * waited for, from others: what has expired goes first. False: the policy finds nothing more.
   */
  fit(segment: Segment, needBytes: number, spared: number, nowMs: number): boolean {
    if (needBytes <= this.headroomBytes) return true;
    this.#setTerms(nowMs);
    for (let i = 0; i < MOST_EVICTIONS; i += 1) {
      if (this.#reclaim(segment, nowMs) > 0 && needBytes <= this.headroomBytes) return true;
      if (!this.#evict(segment, spared)) return false;
      if (needBytes <= this.headroomBytes) return true;
    }
    return false;
  }

  /** Evicts from one segment until an allocation of so many units can succeed there. */
  openHole(segment: Segment, units: number, spared: number, nowMs: number): boolean {
    this.#setTerms(nowMs);
    for (let i = 0; i < MOST_EVICTIONS_FOR_A_HOLE; i += 1) {
      if (segment.arena.canAllocate(units)) return true;
      if (this.#reclaimFrom(segment, nowMs) > 0) continue;
      if (this.#evictFrom(segment, spared) <= 0) return false;
    }
    return false;
  }

  /** Brings memory under the limit, segment after segment; false where it stays above. */
  shrinkToLimit(nowMs: number): boolean {
    const { headroomBytes } = this;
    if (headroomBytes >= RESERVE_BYTES) return true;
    this.#setTerms(nowMs);
    if (headroomBytes < 0 || this.#terms.policy === NOEVICTION) this.#reclaimEverywhere(nowMs);
    if (this.headroomBytes >= 0) return true;
    const segments = this.#locks.segments;
    let idle = 0;
    while (idle < segments.length && this.headroomBytes < 0) {
      const segment = segments[this.#turn % segments.length];
      this.#turn = (this.#turn + 1) % segments.length;
      this.#locks.takeToWrite(segment);
      const evicted = this.#evictFrom(segment, 0);
      idle = evicted > 0 ? 0 : idle + 1;
    }
    this.#locks.leave();
    return this.headroomBytes >= 0;
  }

  /** Holds each segment in which a look may find something; others may have to be waited for. */
  #reclaimEverywhere(nowMs: number): void {
    const { segments } = this.#locks;
    let looked = false;
    for (let i = 0; i < segments.length; i += 1) {
      if (this.#reclaimers[i].rests(nowMs)) continue;
      this.#locks.takeToWrite(segments[i]);
      this.#reclaimFrom(segments[i], nowMs);
      looked = true;
    }
    if (looked) this.#locks.leave();
  }

  /** The same while one segment is held: of the others, those that nobody has to be waited for. */
  #reclaim(segment: Segment, nowMs: number): number {
    let removed = this.#reclaimFrom(segment, nowMs);
    if (this.#terms.policy !== NOEVICTION) return removed;
    const { segments } = this.#locks;
    const reclaim = (other: Segment) => this.#reclaimFrom(other, nowMs);
    for (let i = 0; i < segments.length; i += 1) {
      if (segments[i] === segment || this.#reclaimers[i].rests(nowMs)) continue;
      removed += Math.max(0, this.#locks.alongside(segments[i], reclaim));
    }
    return removed;
  }

  /** Without a policy a refusal is what comes next: then nothing is left. */
  #reclaimFrom(segment: Segment, nowMs: number): number {
    const most = this.#terms.policy === NOEVICTION ? Infinity : STRIDES_BEFORE_EVICTION;
    const reclaimer = this.#reclaimers[this.#locks.segments.indexOf(segment)];
    const removed = reclaimer.reclaim(nowMs, most);
    this.#directory.floats[this.#line + OWNER_EXPIRED_FLOAT] += removed;
    return removed;
  }

  #evict(segment: Segment, spared: number): boolean {
    const segments = this.#locks.segments;
    if (segments.length === 1) return this.#evictFrom(segment, spared) > 0;
    for (let i = 0; i < segments.length; i += 1) {
      this.#turn = (this.#turn + 1) % segments.length;
      const other = segments[this.#turn];
      const kept = other === segment ? spared : 0;
      if (this.#locks.alongside(other, () => this.#evictFrom(other, kept)) > 0) return true;
    }
    return false;
  }

  #evictFrom(segment: Segment, spared: number): number {
    const words = segment.words;
    const before = words[IN_PROGRESS];
    words[IN_PROGRESS] = CHANGING;
    const evicted = evictOne(segment, this.#terms, spared);
    words[IN_PROGRESS] = before;
    this.#directory.floats[this.#line + OWNER_EVICTED_FLOAT] += evicted;
    return evicted;
  }

  #setTerms(nowMs: number): void {
    const words = this.#directory.words;
    this.#terms.policy = this.#directory.policy;
    this.#terms.samples = words[SAMPLES];
    this.#terms.decayMinutes = words[LFU_DECAY_MINUTES];
    this.#terms.nowSeconds = secondsNow(nowMs);
    this.#terms.nowMinutes = minutesNow(nowMs);
  }
}
