/** Sockets: made, bound, connected, asked, and shut down. */
import type { AddressAnswer, SocketAddress } from './address.ts';

export type SocketConstant =
  | 'AF_INET'
  | 'AF_INET6'
  | 'AF_UNIX'
  | 'AF_UNSPEC'
  | 'IPPROTO_ICMP'
  | 'IPPROTO_IP'
  | 'IPPROTO_IPV6'
  | 'IPPROTO_RAW'
  | 'IPPROTO_TCP'
  | 'IPPROTO_UDP'
  | 'IPV6_PKTINFO'
  | 'IPV6_RECVPKTINFO'
  | 'IPV6_UNICAST_HOPS'
  | 'IPV6_V6ONLY'
  | 'IP_BIND_ADDRESS_NO_PORT'
  | 'IP_FREEBIND'
  | 'IP_PKTINFO'
  | 'IP_TOS'
  | 'IP_TTL'
  | 'SHUT_RD'
  | 'SHUT_RDWR'
  | 'SHUT_WR'
  | 'SOCK_CLOEXEC'
  | 'SOCK_DGRAM'
  | 'SOCK_NONBLOCK'
  | 'SOCK_RAW'
  | 'SOCK_SEQPACKET'
  | 'SOCK_STREAM'
  | 'SOL_SOCKET'
  | 'SOMAXCONN'
  | 'SO_ACCEPTCONN'
  | 'SO_BINDTODEVICE'
  | 'SO_BROADCAST'
  | 'SO_BUSY_POLL'
  | 'SO_DEBUG'
  | 'SO_DOMAIN'
  | 'SO_DONTROUTE'
  | 'SO_ERROR'
  | 'SO_INCOMING_CPU'
  | 'SO_INCOMING_NAPI_ID'
  | 'SO_KEEPALIVE'
  | 'SO_LINGER'
  | 'SO_MARK'
  | 'SO_MAX_PACING_RATE'
  | 'SO_NOSIGPIPE'
  | 'SO_OOBINLINE'
  | 'SO_PASSCRED'
  | 'SO_PEEK_OFF'
  | 'SO_PEERCRED'
  | 'SO_PRIORITY'
  | 'SO_PROTOCOL'
  | 'SO_RCVBUF'
  | 'SO_RCVBUFFORCE'
  | 'SO_RCVLOWAT'
  | 'SO_RCVTIMEO'
  | 'SO_REUSEADDR'
  | 'SO_REUSEPORT'
  | 'SO_RXQ_OVFL'
  | 'SO_SNDBUF'
  | 'SO_SNDBUFFORCE'
  | 'SO_SNDLOWAT'
  | 'SO_SNDTIMEO'
  | 'SO_TIMESTAMP'
  | 'SO_TIMESTAMPNS'
  | 'SO_TYPE'
  | 'SO_ZEROCOPY'
  | 'TCP_CLOSE'
  | 'TCP_CLOSE_WAIT'
  | 'TCP_CLOSING'
  | 'TCP_CONGESTION'
  | 'TCP_CORK'
  | 'TCP_DEFER_ACCEPT'
  | 'TCP_ESTABLISHED'
  | 'TCP_FASTOPEN'
  | 'TCP_FASTOPEN_CONNECT'
  | 'TCP_FIN_WAIT1'
  | 'TCP_FIN_WAIT2'
  | 'TCP_INFO'
  | 'TCP_INQ'
  | 'TCP_KEEPALIVE'
  | 'TCP_KEEPCNT'
  | 'TCP_KEEPIDLE'
  | 'TCP_KEEPINTVL'
  | 'TCP_LAST_ACK'
  | 'TCP_LINGER2'
  | 'TCP_LISTEN'
  | 'TCP_MAXSEG'
  | 'TCP_NODELAY'
  | 'TCP_NOPUSH'
  | 'TCP_NOTSENT_LOWAT'
  | 'TCP_QUICKACK'
  | 'TCP_SYNCNT'
  | 'TCP_SYN_RECV'
  | 'TCP_SYN_SENT'
  | 'TCP_TIME_WAIT'
  | 'TCP_USER_TIMEOUT'
  | 'TCP_WINDOW_CLAMP';

export interface SocketCalls {
  /**
   * Makes a socket: AF_INET, AF_INET6 or AF_UNIX; SOCK_STREAM, SOCK_DGRAM, …, with SOCK_NONBLOCK
   * and SOCK_CLOEXEC where the platform has them; protocol 0 is the usual one.
   * @returns the descriptor, or -errno (EAFNOSUPPORT, EINVAL, EMFILE, ENFILE, EPROTONOSUPPORT, …).
   * @see socket(2)
   */
  socket(domain: number, type: number, protocol: number): number;

  /**
   * Gives the socket its address; port 0 takes a free one (getsockname tells which).
   * @returns 0, or -errno (EADDRINUSE, EACCES, EADDRNOTAVAIL, EINVAL, ENOENT, …).
   * @see bind(2)
   */
  bind(sockfd: number, address: SocketAddress): number;

  /**
   * Begins to take connections, at most `backlog` of which wait for accept.
   * @returns 0, or -errno (EADDRINUSE, EOPNOTSUPP, …).
   * @see listen(2)
   */
  listen(sockfd: number, backlog: number): number;

  /**
   * Connects, or sets the peer of a datagram socket.
   * @returns 0, or -errno: EINPROGRESS on a non-blocking stream (it is writable once connected, and
   *   SO_ERROR tells how it went), EAGAIN on a UNIX socket whose listener is full, ECONNREFUSED,
   *   ETIMEDOUT, EISCONN, …
   * @see connect(2)
   */
  connect(sockfd: number, address: SocketAddress): number;

  /**
   * Takes the next connection; `address` is filled in with the peer's. With null nothing is
   * allocated.
   * @returns the new descriptor, or -errno (EAGAIN, EINTR, ECONNABORTED, EMFILE, ENFILE, EINVAL,
   *   and errors of the network, ENETDOWN to ENETUNREACH, which concern that connection alone).
   * @see accept(2)
   */
  accept(sockfd: number, address: AddressAnswer | null): number;

  /**
   * accept, with SOCK_NONBLOCK and SOCK_CLOEXEC for the new descriptor. Not on macOS.
   * @see accept4(2)
   */
  accept4(sockfd: number, address: AddressAnswer | null, flags: number): number;

  /**
   * Ends one direction, or both: SHUT_RD, SHUT_WR, SHUT_RDWR. The descriptor stays open. A call
   * that another thread is blocked in returns.
   * @returns 0, or -errno (ENOTCONN, EINVAL, ENOTSOCK).
   * @see shutdown(2)
   */
  shutdown(sockfd: number, how: number): number;

  /**
   * Fills in the socket's own address.
   * @returns 0, or -errno (EBADF, ENOTSOCK, ENOBUFS).
   * @see getsockname(2)
   */
  getsockname(sockfd: number, address: AddressAnswer): number;

  /**
   * Fills in the peer's address.
   * @returns 0, or -errno (ENOTCONN, EBADF, ENOTSOCK).
   * @see getpeername(2)
   */
  getpeername(sockfd: number, address: AddressAnswer): number;

  /**
   * Copies an option's value into `optval`: an Int32Array(1) for the options that are an int, bytes
   * for those that are a struct (structs.ts decodes them). SO_GET_FILTER and TCP_ZEROCOPY_RECEIVE,
   * which write past `optval`, are refused with a RangeError.
   * @returns the bytes of the value, or -errno (ENOPROTOOPT, EINVAL, ENOTSOCK, …).
   * @see getsockopt(2), socket(7), tcp(7)
   */
  getsockopt(
    sockfd: number,
    level: number,
    optname: number,
    optval: Uint8Array | Int32Array,
  ): number;

  /**
   * Sets an option: a number for those that are an int, bytes for those that are a struct.
   * @returns 0, or -errno (ENOPROTOOPT, EINVAL, EDOM, EPERM, …).
   * @see setsockopt(2), socket(7), tcp(7)
   */
  setsockopt(
    sockfd: number,
    level: number,
    optname: number,
    optval: number | Uint8Array | Int32Array,
  ): number;

  /**
   * Makes two sockets that are connected with one another: `sv[0]` and `sv[1]`.
   * @returns 0, or -errno (EMFILE, EOPNOTSUPP, EPROTONOSUPPORT, …), `sv` being unchanged.
   * @see socketpair(2)
   */
  socketpair(domain: number, type: number, protocol: number, sv: Int32Array): number;
}
