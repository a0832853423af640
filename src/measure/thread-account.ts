/**
 * What each thread of a server spends while it becomes warm. It reads one small file for a thread,
 * so that looking takes little of the time that it looks at.
 */
import { threadTimesUs } from './account.ts';
import { servingThreads } from './warmth.ts';

type Times = ReadonlyMap<number, number>;

export class ThreadAccount {
  readonly #pids: readonly number[];
  /** By thread, one for each look. */
  readonly #looks: Times[];

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#looks = [threadTimesUs(pids)];
  }

  /** CPU microseconds of all threads since the last call; threads that have ended are left out. */
  spentUs(): number {
    const before = this.#looks[this.#looks.length - 1];
    const now = threadTimesUs(this.#pids);
    this.#looks.push(now);
    return sinceOf(now, before).reduce((all, us) => all + us, 0);
  }

  /** How many threads do the work. Of the later half: at first V8's own threads compile, too. */
  serving(): number {
    const half = this.#looks[Math.floor((this.#looks.length - 1) / 2)];
    return servingThreads(sinceOf(this.#looks[this.#looks.length - 1], half));
  }
}

function sinceOf(now: Times, before: Times): number[] {
  return [...now].map(([thread, us]) => us - (before.get(thread) ?? 0));
}
