/**
 * An io_uring: two rings in memory that is shared with the kernel, and one syscall.
 *
 *     submissions.push → what is to be done
 *     wait             → io_uring_enter: hands all of it over, and waits for completions
 *     completions.take → what has been done
 *
 * Heads and tails only ever count up, modulo 2^32; the rings' sizes are powers of two. Whoever adds
 * moves the tail, whoever takes moves the head. Only these words need Atomics: what lies between
 * head and tail belongs to one side alone.
 */
import { check } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import { Completions } from './completions.ts';
import { mapRing } from './memory.ts';
import { setUp } from './setup.ts';
import { Submissions } from './submissions.ts';

export class Ring {
  readonly fd: number;
  readonly submissions: Submissions;
  readonly completions: Completions;
  readonly #posix: Posix;
  readonly #words: Int32Array;
  readonly #sqFlagsWord: number;
  readonly #overflowFlag: number;
  readonly #memory: ArrayBuffer[];
  readonly #enterFlags: number;
  /** What io_uring_enter answers where nothing is wrong: its caller looks again anyway. */
  readonly #passing: readonly number[];

  /** Makes the rings, for the calling thread alone. Throws SyscallError. */
  constructor(posix: Posix, submissions: number, completions: number) {
    const c = posix.constants;
    const params = new Uint32Array(c.IO_URING_PARAMS_WORDS);
    this.fd = check(setUp(posix, submissions, completions, params), 'io_uring_setup');
    this.#posix = posix;
    const rings = mapRing(posix, this.fd, ringBytes(posix, params), c.IORING_OFF_SQ_RING);
    const sqesBytes = params[c.IO_URING_PARAMS_SQ_ENTRIES] * c.IO_URING_SQE_BYTES;
    const sqes = mapRing(posix, this.fd, sqesBytes, c.IORING_OFF_SQES);
    this.#memory = [rings, sqes];
    const words = new Int32Array(rings);
    this.#words = words;
    this.#sqFlagsWord = params[c.IO_URING_PARAMS_SQ_OFF_FLAGS] >> 2;
    this.#overflowFlag = c.IORING_SQ_CQ_OVERFLOW;
    this.submissions = new Submissions(posix, params, words, new Int32Array(sqes));
    this.completions = new Completions(posix, params, words);
    this.#enterFlags = c.IORING_ENTER_GETEVENTS | c.IORING_ENTER_EXT_ARG;
    // A timeout, a signal, and twice "not now": too little memory, too many unread completions.
    this.#passing = [-c.ETIME, -c.EINTR, -c.EAGAIN, -c.EBUSY];
  }

  /**
   * Submits, and waits until `minComplete` completions are there to be taken, for `timeoutMs` at
   * most (negative: without end). May return sooner.
   */
  wait(minComplete: number, timeoutMs: number): void {
    const { submissions } = this;
    submissions.publish();
    this.completions.publish();
    const taken = this.#posix.io_uring_enter(
      this.fd,
      submissions.waiting,
      minComplete,
      this.#enterFlags,
      timeoutMs,
    );
    if (taken >= 0) submissions.taken(taken);
    else if (!this.#passing.includes(taken)) check(taken, 'io_uring_enter');
  }

  /** Submits everything without waiting. */
  submit(): void {
    // Asking for events as well makes room for completions, of which each entry may bring some.
    do this.wait(0, 0);
    while (this.submissions.waiting > 0);
  }

  /** Whether there are completions that found no room: they come with the next `wait`. */
  get overflowed(): boolean {
    return (Atomics.load(this.#words, this.#sqFlagsWord) & this.#overflowFlag) !== 0;
  }

  /** Cancels what is under way, and unmaps. */
  close(): void {
    this.#posix.close(this.fd);
    for (const memory of this.#memory) this.#posix.munmap(memory);
  }
}

/** Both rings come in one mapping (IORING_FEAT_SINGLE_MMAP): the length of the longer one. */
function ringBytes(posix: Posix, params: Uint32Array): number {
  const c = posix.constants;
  const sqEntries = params[c.IO_URING_PARAMS_SQ_ENTRIES];
  const cqEntries = params[c.IO_URING_PARAMS_CQ_ENTRIES];
  return Math.max(
    params[c.IO_URING_PARAMS_SQ_OFF_ARRAY] + sqEntries * Uint32Array.BYTES_PER_ELEMENT,
    params[c.IO_URING_PARAMS_CQ_OFF_CQES] + cqEntries * c.IO_URING_CQE_BYTES,
  );
}
