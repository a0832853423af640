/**
 * The buffers that the kernel receives into: a ring of them, from which a receive takes one only
 * when its bytes have arrived. So no buffer waits with an idle connection, and ten thousand of them
 * share these few.
 *
 * Since Linux 6.12 buffers are filled bit by bit, one receive's bytes behind the other's
 * (IOU_PBUF_RING_INC). Before, a receive takes a whole buffer, however little it puts there: hence
 * many small ones. Where none is left, receives end with ENOBUFS and have to be asked for anew.
 *
 * The kernel takes the buffers in the ring's order, and they come back in the same order.
 */
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { highHalf, lowHalf, mapMemory } from './memory.ts';

/** How the memory is cut up. Both numbers are powers of two. */
export interface BufferSizes {
  readonly count: number;
  readonly sizeBytes: number;
  /** Whether a buffer is filled bit by bit. */
  readonly incremental: boolean;
}

export class BufferRing {
  /** All the buffers, one behind the other. */
  readonly bytes: Uint8Array;
  /** What `take` was told of lies in `bytes[start, end)`. */
  start = 0;
  end = 0;

  readonly #posix: Posix;
  readonly #memory: readonly ArrayBuffer[];
  readonly #sizes: BufferSizes;
  readonly #address: number;
  /** How many bytes of each buffer have been filled. */
  readonly #filled: Uint32Array;
  readonly #entries: Entries;
  readonly #bufferFlag: number;
  readonly #idShift: number;

  /** Registers buffers with the io_uring `ringFd`. Throws SyscallError. */
  constructor(posix: Posix, ringFd: number, choices: readonly BufferSizes[] = BUFFER_SIZES) {
    const c = posix.constants;
    const entries = Math.max(...choices.map((sizes) => sizes.count));
    const ring = mapMemory(posix, entries * c.IO_URING_BUF_BYTES);
    this.#sizes = register(posix, ringFd, ring, choices);
    const { count, sizeBytes } = this.#sizes;
    const buffers = mapMemory(posix, count * sizeBytes);
    this.#posix = posix;
    this.#memory = [ring, buffers];
    this.bytes = new Uint8Array(buffers);
    this.#address = posix.addressOf(this.bytes);
    this.#filled = new Uint32Array(count);
    this.#entries = new Entries(posix, ring, count);
    this.#bufferFlag = c.IORING_CQE_F_BUFFER;
    this.#idShift = c.IORING_CQE_BUFFER_SHIFT;
    for (let id = 0; id < count; id++) this.#giveBack(id);
    this.publish();
  }

  /**
   * Reads from a receive's completion where its bytes lie: in `bytes[start, end)`, until `publish`.
   * To be called for every completion that may name a buffer, in the order in which they come.
   */
  take(result: number, flags: number): void {
    if ((flags & this.#bufferFlag) === 0) return;
    const id = flags >>> this.#idShift;
    const { sizeBytes, incremental } = this.#sizes;
    this.start = id * sizeBytes + this.#filled[id];
    this.end = this.start + Math.max(result, 0);
    this.#filled[id] = this.end - id * sizeBytes;
    // The kernel goes on to the next buffer when this one is full, and only then. It says so by
    // IORING_CQE_F_BUF_MORE too, but not reliably: the flag is missing at the end of a stream.
    if (!incremental || this.#filled[id] === sizeBytes) this.#giveBack(id);
  }

  /** Whether a receive that ends at `end` has filled its buffer: the socket may hold more. */
  isFullAt(end: number): boolean {
    return (end & (this.#sizes.sizeBytes - 1)) === 0;
  }

  /** Lets the kernel have what was given back: nothing that `take` found is read after this. */
  publish(): void {
    this.#entries.publish();
  }

  #giveBack(id: number): void {
    const { sizeBytes } = this.#sizes;
    this.#filled[id] = 0;
    this.#entries.add(id, this.#address + id * sizeBytes, sizeBytes);
  }

  /** Unmaps; the io_uring must be closed. */
  close(): void {
    for (const memory of this.#memory) this.#posix.munmap(memory);
  }
}

/** The shared ring of `struct io_uring_buf`. */
class Entries {
  readonly #words: Int32Array;
  readonly #halfWords: Uint16Array;
  readonly #mask: number;
  readonly #entryBytes: number;
  readonly #address: number;
  readonly #length: number;
  readonly #id: number;
  readonly #tailHalfWord: number;
  #tail = 0;

  constructor(posix: Posix, ring: ArrayBuffer, count: number) {
    const c = posix.constants;
    this.#words = new Int32Array(ring);
    this.#halfWords = new Uint16Array(ring);
    this.#mask = count - 1;
    this.#entryBytes = c.IO_URING_BUF_BYTES;
    this.#address = c.IO_URING_BUF_ADDR;
    this.#length = c.IO_URING_BUF_LEN;
    this.#id = c.IO_URING_BUF_BID;
    this.#tailHalfWord = c.IO_URING_BUF_RING_TAIL >> 1;
  }

  /** Writes all fields, since filling a buffer bit by bit moves its address and its length. */
  add(id: number, address: number, lengthBytes: number): void {
    const at = (this.#tail & this.#mask) * this.#entryBytes;
    this.#words[(at + this.#address) >> 2] = lowHalf(address);
    this.#words[((at + this.#address) >> 2) + 1] = highHalf(address);
    this.#words[(at + this.#length) >> 2] = lengthBytes;
    this.#halfWords[(at + this.#id) >> 1] = id;
    this.#tail++;
  }

  publish(): void {
    Atomics.store(this.#halfWords, this.#tailHalfWord, this.#tail);
  }
}

/** Registers `ring` with the first of the sizes that the kernel can do, and returns those. */
function register(
  posix: Posix,
  ringFd: number,
  ring: ArrayBuffer,
  choices: readonly BufferSizes[],
): BufferSizes {
  const c = posix.constants;
  const address = posix.addressOf(new Uint8Array(ring));
  const argument = new Uint32Array(c.IO_URING_BUF_REG_WORDS);
  const fields = new DataView(argument.buffer);
  fields.setBigUint64(c.IO_URING_BUF_REG_RING_ADDR, BigInt(address), true);
  fields.setUint16(c.IO_URING_BUF_REG_BGID, GROUP, true);
  let result = -c.EINVAL;
  for (const sizes of choices) {
    fields.setUint32(c.IO_URING_BUF_REG_RING_ENTRIES, sizes.count, true);
    fields.setUint16(c.IO_URING_BUF_REG_FLAGS, sizes.incremental ? c.IOU_PBUF_RING_INC : 0, true);
    result = posix.io_uring_register(ringFd, c.IORING_REGISTER_PBUF_RING, argument, 1);
    if (result >= 0) return sizes;
    if (result !== -c.EINVAL) break;
  }
  check(result, 'io_uring_register');
  return choices[0];
}

/** The one group of buffers: zero, as sqe->buf_group is where nobody sets it. */
const GROUP = 0;

/**
 * Half a megabyte, which a processor's second cache holds while it comes round, in pieces as large
 * as a driver's read buffer. For kernels that spend a whole one on each receive, as many as 1,000
 * busy clients need.
 */
const BUFFER_SIZES: readonly BufferSizes[] = [
  { count: 8, sizeBytes: 64 * 1024, incremental: true },
  { count: 1024, sizeBytes: 4 * 1024, incremental: false },
];
