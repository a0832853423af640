/**
 * A thread's buffers for unfinished requests. Nearly every pipeline leaves a part of a request
 * behind at the end of a receive, and a new buffer each time would be the collector's only work: so
 * some of them are kept for the next one. The others go back to the kernel at once, since an idle
 * server's collector does nothing: from a page on they are mappings of their own, and not parts of
 * a heap that never shrinks.
 */
import type { Buffers } from '../bytes/buffers.ts';
import type { Posix } from '../posix/posix.ts';

/** A longer buffer is not worth keeping: it is rarely needed, and takes long to be filled. */
const MOST_KEPT_BYTES = 256 * 1024;
/** Of all that are kept: fifty clients that send 64 KiB at a time have half of it in use. */
const KEPT_BYTES = 8 * 1024 * 1024;
/** All of them may be looked through for one that fits. */
const MOST_KEPT = 128;
/** A short request must not sit on a long buffer, perhaps for as long as its client is idle. */
const MOST_TIMES = 4;
/** A page; below, a mapping would be longer than the buffer. */
export const MAPPED_BYTES = 4096;

export class HeldBuffers implements Buffers {
  readonly #posix: Pick<Posix, 'mmap' | 'munmap' | 'constants'>;
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  /** Of the longer ones those that are no mappings: none, as a rule. */
  readonly #fromHeap = new WeakSet<Uint8Array>();

  constructor(posix: Pick<Posix, 'mmap' | 'munmap' | 'constants'>) {
    this.#posix = posix;
  }

  take(lengthBytes: number): Uint8Array {
    const kept = this.#kept;
    for (let i = kept.length - 1; i >= 0; i--) {
      const bytes = kept[i];
      if (bytes.length < lengthBytes || bytes.length > lengthBytes * MOST_TIMES) continue;
      kept[i] = kept[kept.length - 1];
      kept.pop();
      this.#keptBytes -= bytes.length;
      return bytes;
    }
    return lengthBytes < MAPPED_BYTES ? new Uint8Array(lengthBytes) : this.#map(lengthBytes);
  }

  giveBack(bytes: Uint8Array): void {
    if (bytes.length > MOST_KEPT_BYTES) return this.#unmap(bytes);
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
    while (this.#keptBytes > KEPT_BYTES || this.#kept.length > MOST_KEPT) this.#dropEldest();
  }

  #dropEldest(): void {
    const bytes = this.#kept.shift()!;
    this.#keptBytes -= bytes.length;
    this.#unmap(bytes);
  }

  #map(lengthBytes: number): Uint8Array {
    const { PROT_READ, PROT_WRITE, MAP_PRIVATE, MAP_ANONYMOUS } = this.#posix.constants;
    const [prot, flags] = [PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS];
    const length = Math.ceil(lengthBytes / MAPPED_BYTES) * MAPPED_BYTES;
    const memory = this.#posix.mmap(length, prot, flags, -1, 0);
    if (typeof memory !== 'number') return new Uint8Array(memory);
    // At the limit of mappings (vm.max_map_count) the heap may still have room.
    const bytes = new Uint8Array(lengthBytes);
    this.#fromHeap.add(bytes);
    return bytes;
  }

  /** What came from the heap is the collector's. */
  #unmap(bytes: Uint8Array): void {
    if (bytes.length < MAPPED_BYTES || this.#fromHeap.has(bytes)) return;
    this.#posix.munmap(bytes.buffer as ArrayBuffer);
  }
}

/** What a buffer with so many bytes in it takes: of a mapping, the pages that were touched. */
export function takenBytes(bytes: Uint8Array | undefined, lengthBytes: number): number {
  if (bytes === undefined) return 0;
  return bytes.length < MAPPED_BYTES ? bytes.length : lengthBytes;
}
