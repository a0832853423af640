/**
 * The completion ring: what has been done. The kernel writes at its tail, we read at our head. What
 * finds no room there, the kernel keeps in a list of its own (IORING_FEAT_NODROP) and moves over as
 * soon as an io_uring_enter that asks for events finds room.
 */
import type { Posix } from '../../posix/posix.ts';

export class Completions {
  /** The completion that was read last: the two halves of its user_data, and what came of it. */
  userLow = 0;
  userHigh = 0;
  /** What the syscall would have returned: a count, a descriptor, or -errno. */
  result = 0;
  /** IORING_CQE_F_… */
  flags = 0;
  readonly entries: number;

  readonly #ring: Int32Array;
  readonly #headWord: number;
  readonly #tailWord: number;
  readonly #first: number;
  readonly #words: number;
  readonly #result: number;
  readonly #flags: number;
  #head = 0;

  /** `params` as io_uring_setup has filled it in. */
  constructor(posix: Posix, params: Uint32Array, ring: Int32Array) {
    const c = posix.constants;
    this.entries = params[c.IO_URING_PARAMS_CQ_ENTRIES];
    this.#ring = ring;
    this.#headWord = params[c.IO_URING_PARAMS_CQ_OFF_HEAD] >> 2;
    this.#tailWord = params[c.IO_URING_PARAMS_CQ_OFF_TAIL] >> 2;
    this.#first = params[c.IO_URING_PARAMS_CQ_OFF_CQES] >> 2;
    this.#words = c.IO_URING_CQE_BYTES >> 2;
    this.#result = c.IO_URING_CQE_RES >> 2;
    this.#flags = c.IO_URING_CQE_FLAGS >> 2;
  }

  /** How many are there to be taken. */
  available(): number {
    return (Atomics.load(this.#ring, this.#tailWord) - this.#head) | 0;
  }

  /** Takes the next one; there must be one. */
  take(): void {
    this.look(0);
    this.#head = (this.#head + 1) | 0;
  }

  /** Reads the one that is `ahead` places behind the next, and leaves it there. */
  look(ahead: number): void {
    const ring = this.#ring;
    const at = this.#first + ((this.#head + ahead) & (this.entries - 1)) * this.#words;
    // user_data comes first in the struct.
    this.userLow = ring[at];
    this.userHigh = ring[at + 1];
    this.result = ring[at + this.#result];
    this.flags = ring[at + this.#flags];
  }

  /** Gives the room of those taken back to the kernel: to be called before io_uring_enter. */
  publish(): void {
    Atomics.store(this.#ring, this.#headWord, this.#head);
  }
}
