/**
 * What each thread of a server spends while it becomes warm. It reads one small file for a thread,
 * so that looking takes little of the time that it looks at.
 */
import { threadTimesUs } from './account.ts';
import { servingThreads } from './warmth.ts';

export class ThreadAccount {
  readonly #pids: readonly number[];
  readonly #first: ReadonlyMap<number, number>;
  #last: ReadonlyMap<number, number>;

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#first = threadTimesUs(pids);
    this.#last = this.#first;
  }

  /** CPU microseconds of all threads since the last call; threads that have ended are left out. */
  spentUs(): number {
    const before = this.#last;
    this.#last = threadTimesUs(this.#pids);
    return sinceOf(this.#last, before).reduce((all, us) => all + us, 0);
  }

  /** How many threads have done the work so far. */
  serving(): number {
    return servingThreads(sinceOf(this.#last, this.#first));
  }
}

function sinceOf(now: ReadonlyMap<number, number>, before: ReadonlyMap<number, number>): number[] {
  return [...now].map(([thread, us]) => us - (before.get(thread) ?? 0));
}
