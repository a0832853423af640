/** Bytes that came and are not understood yet: `bytes[start, end)`. The room behind them grows. */

/** One read of a busy socket fits; most replies are far smaller. */
const INITIAL_BYTES = 64 * 1024;
/** Below this much room a read would be too small to be worth its call. */
const LEAST_ROOM_BYTES = 16 * 1024;

export class Intake {
  bytes = new Uint8Array(INITIAL_BYTES);
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Makes room behind `end` for `wanted` bytes. Positions may change: count from `start`. */
  reserve(wanted = LEAST_ROOM_BYTES): void {
    if (this.bytes.length - this.end >= wanted) return;
    const { start, end, length } = this;
    if (length + wanted <= this.bytes.length) {
      this.bytes.copyWithin(0, start, end);
    } else {
      const larger = new Uint8Array(Math.max(length + wanted, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(start, end));
      this.bytes = larger;
    }
    this.start = 0;
    this.end = length;
  }

  /** Appends bytes that lie elsewhere. */
  append(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.end);
    this.end += source.length;
  }

  /** Copies the next `length` bytes out, and goes on behind them. */
  take(length: number): Uint8Array {
    const taken = this.bytes.slice(this.start, this.start + length);
    this.start += length;
    return taken;
  }

  /** The position of the first LF at or behind `from`, or -1. */
  lineEnd(from = this.start): number {
    const at = this.bytes.indexOf(LF, from);
    return at < this.end ? at : -1;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }
}

const LF = 0x0a;
