/**
 * A counting semaphore in shared memory, for threads and for processes: the counter is an atomic
 * word, and a thread that finds it at zero sleeps in futex(2) until it is raised.
 */

/** Shared words, and how to sleep on one of them. */
export interface SharedWords {
  readonly words: Int32Array;
  /**
   * Sleeps while `words[index]` is `value`: until woken, a signal, or `timeoutMs` (-1: for ever).
   */
  wait(index: number, value: number, timeoutMs: number): void;
  /** Wakes at most `count` of those who sleep on `words[index]`. */
  wake(index: number, count: number): void;
}

/** Words that one semaphore takes: the counter, and how many sleep. */
export const SEMAPHORE_WORDS = 2;

export class Semaphore {
  readonly #shared: SharedWords;
  readonly #index: number;

  constructor(shared: SharedWords, index: number) {
    this.#shared = shared;
    this.#index = index;
  }

  get value(): number {
    return Atomics.load(this.#shared.words, this.#index);
  }

  /** Raises the counter, and wakes one sleeper if there is any. */
  up(): void {
    const { words } = this.#shared;
    Atomics.add(words, this.#index, 1);
    if (Atomics.load(words, this.#index + 1) > 0) this.#shared.wake(this.#index, 1);
  }

  /** Lowers the counter, sleeping while it is zero. False when `given up` says so first. */
  down(givenUp: () => boolean): boolean {
    const { words } = this.#shared;
    for (;;) {
      const value = Atomics.load(words, this.#index);
      if (value > 0) {
        if (Atomics.compareExchange(words, this.#index, value, value - 1) === value) return true;
      } else if (givenUp()) {
        return false;
      } else {
        Atomics.add(words, this.#index + 1, 1);
        this.#shared.wait(this.#index, 0, LOOK_UP_MS);
        Atomics.sub(words, this.#index + 1, 1);
      }
    }
  }

  /** Has every sleeper look at `givenUp` again. */
  wakeAll(): void {
    this.#shared.wake(this.#index, ALL);
  }
}

/**
 * A stop that comes between the look at `givenUp` and the sleep finds nobody to wake: so nobody
 * sleeps for longer than this. Well under the second within which a stop must be done.
 */
const LOOK_UP_MS = 200;
/** As many sleepers as futex can wake. */
const ALL = 2 ** 31 - 1;
