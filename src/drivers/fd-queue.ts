/**
 * The bounded producer-consumer queue of the textbooks: a ring of descriptors in shared memory, one
 * semaphore that counts what is free, one that counts what is filled, and a third as the mutex of
 * the ring. Any number of producers and consumers, in any threads.
 */
import { SEMAPHORE_WORDS, Semaphore, type SharedWords } from './semaphore.ts';

/** Words that a queue of this capacity takes. */
export function queueWords(capacity: number): number {
  return RING + capacity;
}

export class FdQueue {
  readonly #words: Int32Array;
  readonly #base: number;
  readonly #capacity: number;
  readonly #free: Semaphore;
  readonly #filled: Semaphore;
  readonly #mutex: Semaphore;

  /**
   * The queue whose words begin at `base`; the memory is zero, or another thread's queue already.
   */
  constructor(shared: SharedWords, base: number, capacity: number) {
    this.#words = shared.words;
    this.#base = base;
    this.#capacity = capacity;
    this.#free = new Semaphore(shared, base + FREE);
    this.#filled = new Semaphore(shared, base + FILLED);
    this.#mutex = new Semaphore(shared, base + MUTEX);
  }

  /** Makes an empty queue of zeroed memory. Once, before any other thread has it. */
  initialise(): void {
    Atomics.store(this.#words, this.#base + FREE, this.#capacity);
    Atomics.store(this.#words, this.#base + MUTEX, 1);
  }

  /** How many descriptors wait to be taken. */
  get depth(): number {
    return this.#filled.value;
  }

  /**
   * Appends a descriptor, waiting for room. False: given up, the descriptor is still the caller's.
   */
  put(fd: number, givenUp: () => boolean): boolean {
    if (!this.#free.down(givenUp)) return false;
    this.#locked(() => {
      const tail = this.#words[this.#base + TAIL];
      this.#words[this.#base + RING + tail] = fd;
      this.#words[this.#base + TAIL] = (tail + 1) % this.#capacity;
    });
    this.#filled.up();
    return true;
  }

  /** Takes the oldest descriptor, waiting for one; -1: given up. */
  take(givenUp: () => boolean): number {
    if (!this.#filled.down(givenUp)) return -1;
    let fd = -1;
    this.#locked(() => {
      const head = this.#words[this.#base + HEAD];
      fd = this.#words[this.#base + RING + head];
      this.#words[this.#base + HEAD] = (head + 1) % this.#capacity;
    });
    this.#free.up();
    return fd;
  }

  /** Has everyone who waits here look at `givenUp` again. */
  wakeAll(): void {
    this.#free.wakeAll();
    this.#filled.wakeAll();
  }

  #locked(change: () => void): void {
    this.#mutex.down(NEVER);
    change();
    this.#mutex.up();
  }
}

const NEVER = () => false;

const FREE = 0;
const FILLED = FREE + SEMAPHORE_WORDS;
const MUTEX = FILLED + SEMAPHORE_WORDS;
const HEAD = MUTEX + SEMAPHORE_WORDS;
const TAIL = HEAD + 1;
const RING = TAIL + 1;
