/**
 * Which segments this thread holds. Between `open` and `close` one segment at a time, kept until
 * another one is needed, or several at once, or all of them. A thread that holds some and wants
 * another lets go of them first, and several are taken in their order: so nobody waits in a circle.
 *
 * SharedLocks locks segments that several threads use; SoleSegment has nothing to lock.
 */
import type { Segment } from './segment.ts';

export interface HeldLocks {
  readonly segments: readonly Segment[];
  /** False: there is one thread, and nothing has to be locked. */
  readonly locks: boolean;
  /** How the batch was opened. */
  readonly write: boolean;
  /** Begins a batch: `write` says how `take` locks, `whole` locks every segment at once. */
  open(write: boolean, whole: boolean): void;
  /** Lets go of whatever is held. */
  close(): void;
  /** Runs `work` while every segment is held for writing. */
  wholly(work: () => void): void;
  /** Which segment a hash's `mark` picks: its low byte is the tag, the rest chooses. */
  numberFor(mark: number): number;
  /**
   * Holds the segments whose bits are set, in the way the batch was opened, until one is needed
   * that is not among them. Locking all that a batch is about once takes less time than changing
   * from one to the other with each key.
   */
  takeSeveral(bits: number): void;
  /** Holds this segment in the way the batch was opened. */
  take(segment: Segment): void;
  /** Holds the segment that a hash's `mark` picks. */
  takeFor(mark: number): Segment;
  /** Holds this segment for writing, whatever the batch said. */
  takeToWrite(segment: Segment): void;
  /** Lets go of the segment in use, unless the batch holds all of them. */
  leave(): void;
  /**
   * Runs `work` with another segment held for writing besides the one in use, if that takes no
   * waiting; -1 where it would.
   */
  alongside(segment: Segment, work: (segment: Segment) => number): number;
  /** Lets go of what the dead owner of this slot held. */
  inherit(slot: number): void;
}
