/**
 * The submission ring: what is to be done. Entries are written at our tail, and the kernel takes
 * them when io_uring_enter names their number; without a polling thread nobody looks before that.
 *
 * The kernel may take fewer than it was offered, or none (EAGAIN, EBUSY, EINTR). Its head says how
 * far it came, whatever the call has returned. Nothing that an entry refers to may be used again
 * before the kernel has taken the entry; an entry that finds no room in the ring waits behind it.
 *
 * Entries are numbered in their order, modulo 2^32, as heads and tails are.
 */
import type { Posix } from '../../posix/posix.ts';

export class Submissions {
  readonly entries: number;
  /** The number of the first entry that the kernel has not taken yet. */
  head = 0;

  /** The rings' memory, for head and tail. */
  readonly #ring: Int32Array;
  readonly #headWord: number;
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
  readonly #overflow = new Overflow();

  /** `params` as io_uring_setup has filled it in. */
  constructor(posix: Posix, params: Uint32Array, ring: Int32Array, sqes: Int32Array) {
    const c = posix.constants;
    this.entries = params[c.IO_URING_PARAMS_SQ_ENTRIES];
    this.#ring = ring;
    this.#headWord = params[c.IO_URING_PARAMS_SQ_OFF_HEAD] >> 2;
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

  /** The number that the next entry will have. */
  get end(): number {
    return (this.#tail + this.#overflow.count) | 0;
  }

  /** Entries in the ring that the kernel has not taken yet. */
  get waiting(): number {
    return (this.#tail - this.head) | 0;
  }

  /** Whether the next entry fills the ring up, so that it is time to hand over. */
  get full(): boolean {
    return this.waiting === this.entries;
  }

  /** Whether entries wait that have found no room in the ring. */
  get overfull(): boolean {
    return this.#overflow.count > 0;
  }

  /**
   * Adds an entry. The fields that none of our operations use are zero from the start, and stay so.
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
    if (this.full) {
      const entry = [first, fd, addressLow, addressHigh, length, flags, userLow, userHigh] as const;
      this.#overflow.add(entry);
      return;
    }
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
  }

  /** Shows the kernel as many entries as the ring holds: to be called before io_uring_enter. */
  publish(): void {
    const overflow = this.#overflow;
    if (overflow.count > 0) {
      for (let room = this.entries - this.waiting; room > 0 && overflow.count > 0; room--) {
        this.push(...overflow.take());
      }
    }
    Atomics.store(this.#ring, this.#tailWord, this.#tail);
  }

  /** Reads how far the kernel has come: to be called after io_uring_enter. */
  look(): void {
    this.head = Atomics.load(this.#ring, this.#headWord);
  }
}

/** What `push` is called with. */
type Entry = readonly [
  first: number,
  fd: number,
  addressLow: number,
  addressHigh: number,
  length: number,
  flags: number,
  userLow: number,
  userHigh: number,
];

/** Entries for which the ring has no room, in their order: none but where the kernel refuses. */
class Overflow {
  #entries: Entry[] = [];
  #taken = 0;

  get count(): number {
    return this.#entries.length - this.#taken;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  take(): Entry {
    const entry = this.#entries[this.#taken++];
    if (this.#taken === this.#entries.length) {
      this.#entries = [];
      this.#taken = 0;
    }
    return entry;
  }
}
