/**
 * An io_uring: two rings in memory that is shared with the kernel, and one syscall.
 *
 *     submissions.push → what is to be done
 *     wait             → io_uring_enter: hands all of it over, and waits for completions
 *     completions.take → what has been done
 *
 * Heads and tails only ever count up, modulo 2^32; the rings' sizes are powers of two. The
 * producer moves the tail, the consumer moves the head. Only these words need Atomics: what lies
 * between head and tail belongs to one side alone.
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
  readonly #timedOut: number;
  /** A signal has come, there is too little memory, or too many completions are unread: not now. */
  readonly #refused: readonly number[];

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
    this.#timedOut = -c.ETIME;
    this.#refused = [-c.EINTR, -c.EAGAIN, -c.EBUSY];
  }

  /**
   * Submits, and waits until `minComplete` completions are there to be taken, for `timeoutMs` at
   * most (negative: without end). May return sooner; what the kernel has not taken, the next call
   * offers again. Where nobody is to sleep (0), all has been taken and looked at, or time is up.
   */
  wait(minComplete: number, timeoutMs: number): void {
    const { submissions, completions } = this;
    const sleeps = timeoutMs !== 0;
    for (let refusals = 0; refusals < MOST_REFUSALS; ) {
      submissions.publish();
      // Entries that have found no room are to be handed over as well before anybody sleeps.
      const whole = !submissions.overfull;
      const { waiting } = submissions;
      const moved = whole
        ? this.#enter(waiting, minComplete, timeoutMs)
        : this.#enter(waiting, 0, 0);
      if (moved && whole && (sleeps || submissions.waiting === 0)) return;
      if (moved) continue;
      if (completions.available() > 0) return;
      // The kernel lacks something, and wants to be left time; io_uring itself can't be asked.
      this.#posix.poll(NOTHING, 0, REFUSED_PAUSE_MS);
      if (sleeps) return;
      refusals++;
    }
  }

  /**
   * False: the kernel has refused to do anything. Where it takes less than it is offered, it does
   * not sleep.
   */
  #enter(toSubmit: number, minComplete: number, timeoutMs: number): boolean {
    const { submissions } = this;
    const before = submissions.head;
    const flags = this.#enterFlags;
    this.completions.publish();
    const result = this.#posix.io_uring_enter(this.fd, toSubmit, minComplete, flags, timeoutMs);
    submissions.look();
    if (result >= 0 || result === this.#timedOut) {
      return toSubmit === 0 || submissions.head !== before;
    }
    if (!this.#refused.includes(result)) check(result, 'io_uring_enter');
    return false;
  }

  /** Makes room for more entries, where the kernel takes some. */
  makeRoom(): void {
    // Asking for events as well makes room for completions, of which each entry may bring some.
    this.submissions.publish();
    this.#enter(this.submissions.waiting, 0, 0);
  }

  /** Submits everything without waiting, unless the kernel goes on refusing to take it. */
  submit(): void {
    let before: number;
    do {
      before = this.submissions.head;
      this.wait(0, 0);
    } while (this.submissions.waiting > 0 && this.submissions.head !== before);
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

/** No descriptor: a wait for the time alone. */
const NOTHING = new Int32Array(0);
/** For memory to be free again, or completions to come; nobody waits for long on its account. */
const REFUSED_PAUSE_MS = 1;
/** In a row, each with its pause: a kernel that takes nothing for so long is broken. */
const MOST_REFUSALS = 100;

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
