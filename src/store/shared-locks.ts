/** The locks of segments that several threads, or processes, use at once (held-locks.ts). */
import type { Directory } from './directory.ts';
import type { KeyHash } from './hash.ts';
import { eraseNotes, releaseNotes } from './held-blocks.ts';
import type { HeldLocks } from './held-locks.ts';
import { EMPTIED, IN_PROGRESS, RECOVERED } from './layout.ts';
import { putRight } from './recovery/rebuild.ts';
import type { Segment } from './segment.ts';

export class SharedLocks implements HeldLocks {
  readonly segments: readonly Segment[];
  readonly #directory: Directory;
  readonly locks: boolean;
  readonly #hash: KeyHash;
  /** The segment in use; while `#whole`, all others are held as well. */
  #held: Segment | null = null;
  /** Those that are held together: a bit for each segment. 0: at most the one in use is. */
  #several = 0;
  #heldToWrite = false;
  #write = false;
  #whole = false;

  constructor(segments: readonly Segment[], directory: Directory, hash: KeyHash, locks: boolean) {
    this.segments = segments;
    this.#directory = directory;
    this.#hash = hash;
    this.locks = locks;
  }

  get write(): boolean {
    return this.#write;
  }

  open(write: boolean, whole: boolean): void {
    this.close();
    this.#write = write;
    if (!whole) return;
    for (const segment of this.segments) this.#lock(segment, write);
    this.#whole = true;
    this.#heldToWrite = write;
  }

  wholly(work: () => void): void {
    if (this.#whole) {
      work();
      return;
    }
    const write = this.#write;
    this.open(true, true);
    work();
    this.close();
    this.#write = write;
  }

  close(): void {
    if (this.#whole) {
      this.#whole = false;
      for (const segment of this.segments) this.#unlock(segment);
    } else if (this.#several !== 0) {
      for (let i = 0; i < this.segments.length; i += 1) {
        if (((this.#several >>> i) & 1) !== 0) this.#unlock(this.segments[i]);
      }
      this.#several = 0;
      // Others may change them from now on.
      this.#hash.dropGuesses();
    } else if (this.#held !== null) {
      this.#unlock(this.#held);
    }
    this.#held = null;
  }

  numberFor(mark: number): number {
    const count = this.segments.length;
    return count === 1 ? 0 : (mark >>> 8) % count;
  }

  takeSeveral(bits: number): void {
    if (!this.locks || this.#whole) return;
    this.close();
    for (let i = 0; i < this.segments.length; i += 1) {
      if (((bits >>> i) & 1) !== 0) this.#lock(this.segments[i], this.#write);
    }
    this.#several = bits;
    this.#heldToWrite = this.#write;
  }

  take(segment: Segment): void {
    if (this.#held !== segment) this.#hold(this.segments.indexOf(segment));
  }

  takeFor(mark: number): Segment {
    const number = this.numberFor(mark);
    const segment = this.segments[number];
    if (this.#held !== segment) this.#hold(number);
    return segment;
  }

  #hold(number: number): void {
    const segment = this.segments[number];
    if (!this.#isHeld(number)) this.#exchange(segment, this.#write);
    this.#held = segment;
  }

  #isHeld(number: number): boolean {
    return this.#whole || ((this.#several >>> number) & 1) !== 0;
  }

  takeToWrite(segment: Segment): void {
    const held = this.#held === segment || this.#isHeld(this.segments.indexOf(segment));
    if (!this.#whole && !(held && this.#heldToWrite)) this.#exchange(segment, true);
    this.#held = segment;
  }

  leave(): void {
    if (!this.#whole) this.close();
  }

  alongside(segment: Segment, work: (segment: Segment) => number): number {
    const held = segment === this.#held || this.#isHeld(this.segments.indexOf(segment));
    if (held || !this.locks) return work(segment);
    if (!segment.lock.tryLockWrite()) return -1;
    const result = work(segment);
    segment.lock.unlockWrite();
    return result;
  }

  inherit(slot: number): void {
    for (const segment of this.segments) {
      segment.lock.slot = slot;
      const fromTheDead = segment.lock.inherit() || segment.lock.lockWrite();
      if (fromTheDead) this.#recover(segment);
      releaseNotes(segment, slot);
      segment.lock.unlockWrite();
    }
  }

  /** Puts right what a dead writer has left; only what is past that is emptied. */
  #recover(segment: Segment): void {
    Atomics.add(this.#directory.words, RECOVERED, 1);
    this.#directory.finishExchange();
    this.#directory.alarmWatchers();
    if (segment.words[IN_PROGRESS] === 0) return;
    if (!putRight(segment)) {
      Atomics.add(this.#directory.words, EMPTIED, 1);
      eraseNotes(segment, this.#directory.ownersHigh);
      segment.reset();
    }
    segment.words[IN_PROGRESS] = 0;
  }

  #exchange(segment: Segment, write: boolean): void {
    this.close();
    this.#lock(segment, write);
    this.#heldToWrite = write;
  }

  #lock(segment: Segment, write: boolean): void {
    if (!this.locks) return;
    if (write) {
      if (segment.lock.lockWrite()) this.#recover(segment);
      return;
    }
    while (segment.lock.lockRead()) {
      this.#recover(segment);
      segment.lock.unlockWrite();
    }
  }

  #unlock(segment: Segment): void {
    if (segment.changedUnits > 0) segment.tidy();
    if (!this.locks) return;
    if (this.#heldToWrite) segment.lock.unlockWrite();
    else segment.lock.unlockRead();
  }
}
