/** What the io_uring driver keeps for one connection. An idle one owns no buffer. */
import type { Session } from '../driver.ts';
import type { LentSend } from './lent-send.ts';
import type { SendBuffer } from './send-buffers.ts';

export class Connection {
  readonly fd: number;
  /**
   * Tells this connection's completions from those of an earlier owner of its descriptor number.
   */
  readonly generation: number;
  readonly session: Session;
  /** A receive is under way; until its last completion it is, even if cancelled. */
  receiving = false;
  cancelled = false;
  /** A receive is to be asked for when its turn comes. */
  asked = false;
  /** The last receive found no buffer. */
  hungry = false;
  /** It gets one buffer at a time: see receives.ts. */
  greedy = false;
  /** The send that is under way: its buffer, and which part of its bytes is still to be sent. */
  sending: SendBuffer | null = null;
  /** What is sent besides the buffer, where a value is lent. */
  lent: LentSend | null = null;
  sendStart = 0;
  sendEnd = 0;
  /** The number of a quick send's entry, and whether it is in the list of those to be settled. */
  entry = 0;
  queued = false;
  /** The send takes as long as it takes, and is told of in any case: the socket was full. */
  stalled = false;
  /** The peer has sent FIN. */
  finished = false;
  /** The session has been told so. */
  ended = false;
  /** The service has been told that it is over; what is under way has yet to come back. */
  over = false;
  /** While it lingers: when to close it in any case, and what may still be thrown away. */
  lingerUntilMs = 0;
  lingerBytes = 0;
  /** Received since the server was asked to stop. */
  afterStopBytes = 0;
  /** Input that arrived while a reply was being sent: `aside[asideStart, asideEnd)`. */
  aside: Uint8Array | null = null;
  asideStart = 0;
  asideEnd = 0;

  constructor(fd: number, generation: number, session: Session) {
    this.fd = fd;
    this.generation = generation;
    this.session = session;
  }

  get asideLength(): number {
    return this.asideEnd - this.asideStart;
  }

  /** Copies `bytes[start, end)`, which the kernel will fill again, behind what is there. */
  setAside(bytes: Uint8Array, start: number, end: number): void {
    const length = this.asideEnd + end - start;
    if (this.aside === null || length > this.aside.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.asideEnd));
      if (this.aside !== null) grown.set(this.aside.subarray(0, this.asideEnd));
      this.aside = grown;
    }
    this.aside.set(bytes.subarray(start, end), this.asideEnd);
    this.asideEnd = length;
  }

  /** Nothing is aside any more. */
  dropAside(): void {
    this.aside = null;
    this.asideStart = 0;
    this.asideEnd = 0;
  }
}
