/**
 * `--io`: which pair of calls moves the bytes of a connection. All six do the same to a stream
 * socket; under strace each shows its own name (glibc's recv and send show as recvfrom and sendto).
 */
import type { OutgoingMessage } from '../posix/message.ts';
import type { Posix } from '../posix/posix.ts';

export interface Transfer {
  /** Bytes received, 0 at the peer's FIN, or -errno. */
  receive(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  /** Bytes taken by the kernel, perhaps fewer than `length`, or -errno. Never raises SIGPIPE. */
  send(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  /**
   * Sends several pieces, one behind the other: by one call where the kernel gathers them (a list
   * of iovecs), else the first one. The answers are those of `send`.
   */
  sendPieces(fd: number, pieces: readonly Uint8Array[]): number;
}

/** What is called for every request is looked up once: `posix` is too large to be quick at it. */
type CreateTransfer = (posix: Posix) => Transfer;

/** The pairs by the name of their receiving call. */
export const TRANSFERS: Readonly<Record<string, CreateTransfer>> = {
  recvmsg: messages,
  recv: sockets,
  read: files,
  readv: vectors,
  recvfrom: datagrams,
  recvmmsg: manyMessages,
};

export type TransferName = keyof typeof TRANSFERS;

/** The default: what a newcomer to strace is told to look for. */
function messages(posix: Posix): Transfer {
  const { MSG_NOSIGNAL } = posix.constants;
  const { recvmsg, sendmsg } = posix;
  return {
    receive: (fd, buffer, offset, length) => recvmsg(fd, buffer, offset, length, 0),
    send: (fd, buffer, offset, length) => sendmsg(fd, buffer, offset, length, MSG_NOSIGNAL),
    sendPieces: (fd, pieces) => sendmsg(fd, { iov: pieces }, MSG_NOSIGNAL),
  };
}

function sockets(posix: Posix): Transfer {
  const { MSG_NOSIGNAL } = posix.constants;
  const { recv, send } = posix;
  return {
    receive: (fd, buffer, offset, length) => recv(fd, buffer, offset, length, 0),
    send: (fd, buffer, offset, length) => send(fd, buffer, offset, length, MSG_NOSIGNAL),
    sendPieces: (fd, [first]) => send(fd, first, 0, first.length, MSG_NOSIGNAL),
  };
}

/** write has no MSG_NOSIGNAL: it relies on Node ignoring SIGPIPE, and gets EPIPE. */
function files(posix: Posix): Transfer {
  const { read, write } = posix;
  return {
    receive: (fd, buffer, offset, length) => read(fd, buffer, offset, length),
    send: (fd, buffer, offset, length) => write(fd, buffer, offset, length),
    sendPieces: (fd, [first]) => write(fd, first, 0, first.length),
  };
}

function vectors(posix: Posix): Transfer {
  const { readv, writev } = posix;
  const pair = new Uint32Array(2);
  return {
    receive(fd, buffer, offset, length) {
      pair[0] = offset;
      pair[1] = length;
      return readv(fd, buffer, pair, 1);
    },
    send(fd, buffer, offset, length) {
      pair[0] = offset;
      pair[1] = length;
      return writev(fd, buffer, pair, 1);
    },
    sendPieces: (fd, pieces) => writev(fd, pieces),
  };
}

function datagrams(posix: Posix): Transfer {
  const { MSG_NOSIGNAL } = posix.constants;
  const { recvfrom, sendto } = posix;
  return {
    receive: (fd, buffer, offset, length) => recvfrom(fd, buffer, offset, length, 0, null),
    send: (fd, buffer, offset, length) => sendto(fd, buffer, offset, length, MSG_NOSIGNAL, null),
    sendPieces: (fd, [first]) => sendto(fd, first, 0, first.length, MSG_NOSIGNAL, null),
  };
}

/** One message a call: on a stream a second one would make a blocking call wait for more bytes. */
function manyMessages(posix: Posix): Transfer {
  const { MSG_NOSIGNAL } = posix.constants;
  const { recvmmsg, sendmmsg } = posix;
  const message = new Uint32Array(3);
  const one = (count: number) => (count === 1 ? message[2] : count);
  return {
    receive(fd, buffer, offset, length) {
      message[0] = offset;
      message[1] = length;
      return one(recvmmsg(fd, buffer, message, 1, 0));
    },
    send(fd, buffer, offset, length) {
      message[0] = offset;
      message[1] = length;
      return one(sendmmsg(fd, buffer, message, 1, MSG_NOSIGNAL));
    },
    sendPieces(fd, pieces) {
      const gathered: OutgoingMessage = { iov: pieces };
      const count = sendmmsg(fd, [gathered], MSG_NOSIGNAL);
      return count === 1 ? (gathered.length ?? 0) : count;
    },
  };
}
