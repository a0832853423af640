/** What an event loop keeps for one connection between two turns. An idle one owns no buffer. */
import type { Output, Session } from './driver.ts';

export class Connection {
  readonly fd: number;
  /**
   * Tells this connection's events from those of an earlier owner of the same descriptor number.
   */
  readonly generation: number;
  readonly session: Session;
  /** What the poller watches for at present. */
  interest: number;
  /** The one output queue: bytes that the socket has not taken yet, or null. */
  pending: Uint8Array | null = null;
  pendingStart = 0;
  /** While it lingers: when to close it in any case, and what may still be thrown away. */
  lingerUntilMs = 0;
  lingerBytes = 0;

  constructor(fd: number, generation: number, session: Session, interest: number) {
    this.fd = fd;
    this.generation = generation;
    this.session = session;
    this.interest = interest;
  }

  /** Keeps a copy of what the socket did not take of `out`, which other connections need next. */
  keep(out: Output, sent: number): void {
    this.pending = out.bytes.slice(sent, out.length);
    this.pendingStart = 0;
  }
}
