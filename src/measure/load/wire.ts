/**
 * The sockets of a load: connecting, sending what a socket does not take at once, receiving into
 * one shared buffer, and one epoll for all of them.
 */
import { check, errorName } from '../../posix/errors.ts';
import type { Posix } from '../../posix/posix.ts';
import type { Batch } from './batch.ts';
import { ReplyCounter } from './reply-counter.ts';

/** One connection. A plain record: the loops below own what they write into it. */
export class Client {
  readonly index: number;
  fd = -1;
  replies = new ReplyCounter();
  connected = false;
  /** Replies of the current batch that are yet to come; 0: nothing is under way. */
  awaited = 0;
  /** From when the batch's latency counts. */
  sinceMs = 0;
  /** Operations in the measured time. */
  operations = 0;
  /** What it sends again and again, uncounted, in place of the load's batches. */
  own: Batch | null = null;
  /** What the socket did not take of the batch; null: nothing is left. */
  rest: Uint8Array | null = null;
  restAt = 0;

  constructor(index: number) {
    this.index = index;
  }
}

export class Wire {
  readonly input = new Uint8Array(INPUT_BYTES);
  readonly events: Int32Array;
  readonly #posix: Posix;
  readonly #address: { family: number; address: string; port: number };
  readonly #epfd: number;

  constructor(posix: Posix, host: string, port: number) {
    const c = posix.constants;
    this.#posix = posix;
    this.#address = { family: c.AF_INET, address: host, port };
    this.#epfd = check(posix.epoll_create1(c.EPOLL_CLOEXEC), 'epoll_create1');
    this.events = new Int32Array(EVENTS_A_TURN * c.EPOLL_EVENT_WORDS);
  }

  /**
   * Begins to connect; the socket is watched, and is writable once connected. @returns 0, -errno
   */
  connect(client: Client): number {
    const posix = this.#posix;
    const c = posix.constants;
    const fd = posix.socket(c.AF_INET, c.SOCK_STREAM | c.SOCK_NONBLOCK | c.SOCK_CLOEXEC, 0);
    if (fd < 0) return fd;
    posix.setsockopt(fd, c.IPPROTO_TCP, c.TCP_NODELAY, 1);
    const result = posix.connect(fd, this.#address);
    if (result < 0 && -result !== c.EINPROGRESS) {
      posix.close(fd);
      return result;
    }
    client.fd = fd;
    client.connected = false;
    client.replies = new ReplyCounter();
    client.awaited = 0;
    client.rest = null;
    return posix.epoll_ctl(this.#epfd, c.EPOLL_CTL_ADD, fd, c.EPOLLOUT, client.index, 0);
  }

  /** Why a socket that became writable is not connected: an errno, or 0 where it is. */
  connectionError(client: Client): number {
    const c = this.#posix.constants;
    const error = new Int32Array(1);
    this.#posix.getsockopt(client.fd, c.SOL_SOCKET, c.SO_ERROR, error);
    return error[0];
  }

  close(client: Client): void {
    if (client.fd < 0) return;
    this.#posix.close(client.fd);
    client.fd = -1;
    client.connected = false;
    client.awaited = 0;
    client.rest = null;
  }

  /**
   * Sends it all: what the socket does not take is copied and follows by itself. @returns 0, -errno
   */
  send(client: Client, bytes: Uint8Array): number {
    const c = this.#posix.constants;
    const sent = this.#posix.send(client.fd, bytes, 0, bytes.length, c.MSG_NOSIGNAL);
    if (sent === bytes.length) return 0;
    if (sent < 0 && -sent !== c.EAGAIN) return sent;
    // A copy: the batch's own bytes get other keys for the next client.
    client.rest = bytes.slice(Math.max(0, sent));
    client.restAt = 0;
    this.watch(client, c.EPOLLIN | c.EPOLLOUT);
    return 0;
  }

  /** The socket is writable again. @returns 0, -errno */
  sendRest(client: Client): number {
    const c = this.#posix.constants;
    const rest = client.rest;
    if (rest !== null) {
      const left = rest.length - client.restAt;
      const sent = this.#posix.send(client.fd, rest, client.restAt, left, c.MSG_NOSIGNAL);
      if (sent < 0 && -sent !== c.EAGAIN) return sent;
      client.restAt += Math.max(0, sent);
      if (client.restAt < rest.length) return 0;
      client.rest = null;
    }
    this.watch(client, c.EPOLLIN);
    return 0;
  }

  /** @returns bytes in `input`, 0 at the end, or -errno. */
  receive(client: Client, lengthBytes: number = INPUT_BYTES): number {
    return this.#posix.recv(client.fd, this.input, 0, lengthBytes, 0);
  }

  watch(client: Client, events: number): void {
    const c = this.#posix.constants;
    this.#posix.epoll_ctl(this.#epfd, c.EPOLL_CTL_MOD, client.fd, events, client.index, 0);
  }

  /** The connection stays, and nothing that happens on it is reported. */
  ignore(client: Client): void {
    const c = this.#posix.constants;
    this.#posix.epoll_ctl(this.#epfd, c.EPOLL_CTL_DEL, client.fd, 0, 0, 0);
  }

  /**
   * @param timeoutMs may have a fraction. @returns how many of `events` are filled in; 0 on EINTR.
   */
  wait(timeoutMs: number): number {
    const posix = this.#posix;
    const count =
      timeoutMs > 0 && timeoutMs % 1 !== 0
        ? posix.epoll_pwait2(this.#epfd, this.events, EVENTS_A_TURN, timeoutMs, null)
        : posix.epoll_wait(this.#epfd, this.events, EVENTS_A_TURN, timeoutMs);
    if (count >= 0 || -count === posix.constants.EINTR) return Math.max(0, count);
    // A kernel before 5.11 lacks epoll_pwait2: look and come back.
    if (-count === posix.constants.ENOSYS) {
      return posix.epoll_wait(this.#epfd, this.events, EVENTS_A_TURN, 0);
    }
    return check(count, 'epoll_wait');
  }

  /** Whether -errno says no more than "not now". */
  isAgain(result: number): boolean {
    return -result === this.#posix.constants.EAGAIN;
  }

  nameOf(errno: number): string {
    return errorName(errno);
  }

  end(): void {
    this.#posix.close(this.#epfd);
  }
}

/** A pipelined batch of 64 values of 1 KiB comes in one read; it stays within a core's L2 cache. */
const INPUT_BYTES = 256 * 1024;
const EVENTS_A_TURN = 1024;
