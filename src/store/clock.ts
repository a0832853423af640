/** The batch's time in the units that entries keep, and what the policy makes of a use. */
import { firstFrequency, MASK_24, minutesNow, usedFrequency } from './access.ts';
import type { Directory } from './directory.ts';
import { entryWord, STRING_KINDS } from './entry.ts';
import { BY_FREQUENCY, LFU_DECAY_MINUTES, LFU_LOG_FACTOR } from './layout.ts';
import type { Table } from './table.ts';

export class AccessClock {
  nowMs = 0;
  seconds = 0;
  /** Whether the policy keeps how often an entry was used, or when. */
  byFrequency = false;
  readonly #directory: Directory;
  readonly #random: () => number;

  constructor(directory: Directory, random: () => number) {
    this.#directory = directory;
    this.#random = random;
  }

  /** Begins a batch. */
  set(nowMs: number): void {
    if (nowMs !== this.nowMs) {
      this.nowMs = nowMs;
      this.seconds = Math.floor(nowMs / 1000) & MASK_24;
    }
    this.byFrequency = this.#directory.words[BY_FREQUENCY] !== 0;
  }

  get minutes(): number {
    return minutesNow(this.nowMs);
  }

  /** Without use a frequency falls by one in so many minutes; 0: never. */
  get decayMinutes(): number {
    return this.#directory.words[LFU_DECAY_MINUTES];
  }

  /** Access bits of a new entry. */
  get first(): number {
    return this.byFrequency ? firstFrequency(this.minutes) : this.seconds;
  }

  /** Access bits of an entry whose value is replaced: it is as frequent as it was. */
  afterWrite(access: number): number {
    return this.byFrequency ? access : this.seconds;
  }

  /** Word 1 of the entry that is about to be written, in the place of `found` (0: of nothing). */
  infoFor({ words, number }: Table, found: number, form: number): number {
    const access = found === 0 ? this.first : this.afterWrite(words[found + 1] >>> 8);
    return entryWord(access, number, STRING_KINDS[form]);
  }

  /** Access bits after one more use. */
  afterUse(access: number): number {
    if (!this.byFrequency) return this.seconds;
    const logFactor = this.#directory.words[LFU_LOG_FACTOR];
    return usedFrequency(access, this.minutes, this.decayMinutes, logFactor, this.#random());
  }
}
