/**
 * What moves through sockets. Each pair of calls has a form that allocates nothing; recvmsg,
 * sendmsg, recvmmsg and sendmmsg have a form with plain objects besides, for names and control
 * messages.
 */
import type { AddressAnswer, SocketAddress } from './address.ts';

export type MessageConstant =
  | 'MSG_CMSG_CLOEXEC'
  | 'MSG_CONFIRM'
  | 'MSG_CTRUNC'
  | 'MSG_DONTROUTE'
  | 'MSG_DONTWAIT'
  | 'MSG_EOR'
  | 'MSG_ERRQUEUE'
  | 'MSG_FASTOPEN'
  | 'MSG_MORE'
  | 'MSG_NOSIGNAL'
  | 'MSG_OOB'
  | 'MSG_PEEK'
  | 'MSG_TRUNC'
  | 'MSG_WAITALL'
  | 'MSG_WAITFORONE'
  | 'MSG_ZEROCOPY'
  | 'SCM_CREDENTIALS'
  | 'SCM_RIGHTS'
  | 'SCM_TIMESTAMP';

/**
 * A control message, as cmsg(3) has it. `data` is the C struct's bytes: for SOL_SOCKET and
 * SCM_RIGHTS descriptors, 32 bits each (structs.ts encodes and decodes them).
 */
export interface ControlMessage {
  level: number;
  type: number;
  data: Uint8Array;
}

/** struct msghdr for sendmsg. */
export interface OutgoingMessage {
  /** Where to, on a socket that is not connected. */
  name?: SocketAddress | null;
  iov: readonly Uint8Array[];
  control?: readonly ControlMessage[] | null;
  /** sendmmsg fills in the bytes sent of this message (msg_len). */
  length?: number;
}

/** struct msghdr for recvmsg. */
export interface IncomingMessage {
  /** An object to be filled in with the sender's address. */
  name?: AddressAnswer | null;
  /** The views to be filled in turn. */
  iov: readonly Uint8Array[];
  /**
   * An array that control messages are put into; what it held is dropped. Without it they are
   * discarded (MSG_CTRUNC). Descriptors that come in one are open, and the caller's to close.
   */
  control?: ControlMessage[] | null;
  /** Bytes of control messages to take at most; 4096 where absent, 262144 at most. */
  controllen?: number;
  /** Filled in: MSG_TRUNC, MSG_CTRUNC, MSG_EOR, … */
  flags?: number;
  /** recvmmsg fills in the bytes received of this message (msg_len). */
  length?: number;
}

export interface MessageCalls {
  /**
   * Receives at most `length` bytes into `buffer` at `offset`. strace shows glibc's recv as
   * recvfrom.
   * @returns bytes received, 0 at the peer's FIN, or -errno (EAGAIN, EINTR, ECONNRESET,
   *   ENOTCONN, …).
   * @see recv(2)
   */
  recv(sockfd: number, buffer: Uint8Array, offset: number, length: number, flags: number): number;

  /**
   * Sends at most `length` bytes of `buffer` from `offset`. strace shows glibc's send as sendto.
   * @returns bytes that the kernel took, perhaps fewer, or -errno (EAGAIN, EINTR, EPIPE,
   *   ECONNRESET, EMSGSIZE, …). Pass MSG_NOSIGNAL, or EPIPE comes with SIGPIPE.
   * @see send(2)
   */
  send(sockfd: number, buffer: Uint8Array, offset: number, length: number, flags: number): number;

  /**
   * recv that fills in `address` with the sender's, or, with null, allocates nothing.
   * @see recvfrom(2)
   */
  recvfrom(
    sockfd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    flags: number,
    address: AddressAnswer | null,
  ): number;

  /**
   * send to `address`; null on a connected socket.
   * @see sendto(2)
   */
  sendto(
    sockfd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    flags: number,
    address: SocketAddress | null,
  ): number;

  /**
   * Receives one message: into one part of a view, into several parts of it (`iovcnt` pairs of
   * offset and length), or as a plain object says.
   * @returns bytes received, 0 at the peer's FIN, or -errno (as recv; EMSGSIZE).
   * @see recvmsg(2)
   */
  recvmsg(
    sockfd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    flags: number,
  ): number;
  recvmsg(
    sockfd: number,
    view: Uint8Array,
    pairs: Uint32Array,
    iovcnt: number,
    flags: number,
  ): number;
  recvmsg(sockfd: number, message: IncomingMessage, flags: number): number;

  /**
   * Sends one message; the three forms of recvmsg. The second sends a header and a value that lie
   * apart, without copying either.
   * @returns bytes that the kernel took, perhaps fewer, or -errno (as send; ETOOMANYREFS, EBADF for
   *   a descriptor that is to be passed).
   * @see sendmsg(2)
   */
  sendmsg(
    sockfd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    flags: number,
  ): number;
  sendmsg(
    sockfd: number,
    view: Uint8Array,
    pairs: Uint32Array,
    iovcnt: number,
    flags: number,
  ): number;
  sendmsg(sockfd: number, message: OutgoingMessage, flags: number): number;

  /**
   * Receives up to `vlen` (at most 1024) messages: each into the part of `view` that its triple
   * (offset, length, received) names, the third word of which is filled in; or as plain objects
   * say. `timeoutMs` is looked at after each message, not while waiting: where nothing more comes
   * the call blocks on. MSG_WAITFORONE returns what there is after the first. Linux, FreeBSD.
   * @returns messages received, or -errno (as recv).
   * @see recvmmsg(2)
   */
  recvmmsg(
    sockfd: number,
    view: Uint8Array,
    msgvec: Uint32Array,
    vlen: number,
    flags: number,
    timeoutMs?: number | null,
  ): number;
  recvmmsg(
    sockfd: number,
    msgvec: readonly IncomingMessage[],
    flags: number,
    timeoutMs?: number | null,
  ): number;

  /**
   * Sends up to `vlen` messages; the two forms of recvmmsg. The third word of a triple is filled in
   * with the bytes that were sent.
   * @returns messages sent, perhaps fewer, or -errno where not even the first was (as send).
   * @see sendmmsg(2)
   */
  sendmmsg(
    sockfd: number,
    view: Uint8Array,
    msgvec: Uint32Array,
    vlen: number,
    flags: number,
  ): number;
  sendmmsg(sockfd: number, msgvec: readonly OutgoingMessage[], flags: number): number;
}
