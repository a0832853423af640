/** What an event loop keeps for one connection between two turns. An idle one owns no buffer. */
import type { Session } from './driver.ts';
import type { Unsent } from './unsent.ts';

export class Connection {
  readonly fd: number;
  /**
   * Tells this connection's events from those of an earlier owner of the same descriptor number.
   */
  readonly generation: number;
  readonly session: Session;
  /** What the poller watches for at present. */
  interest: number;
  /** The one output queue: what the socket has not taken yet, or null. */
  pending: Unsent | null = null;
  /** While it lingers: when to close it in any case, and what may still be thrown away. */
  lingerUntilMs = 0;
  lingerBytes = 0;
  /** Received since the server was asked to stop. */
  afterStopBytes = 0;

  constructor(fd: number, generation: number, session: Session, interest: number) {
    this.fd = fd;
    this.generation = generation;
    this.session = session;
    this.interest = interest;
  }
}
