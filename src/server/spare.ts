/**
 * A thread's spare buffer for unfinished requests: nearly every pipeline leaves a part of one
 * behind at the end of a receive, and a new buffer each time would be the collector's only work.
 */

/** Beyond this a buffer is not worth keeping: a thread has one, and rarely needs so long a one. */
const MOST_BYTES = 256 * 1024;
/** A short request must not sit on a long buffer, perhaps for as long as its client is idle. */
const MOST_TIMES = 4;

export class Spare {
  #bytes: Uint8Array | undefined = undefined;

  /** A buffer of at least so many bytes, with anything in it. */
  take(lengthBytes: number): Uint8Array {
    const bytes = this.#bytes;
    if (bytes === undefined || bytes.length < lengthBytes) return new Uint8Array(lengthBytes);
    if (bytes.length > lengthBytes * MOST_TIMES) return new Uint8Array(lengthBytes);
    this.#bytes = undefined;
    return bytes;
  }

  /** Nobody may use the buffer any more. */
  giveBack(bytes: Uint8Array): void {
    if (bytes.length > MOST_BYTES || bytes.length < (this.#bytes?.length ?? 0)) return;
    this.#bytes = bytes;
  }
}
