/** Socket addresses as plain objects. */

/**
 * A socket address: given to bind, connect and sendto, filled in by accept, getsockname and
 * recvfrom. `family` tells which of the other fields count:
 *
 * - `AF_INET`: `address` in dotted digits, `port`
 * - `AF_INET6`: `address` in hexadecimal digits, `port`; `scopeId` (the interface of a link-local
 *   address) and `flowInfo`, both 0 where absent
 * - `AF_UNIX`: `path`, UTF-8 of at most 107 bytes on Linux; with a leading NUL an abstract name
 *   (Linux), empty for an unnamed socket
 * - `AF_UNSPEC`: nothing; what recvfrom gives on a connected stream, and what connect takes to
 *   forget a datagram socket's peer
 *
 * Names are not looked up: `address: 'localhost'` is a RangeError.
 * @see ip(7), ipv6(7), unix(7)
 */
export interface SocketAddress {
  family: number;
  address?: string;
  port?: number;
  scopeId?: number;
  flowInfo?: number;
  path?: string;
}

/** An object that a call fills in; it may be empty, or used again. */
export type AddressAnswer = Partial<SocketAddress>;
