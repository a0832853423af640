/**
 * Memory against its limit. `used` counts what live blocks, tables and headers take, so the limit
 * is kept exactly: nothing is allocated that would pass it, unless the policy finds something to
 * evict first.
 */
import { minutesNow, secondsNow } from './access.ts';
import type { Directory } from './directory.ts';
import { type EvictionTerms, evictOne } from './eviction.ts';
import type { Holding } from './holding.ts';
import {
  CHANGING,
  IN_PROGRESS,
  LFU_DECAY_MINUTES,
  OWNER_EVICTED_FLOAT,
  SAMPLES,
} from './layout.ts';
import type { Segment } from './segment.ts';

/** Entries evicted for one command at most; then it fails, rather than make others wait. */
const MOST_EVICTIONS = 10_000;
/** Entries evicted to make one hole, where the region itself is full and holes are scattered. */
const MOST_EVICTIONS_FOR_A_HOLE = 256;

export class Space {
  readonly #directory: Directory;
  readonly #holding: Holding;
  readonly #terms: EvictionTerms;
  readonly #line: number;
  /** Where the next round of evictions begins, so that all segments are drawn from alike. */
  #turn = 0;

  constructor(directory: Directory, holding: Holding, slot: number, random: () => number) {
    this.#directory = directory;
    this.#holding = holding;
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
    for (const segment of this.#holding.segments) total += segment.usedBytes;
    return total;
  }

  /** Bytes up to the limit; negative above it, and boundless where there is none. */
  get headroomBytes(): number {
    const limit = this.#directory.limitBytes;
    return limit === 0 ? Number.POSITIVE_INFINITY : limit - this.usedBytes;
  }

  /**
   * Makes `needBytes` fit under the limit, evicting from the segment in use and, where nobody has
   * to be waited for, from others. False: the policy finds nothing more.
   */
  fit(segment: Segment, needBytes: number, spared: number, nowMs: number): boolean {
    if (needBytes <= this.headroomBytes) return true;
    this.#setTerms(nowMs);
    for (let i = 0; i < MOST_EVICTIONS; i += 1) {
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
      if (this.#evictFrom(segment, spared) <= 0) return false;
    }
    return false;
  }

  /** Brings memory under the limit, segment after segment; false where it stays above. */
  shrinkToLimit(nowMs: number): boolean {
    if (this.headroomBytes >= 0) return true;
    this.#setTerms(nowMs);
    const segments = this.#holding.segments;
    let idle = 0;
    while (idle < segments.length && this.headroomBytes < 0) {
      const segment = segments[this.#turn % segments.length];
      this.#turn = (this.#turn + 1) % segments.length;
      this.#holding.takeToWrite(segment);
      const evicted = this.#evictFrom(segment, 0);
      idle = evicted > 0 ? 0 : idle + 1;
    }
    this.#holding.leave();
    return this.headroomBytes >= 0;
  }

  #evict(segment: Segment, spared: number): boolean {
    const segments = this.#holding.segments;
    if (segments.length === 1) return this.#evictFrom(segment, spared) > 0;
    for (let i = 0; i < segments.length; i += 1) {
      this.#turn = (this.#turn + 1) % segments.length;
      const other = segments[this.#turn];
      const kept = other === segment ? spared : 0;
      if (this.#holding.alongside(other, () => this.#evictFrom(other, kept)) > 0) return true;
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
