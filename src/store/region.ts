/**
 * The memory that the store is handed. The store never asks for memory itself: the server maps a
 * memfd and wakes by futex, so that threads and processes share it; tests and platforms without
 * those use a SharedArrayBuffer. The bytes are zero at first, and a page that is never touched is
 * never committed.
 */

export interface SharedRegion {
  /** The whole region; at most 4 GiB, the longest view there is. A plain Uint8Array. */
  readonly bytes: Uint8Array;
  /** The same memory by words. `Atomics` work on it, save for `Atomics.wait`. */
  readonly words: Int32Array;
  /**
   * Sleeps while `words[index]` is `value`, at most `timeoutMs`, until a `wake` (futex(2)
   * FUTEX_WAIT). False: the time ran out. True: woken, interrupted, or the value was another.
   */
  wait(index: number, value: number, timeoutMs: number): boolean;
  /** Wakes up to `count` sleepers of `words[index]` (futex(2) FUTEX_WAKE). */
  wake(index: number, count: number): void;
  /**
   * Gives the pages of `[offset, offset + length)`, multiples of 4096, back to the system; they
   * read as zero afterwards or keep what they held (madvise(2) MADV_REMOVE). Absent: nothing is
   * given.
   */
  discard?(offset: number, length: number): void;
}

/**
 * A region over a buffer of this process. Over a SharedArrayBuffer it can be handed to other
 * threads; over an ArrayBuffer there is nobody to wait for, and `wait` returns at once.
 */
export function bufferRegion(buffer: ArrayBuffer | SharedArrayBuffer): SharedRegion {
  const words = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
  const shared = !(buffer instanceof ArrayBuffer);
  return {
    bytes: new Uint8Array(buffer),
    words,
    wait: (index, value, timeoutMs) =>
      !shared || Atomics.wait(words, index, value, timeoutMs) !== 'timed-out',
    wake: (index, count) => {
      if (shared) Atomics.notify(words, index, count);
    },
  };
}
