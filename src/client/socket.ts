/**
 * A client's socket, made of the calls that strace shows: socket, connect, sendmsg, recvmsg, poll.
 * It never blocks but in `wait`, so that the waiting caller decides for how long.
 */
import type { SocketAddress } from '../posix/address.ts';
import { check, type SyscallDetail, SyscallError } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import type { Intake } from './intake.ts';

export type Direction = 'in' | 'out';
/** What came: bytes, nothing yet, or the end. */
export type Received = 'bytes' | 'nothing' | 'end';

export class ClientSocket {
  readonly fd: number;
  readonly #posix: Posix;
  readonly #fds: Int32Array;
  readonly #detail: SyscallDetail;

  private constructor(posix: Posix, fd: number, detail: SyscallDetail) {
    this.#posix = posix;
    this.fd = fd;
    this.#fds = new Int32Array(posix.constants.POLLFD_WORDS);
    this.#detail = detail;
  }

  /**
   * Begins to connect; once the socket is writable `finish` tells how it went.
   * @throws SyscallError, with nothing left open.
   */
  static connect(posix: Posix, address: SocketAddress): ClientSocket {
    const c = posix.constants;
    const detail = detailOf(address);
    // Where SOCK_NONBLOCK and SOCK_CLOEXEC are no constants (macOS) they count as nothing here.
    const type = c.SOCK_STREAM | c.SOCK_CLOEXEC | c.SOCK_NONBLOCK;
    const fd = check(posix.socket(address.family, type, 0), 'socket', detail);
    const socket = new ClientSocket(posix, fd, detail);
    try {
      posix.fcntl(fd, c.F_SETFD, c.FD_CLOEXEC);
      if (c.SOCK_NONBLOCK === undefined) posix.fcntl(fd, c.F_SETFL, c.O_NONBLOCK);
      const result = posix.connect(fd, address);
      if (result !== -c.EINPROGRESS && result !== -c.EINTR) check(result, 'connect', detail);
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** @throws SyscallError where the connection was refused. */
  finish(): void {
    const c = this.#posix.constants;
    const error = new Int32Array(1);
    check(this.#posix.getsockopt(this.fd, c.SOL_SOCKET, c.SO_ERROR, error), 'getsockopt');
    if (error[0] !== 0) throw new SyscallError(error[0], 'connect', this.#detail);
  }

  /**
   * Waits until there is something to receive, or room to send; an error counts as either.
   * @param timeoutMs -1 waits without end.
   * @returns whether it is so; false too after a signal.
   */
  wait(direction: Direction, timeoutMs: number): boolean {
    const { POLLIN, POLLOUT, EINTR } = this.#posix.constants;
    this.#fds[0] = this.fd;
    this.#fds[1] = direction === 'in' ? POLLIN : POLLOUT;
    const result = this.#posix.poll(this.#fds, 1, timeoutMs);
    return result !== -EINTR && check(result, 'poll') > 0;
  }

  /**
   * Sends what the kernel takes of `bytes` from `start`.
   * @returns how many bytes that was; 0 where there is no room.
   */
  send(bytes: Uint8Array, start: number): number {
    const c = this.#posix.constants;
    const result = this.#posix.sendmsg(this.fd, bytes, start, bytes.length - start, c.MSG_NOSIGNAL);
    if (result === -c.EAGAIN || result === -c.EINTR) return 0;
    return check(result, 'sendmsg');
  }

  /** Puts what has come behind the intake's end. */
  receive(intake: Intake): Received {
    const { EAGAIN, EINTR } = this.#posix.constants;
    intake.reserve();
    const { bytes, end } = intake;
    const result = this.#posix.recvmsg(this.fd, bytes, end, bytes.length - end, 0);
    if (result === -EAGAIN || result === -EINTR) return 'nothing';
    intake.end += check(result, 'recvmsg');
    return result === 0 ? 'end' : 'bytes';
  }

  close(): void {
    this.#posix.close(this.fd);
  }
}

function detailOf({ address, port, path }: SocketAddress): SyscallDetail {
  if (address === undefined) return path === undefined ? {} : { address: path };
  return port === undefined ? { address } : { address, port };
}
