/**
 * Which segments this thread holds. Between `open` and `close` one segment at a time, kept until
 * another one is needed, or all of them. Whoever holds one and wants another lets go of the first,
 * and all are taken in their order: so nobody waits in a circle. With one thread nothing is locked.
 */
import type { Directory } from './directory.ts';
import { EMPTIED, IN_PROGRESS, RECOVERED } from './layout.ts';
import { putRight } from './rebuild.ts';
import type { Segment } from './segment.ts';
import { eraseNotes } from './tickets.ts';

export class Holding {
  readonly segments: readonly Segment[];
  readonly #directory: Directory;
  /** False: there is one thread, and nothing has to be locked. */
  readonly locks: boolean;
  /** The segment in use; while `#whole`, all others are held as well. */
  #held: Segment | null = null;
  #heldToWrite = false;
  #write = false;
  #whole = false;

  constructor(segments: readonly Segment[], directory: Directory, locks: boolean) {
    this.segments = segments;
    this.#directory = directory;
    this.locks = locks;
  }

  get write(): boolean {
    return this.#write;
  }

  /** Begins a batch: `write` says how `take` locks, `whole` locks every segment at once. */
  open(write: boolean, whole: boolean): void {
    this.close();
    this.#write = write;
    if (!whole) return;
    for (const segment of this.segments) this.#lock(segment, write);
    this.#whole = true;
    this.#heldToWrite = write;
  }

  /** Runs `work` while every segment is held for writing. */
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

  /** Lets go of whatever is held. */
  close(): void {
    if (this.#whole) {
      this.#whole = false;
      for (const segment of this.segments) this.#unlock(segment);
    } else if (this.#held !== null) {
      this.#unlock(this.#held);
    }
    this.#held = null;
  }

  /** Holds this segment in the way the batch was opened. */
  take(segment: Segment): void {
    if (this.#held === segment) return;
    if (!this.#whole) this.#exchange(segment, this.#write);
    this.#held = segment;
  }

  /** Holds the segment that a hash's `mark` picks: its low byte is the tag, the rest chooses. */
  takeFor(mark: number): Segment {
    const segments = this.segments;
    const count = segments.length;
    const segment = count === 1 ? segments[0] : segments[(mark >>> 8) % count];
    this.take(segment);
    return segment;
  }

  /** Holds this segment for writing, whatever the batch said. */
  takeToWrite(segment: Segment): void {
    if (!this.#whole && (this.#held !== segment || !this.#heldToWrite)) {
      this.#exchange(segment, true);
    }
    this.#held = segment;
  }

  /** Lets go of the segment in use, unless the batch holds all of them. */
  leave(): void {
    if (this.#whole || this.#held === null) return;
    this.#unlock(this.#held);
    this.#held = null;
  }

  /**
   * Runs `work` with another segment held for writing besides the one in use, if that takes no
   * waiting; -1 where it would.
   */
  alongside(segment: Segment, work: (segment: Segment) => number): number {
    if (this.#whole || !this.locks || segment === this.#held) return work(segment);
    if (!segment.lock.tryLockWrite()) return -1;
    const result = work(segment);
    segment.lock.unlockWrite();
    return result;
  }

  /** Puts right what a dead writer has left; only what is past that is emptied. */
  recover(segment: Segment): void {
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
    if (this.#held !== null) this.#unlock(this.#held);
    this.#held = null;
    this.#lock(segment, write);
    this.#heldToWrite = write;
  }

  #lock(segment: Segment, write: boolean): void {
    if (!this.locks) return;
    if (write) {
      if (segment.lock.lockWrite()) this.recover(segment);
      return;
    }
    while (segment.lock.lockRead()) {
      this.recover(segment);
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
