/**
 * Memory for replies. A send's bytes must stay as they are until its completion has come, but the
 * thread's one reply buffer is needed for the next request at once: so replies are copied into
 * buffers from here, which come back when their send is done. The last one back is the first to be
 * used again, being the likeliest to be in a cache.
 */
import type { Posix } from '../../posix/posix.ts';
import { highHalf, lowHalf, mapMemory } from './memory.ts';

export class SendBuffer {
  readonly bytes: Uint8Array;
  /** The same memory, for copying by words. */
  readonly words: Int32Array;
  readonly address: number;
  readonly addressLow: number;
  readonly addressHigh: number;
  /** Its place in SIZES_BYTES, or OUTSIZE. */
  readonly size: number;

  constructor(posix: Posix, memory: ArrayBuffer, offset: number, length: number, size: number) {
    this.bytes = new Uint8Array(memory, offset, length);
    this.words = new Int32Array(memory, offset, length >> 2);
    this.address = posix.addressOf(this.bytes);
    this.addressLow = lowHalf(this.address);
    this.addressHigh = highHalf(this.address);
    this.size = size;
  }

  /** The halves of the address `offset` bytes behind its beginning. */
  addressAt(offset: number): readonly [low: number, high: number] {
    return [lowHalf(this.address + offset), highHalf(this.address + offset)];
  }
}

export class SendBuffers {
  readonly #posix: Posix;
  /** By size: the buffers that are in nobody's use. */
  readonly #free: readonly SendBuffer[][] = SIZES_BYTES.map(() => []);
  /** How much of that is in large buffers. */
  #idleBytes = 0;
  readonly #mappings = new Set<ArrayBuffer>();
  /** The words of the reply buffer: it is the same one as long as it does not grow. */
  #source: Uint8Array = new Uint8Array();
  #sourceWords: Int32Array = new Int32Array();

  constructor(posix: Posix) {
    this.#posix = posix;
  }

  /** A buffer that holds a copy of `source[0, length)`. */
  hold(source: Uint8Array, length: number): SendBuffer {
    const buffer = this.#take(length);
    const words = (length + 3) >> 2;
    const from = this.#wordsOf(source);
    // A few words are sooner copied than a view of them is made, and leave nothing to collect.
    if (length <= COPIED_BY_WORDS_BYTES && words <= from.length) {
      for (let i = 0; i < words; i++) buffer.words[i] = from[i];
    } else buffer.bytes.set(source.subarray(0, length));
    return buffer;
  }

  /** Takes a buffer back, its send being done. */
  release(buffer: SendBuffer): void {
    const lengthBytes = buffer.bytes.length;
    if (lengthBytes >= LARGE_BYTES) {
      if (buffer.size === OUTSIZE || this.#idleBytes + lengthBytes > IDLE_BYTES) {
        this.#unmap(buffer.bytes.buffer as ArrayBuffer);
        return;
      }
      this.#idleBytes += lengthBytes;
    }
    this.#free[buffer.size].push(buffer);
  }

  /** Unmaps all; no send may be under way. */
  close(): void {
    for (const memory of this.#mappings) this.#unmap(memory);
  }

  #take(length: number): SendBuffer {
    for (let size = 0; size < SIZES_BYTES.length; size++) {
      if (SIZES_BYTES[size] < length) continue;
      const buffer = this.#free[size].pop() ?? this.#make(size);
      if (SIZES_BYTES[size] >= LARGE_BYTES) this.#idleBytes -= SIZES_BYTES[size];
      return buffer;
    }
    return new SendBuffer(this.#posix, this.#map(length), 0, length, OUTSIZE);
  }

  /** Maps memory for one large buffer, or for several small ones of which one is returned. */
  #make(size: number): SendBuffer {
    const lengthBytes = SIZES_BYTES[size];
    const memory = this.#map(Math.max(lengthBytes, LARGE_BYTES));
    const buffers = this.#free[size];
    for (let offset = 0; offset < memory.byteLength; offset += lengthBytes) {
      buffers.push(new SendBuffer(this.#posix, memory, offset, lengthBytes, size));
    }
    if (lengthBytes >= LARGE_BYTES) this.#idleBytes += lengthBytes;
    return buffers.pop()!;
  }

  /** The whole words of the reply buffer; none where they would not be aligned. */
  #wordsOf(source: Uint8Array): Int32Array {
    if (source !== this.#source) {
      const { buffer, byteOffset, length } = source;
      this.#source = source;
      this.#sourceWords = new Int32Array(buffer, byteOffset & ~3, byteOffset & 3 ? 0 : length >> 2);
    }
    return this.#sourceWords;
  }

  #map(lengthBytes: number): ArrayBuffer {
    const memory = mapMemory(this.#posix, lengthBytes);
    this.#mappings.add(memory);
    return memory;
  }

  #unmap(memory: ArrayBuffer): void {
    this.#mappings.delete(memory);
    this.#posix.munmap(memory);
  }
}

/** Most replies fit the first; the steps waste addresses rather than memory, which is untouched. */
const SIZES_BYTES = [1024, 4096, 16 * 1024, 64 * 1024, 256 * 1024, 1024 * 1024] as const;
/** Beyond the last size a buffer is mapped to measure, and unmapped after its send. */
const OUTSIZE = -1;
/** From here on a buffer is a mapping of its own, and can be given back; smaller ones share. */
const LARGE_BYTES = 64 * 1024;
/** Large buffers kept for the next replies: a burst's, not what a thousand slow readers took. */
const IDLE_BYTES = 16 * 1024 * 1024;
/** Where copying as one view has become quicker than word by word. */
const COPIED_BY_WORDS_BYTES = 1024;
