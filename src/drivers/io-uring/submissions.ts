/**
 * The submission ring: what is to be done. Entries are written at our tail, and the kernel takes
 * them when io_uring_enter names their number; without a polling thread nobody looks before that.
 */
import type { Posix } from '../../posix/posix.ts';

export class Submissions {
  /** Entries that the kernel has not taken yet. */
  waiting = 0;
  readonly entries: number;

  /** The rings' memory, for the tail. */
  readonly #ring: Int32Array;
  readonly #tailWord: number;
  /** The entries, in a mapping of their own. */
  readonly #sqes: Int32Array;
  /** Where each field begins within an entry, and how long an entry is, in words. */
  readonly #words: number;
  readonly #fd: number;
  readonly #address: number;
  readonly #length: number;
  readonly #flags: number;
  readonly #userData: number;
  #tail = 0;

  /** `params` as io_uring_setup has filled it in. */
  constructor(posix: Posix, params: Uint32Array, ring: Int32Array, sqes: Int32Array) {
    const c = posix.constants;
    this.entries = params[c.IO_URING_PARAMS_SQ_ENTRIES];
    this.#ring = ring;
    this.#tailWord = params[c.IO_URING_PARAMS_SQ_OFF_TAIL] >> 2;
    this.#sqes = sqes;
    this.#words = c.IO_URING_SQE_BYTES >> 2;
    this.#fd = c.IO_URING_SQE_FD >> 2;
    this.#address = c.IO_URING_SQE_ADDR >> 2;
    this.#length = c.IO_URING_SQE_LEN >> 2;
    this.#flags = c.IO_URING_SQE_OP_FLAGS >> 2;
    this.#userData = c.IO_URING_SQE_USER_DATA >> 2;
    // Older kernels find the entries by way of an array of indices: the i-th is i, for good.
    if (params[c.IO_URING_PARAMS_FLAGS] & c.IORING_SETUP_NO_SQARRAY) return;
    const array = params[c.IO_URING_PARAMS_SQ_OFF_ARRAY] >> 2;
    for (let i = 0; i < this.entries; i++) ring[array + i] = i;
  }

  get full(): boolean {
    return this.waiting === this.entries;
  }

  /**
   * Writes an entry; the ring must not be full. The fields that none of our operations use are zero
   * from the start, and stay so.
   *
   * @param first the first word: opcode, IOSQE_ flags, ioprio (see requests.ts).
   * @param address two halves: what the operation takes a pointer for.
   * @param flags of the operation: msg_flags, accept_flags, poll32_events, cancel_flags.
   * @param userLow with userHigh, what comes back with the completion.
   */
  push(
    first: number,
    fd: number,
    addressLow: number,
    addressHigh: number,
    length: number,
    flags: number,
    userLow: number,
    userHigh: number,
  ): void {
    const sqes = this.#sqes;
    const at = (this.#tail & (this.entries - 1)) * this.#words;
    sqes[at] = first;
    sqes[at + this.#fd] = fd;
    sqes[at + this.#address] = addressLow;
    sqes[at + this.#address + 1] = addressHigh;
    sqes[at + this.#length] = length;
    sqes[at + this.#flags] = flags;
    sqes[at + this.#userData] = userLow;
    sqes[at + this.#userData + 1] = userHigh;
    this.#tail = (this.#tail + 1) | 0;
    this.waiting++;
  }

  /** Shows the kernel all entries up to here: to be called before io_uring_enter. */
  publish(): void {
    Atomics.store(this.#ring, this.#tailWord, this.#tail);
  }

  /** io_uring_enter has taken this many of those that waited. */
  taken(count: number): void {
    this.waiting -= count;
  }
}
