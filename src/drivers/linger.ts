/**
 * Closing on a peer that may still be sending. `close` with unread bytes sends RST, and a RST that
 * overtakes the last reply destroys it on the peer's side. So the last reply is followed by FIN
 * (shutdown), and what still comes is read and thrown away, until the peer has closed too or one of
 * these bounds is reached.
 * @see RFC 9112 section 9.6, which asks the same of HTTP servers
 */

/** A peer that has got the reply closes within a round trip; this is generous. */
export const LINGER_MS = 1000;
/** As much as a large upload has in flight; a client that sends more reads no replies. */
export const LINGER_BYTES = 16 * 1024 * 1024;

/** What a connection keeps while it lingers. */
export interface LingerState {
  /** When to close it in any case; 0: it does not linger. */
  lingerUntilMs: number;
  /** What may still be thrown away. */
  lingerBytes: number;
}

/** The connections that linger, in the order in which they began. */
export class Lingering<Connection extends LingerState> {
  readonly #all = new Set<Connection>();

  begin(connection: Connection): void {
    connection.lingerUntilMs = performance.now() + LINGER_MS;
    connection.lingerBytes = LINGER_BYTES;
    this.#all.add(connection);
  }

  end(connection: Connection): void {
    this.#all.delete(connection);
  }

  /**
   * Closes those that have lingered for long enough. Returns how soon to look again; -1: none
   * lingers.
   */
  closeDue(close: (connection: Connection) => void): number {
    if (this.#all.size === 0) return -1;
    const nowMs = performance.now();
    for (const connection of this.#all) {
      // The first that may stay is followed by such alone.
      if (connection.lingerUntilMs > nowMs) return Math.ceil(connection.lingerUntilMs - nowMs);
      close(connection);
    }
    return -1;
  }
}
