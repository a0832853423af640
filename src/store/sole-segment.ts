/** A store of one segment that one thread uses: there is nothing to lock (held-locks.ts). */
import type { HeldLocks } from './held-locks.ts';
import type { Segment } from './segment.ts';

export class SoleSegment implements HeldLocks {
  readonly segments: readonly Segment[];
  readonly locks = false;
  write = false;
  #whole = false;
  readonly #segment: Segment;

  constructor(segment: Segment) {
    this.#segment = segment;
    this.segments = [segment];
  }

  open(write: boolean, whole: boolean): void {
    this.close();
    this.write = write;
    this.#whole = whole;
  }

  /** Nobody is in the segment now: its blocks may be moved. */
  close(): void {
    this.#whole = false;
    const segment = this.#segment;
    if (segment.changedUnits > 0) segment.tidy();
  }

  /** Databases may be exchanged at any moment where nobody else looks. */
  wholly(work: () => void): void {
    work();
  }

  numberFor(): number {
    return 0;
  }

  takeSeveral(): void {}

  take(): void {}

  takeFor(): Segment {
    return this.#segment;
  }

  takeToWrite(): void {}

  leave(): void {
    if (!this.#whole) this.close();
  }

  alongside(segment: Segment, work: (segment: Segment) => number): number {
    return work(segment);
  }

  /** Nobody can die and leave something half done. */
  inherit(): void {}
}
