/** What is counted of commands: a stretch a thread, so that nobody writes where another does. */
import { TALLY, type Tally } from '../../commands/call.ts';
import type { SharedRegion } from '../../store/region.ts';
import { MAXIMUM_COMMANDS, TALLIES_AT } from './places.ts';

const STRETCH = MAXIMUM_COMMANDS * TALLY;

export class Tallies {
  readonly #region: SharedRegion;
  readonly #threads: () => number;

  constructor(region: SharedRegion, threads: () => number) {
    this.#region = region;
    this.#threads = threads;
  }

  /** The stretch that thread `thread` counts in. */
  of(thread: number): Tally {
    return { counts: this.#stretch(thread) };
  }

  /** All counts of one command, summed over all threads. */
  total(command: number): Float64Array {
    const sums = new Float64Array(TALLY);
    for (let thread = 0; thread < this.#threads(); thread++) {
      const counts = this.#stretch(thread);
      for (let i = 0; i < TALLY; i++) sums[i] += counts[command * TALLY + i];
    }
    return sums;
  }

  reset(): void {
    for (let thread = 0; thread < this.#threads(); thread++) this.#stretch(thread).fill(0);
  }

  #stretch(thread: number): Float64Array {
    return new Float64Array(this.#region.words.buffer, TALLIES_AT + thread * STRETCH * 8, STRETCH);
  }
}
