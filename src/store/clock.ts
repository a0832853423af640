/** The batch's time in the units that entries keep, and what the policy makes of a use. */
import { firstFrequency, minutesNow, secondsNow, usedFrequency } from './access.ts';
import type { Directory } from './directory.ts';
import { isFrequencyPolicy } from './eviction.ts';
import { LFU_DECAY_MINUTES, LFU_LOG_FACTOR } from './layout.ts';

export class AccessClock {
  nowMs = 0;
  seconds = 0;
  readonly #directory: Directory;
  readonly #random: () => number;
  #byFrequency = false;

  constructor(directory: Directory, random: () => number) {
    this.#directory = directory;
    this.#random = random;
  }

  /** Begins a batch. */
  set(nowMs: number): void {
    if (nowMs !== this.nowMs) {
      this.nowMs = nowMs;
      this.seconds = secondsNow(nowMs);
    }
    this.#byFrequency = isFrequencyPolicy(this.#directory.policy);
  }

  get minutes(): number {
    return minutesNow(this.nowMs);
  }

  /** Access bits of a new entry. */
  get first(): number {
    return this.#byFrequency ? firstFrequency(this.minutes) : this.seconds;
  }

  /** Access bits of an entry whose value is replaced: it is as frequent as it was. */
  afterWrite(access: number): number {
    return this.#byFrequency ? access : this.seconds;
  }

  /** Access bits after one more use. */
  afterUse(access: number): number {
    if (!this.#byFrequency) return this.seconds;
    const words = this.#directory.words;
    return usedFrequency(
      access,
      this.minutes,
      words[LFU_DECAY_MINUTES],
      words[LFU_LOG_FACTOR],
      this.#random(),
    );
  }
}
