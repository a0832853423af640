/** Where buffers come from that hold somebody's bytes for longer than a call. */
export interface Buffers {
  /** A buffer of at least so many bytes, with anything in it. */
  take(lengthBytes: number): Uint8Array;
  /** Nobody may use the buffer any more. */
  giveBack(bytes: Uint8Array): void;
}

/** From the heap, where they stay until the collector comes by. */
export const HEAP_BUFFERS: Buffers = {
  take: (lengthBytes) => new Uint8Array(lengthBytes),
  giveBack: () => {},
};
