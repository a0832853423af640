/**
 * Closing on a peer that may still be sending. `close` with unread bytes sends RST, and a RST that
 * overtakes the last reply destroys it on the peer's side. So the last reply is followed by FIN
 * (shutdown), and what still comes is read and thrown away, until the peer has closed too or one of
 * these bounds is reached.
 * @see RFC 9112 section 9.6, which asks the same of HTTP servers
 */

/** A peer that has got the reply closes within a round trip; this is generous. */
export const LINGER_MS = 1000;
/** As much as a large upload has in flight; who sends more than this does not look at replies. */
export const LINGER_BYTES = 16 * 1024 * 1024;
