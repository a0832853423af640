/**
 * How many completions a busy server waits for. Woken for each request, it makes a syscall and a
 * context switch for each; io_uring can leave it asleep until several have come. That is worth a
 * short delay where the next requests are on their way anyway, and never for a lone client.
 *
 * - It begins when requests come together by themselves, and asks for one more each time it works.
 * - When the time was up first, it asks for fewer, and tries for more only after a while.
 * - It asks for half of the busy clients at most: while one half is served, the other one works. If
 *   it waited for all of them, server and clients would take turns, each idle half of the time.
 */
export class Gathering {
  /** Completions to wait for, for GATHER_MS at most; 1: don't gather. */
  wanted = 1;
  #most = 1;
  #contentTurns = 0;

  /** The period in which each descriptor's client was last busy, and the present one. */
  #busyIn = new Int32Array(1024);
  #period = 1;
  #turnsLeft = TURNS_A_PERIOD;
  #busy = 0;

  /** Something was received from the client with this descriptor. */
  received(fd: number): void {
    if (fd >= this.#busyIn.length) this.#grow(fd);
    if (this.#busyIn[fd] === this.#period) return;
    this.#busyIn[fd] = this.#period;
    this.#busy++;
  }

  /** A turn brought `count` completions. */
  turned(count: number): void {
    if (--this.#turnsLeft === 0) this.#nextPeriod();
    if (count < this.wanted) {
      // Half way only: the tail of a burst says little about the next one.
      this.wanted = Math.max((this.wanted + count) >> 1, 1);
      this.#contentTurns = CONTENT_TURNS;
    } else if (this.#contentTurns > 0) this.#contentTurns--;
    else if (count > 1 && this.wanted < this.#most) this.wanted++;
  }

  #nextPeriod(): void {
    this.#most = this.#busy >> 1;
    if (this.wanted > this.#most) this.wanted = Math.max(this.#most, 1);
    this.#busy = 0;
    this.#period = (this.#period + 1) | 0;
    this.#turnsLeft = TURNS_A_PERIOD;
  }

  #grow(fd: number): void {
    const grown = new Int32Array(2 * fd);
    grown.set(this.#busyIn);
    this.#busyIn = grown;
  }
}

/** Milliseconds; as long as a dozen requests take that come at the rate a busy server can serve. */
export const GATHER_MS = 0.15;
/** Clients that are busy have been heard of in this many turns. */
const TURNS_A_PERIOD = 64;
/** So many turns without trying for more, for each one in which time was lost. */
const CONTENT_TURNS = 16;
