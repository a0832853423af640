/**
 * The read/write lock of a segment, for threads and processes, any of which may be killed while it
 * holds it.
 *
 *   LOCK_WRITER   0, or sequence << 11 | owner slot + 1. The sequence makes every holding a new
 *                 value, so that a sleeper never mistakes it for the one that it went to sleep on.
 *   LOCK_WAITERS  the newest writer's word that anybody sleeps on, or 0
 *   READERS       a line for each owner: 1 while it reads
 *
 * A reader raises its own flag, then looks for a writer; a writer takes the word, then waits for
 * every flag to fall. Each sees the other, because Atomics are sequentially consistent (Dekker,
 * 1965). Readers share no word with one another, so they never wait for one another, and a dead
 * reader's flag is known to be its own. A writer that waits keeps new readers out.
 *
 * Who finds the owner of what it waits for dead lowers its flag, or takes its writer's word over.
 * The latter is told by the result `true`: the segment may be half changed and must be checked.
 */
import type { Directory } from './directory.ts';
import { LINE_WORDS, LOCK_SEQUENCE, LOCK_WAITERS, LOCK_WRITER, READERS } from './layout.ts';
import type { SharedRegion } from './region.ts';

/** Slots + 1 need 11 bits. */
const SLOT_BITS = 11;
const SLOT_MASK = (1 << SLOT_BITS) - 1;
/** A batch takes a few µs: about as long as these looks, and less than a sleep. */
const SPINS = 200;
/** How long the dead are waited for before somebody asks whether they are alive. */
const PATIENCE_MS = 20;
const EVERYBODY = 0x7fffffff;

export class SegmentLock {
  readonly #region: SharedRegion;
  readonly #words: Int32Array;
  readonly #directory: Directory;
  readonly #alive: (ownerId: number) => boolean;
  #slot = 0;

  constructor(region: SharedRegion, directory: Directory, alive: (ownerId: number) => boolean) {
    this.#region = region;
    this.#words = region.words;
    this.#directory = directory;
    this.#alive = alive;
  }

  /** The owner slot that this thread locks as. */
  set slot(slot: number) {
    this.#slot = slot;
  }

  /**
   * Takes the lock for reading. True: instead it has been taken over from a dead writer, *for
   * writing*; check the segment, `unlockWrite`, and ask again.
   */
  lockRead(): boolean {
    const words = this.#words;
    const mine = READERS + this.#slot * LINE_WORDS;
    for (;;) {
      Atomics.store(words, mine, 1);
      const writer = Atomics.load(words, LOCK_WRITER);
      if (writer === 0) return false;
      this.unlockRead();
      if (this.#outwait(writer)) {
        this.#awaitReaders();
        return true;
      }
    }
  }

  unlockRead(): void {
    const words = this.#words;
    const mine = READERS + this.#slot * LINE_WORDS;
    Atomics.store(words, mine, 0);
    if (Atomics.load(words, LOCK_WRITER) !== 0) this.#region.wake(mine, 1);
  }

  /** Takes the lock for writing. True: it was taken over from a dead writer; check the segment. */
  lockWrite(): boolean {
    for (;;) {
      const writer = this.#exchange(0);
      if (writer === 0) {
        this.#awaitReaders();
        return false;
      }
      if (this.#outwait(writer)) {
        this.#awaitReaders();
        return true;
      }
    }
  }

  /** Takes the lock for writing if that needs no waiting. */
  tryLockWrite(): boolean {
    if (this.#exchange(0) !== 0) return false;
    for (let slot = this.#directory.ownersHigh - 1; slot >= 0; slot -= 1) {
      if (Atomics.load(this.#words, READERS + slot * LINE_WORDS) !== 0) {
        this.unlockWrite();
        return false;
      }
    }
    return true;
  }

  unlockWrite(): void {
    const words = this.#words;
    const mine = Atomics.load(words, LOCK_WRITER);
    Atomics.store(words, LOCK_WRITER, 0);
    const waitedFor = Atomics.load(words, LOCK_WAITERS);
    if (waitedFor === 0) return;
    // Who already waits for the next holder has not been woken by this one: his mark stays.
    if (((waitedFor - mine) | 0) <= 0) Atomics.compareExchange(words, LOCK_WAITERS, waitedFor, 0);
    this.#region.wake(LOCK_WRITER, EVERYBODY);
  }

  /**
   * Lets go of what the former, dead owner of this thread's slot held. True: that was the writer's
   * word, which is now held; check the segment and `unlockWrite`.
   */
  inherit(): boolean {
    const words = this.#words;
    this.#lowerFlag(this.#slot);
    const writer = Atomics.load(words, LOCK_WRITER);
    if ((writer & SLOT_MASK) !== this.#slot + 1) return false;
    this.#awaitReaders();
    return true;
  }

  /** Puts this thread into the writer's word if it still is `before`; returns what it was. */
  #exchange(before: number): number {
    const words = this.#words;
    const seen = Atomics.load(words, LOCK_WRITER);
    if (seen !== before) return seen;
    const sequence = Atomics.add(words, LOCK_SEQUENCE, 1);
    const mine = (sequence << SLOT_BITS) | (this.#slot + 1);
    return Atomics.compareExchange(words, LOCK_WRITER, before, mine);
  }

  /** Waits until `writer` is gone. True: it was dead, and this thread has taken its place. */
  #outwait(writer: number): boolean {
    const words = this.#words;
    for (let i = 0; i < SPINS; i += 1) {
      if (Atomics.load(words, LOCK_WRITER) !== writer) return false;
    }
    Atomics.store(words, LOCK_WAITERS, writer);
    while (Atomics.load(words, LOCK_WRITER) === writer) {
      if (this.#region.wait(LOCK_WRITER, writer, PATIENCE_MS)) return false;
      if (this.#slotAlive((writer & SLOT_MASK) - 1)) continue;
      if (this.#exchange(writer) === writer) return true;
    }
    return false;
  }

  #awaitReaders(): void {
    const words = this.#words;
    for (let slot = this.#directory.ownersHigh - 1; slot >= 0; slot -= 1) {
      const flag = READERS + slot * LINE_WORDS;
      let spins = SPINS;
      while (Atomics.load(words, flag) !== 0) {
        spins -= 1;
        if (spins > 0 || this.#region.wait(flag, 1, PATIENCE_MS)) continue;
        if (!this.#slotAlive(slot)) this.#lowerFlag(slot);
      }
    }
  }

  #lowerFlag(slot: number): void {
    const flag = READERS + slot * LINE_WORDS;
    Atomics.store(this.#words, flag, 0);
    this.#region.wake(flag, EVERYBODY);
  }

  #slotAlive(slot: number): boolean {
    const id = this.#directory.ownerId(slot);
    return id !== 0 && this.#alive(id);
  }
}
