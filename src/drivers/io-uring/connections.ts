/**
 * The connections of an io_uring: each has a receive under way that fills a buffer whenever
 * something arrives, and at most one send.
 *
 * While a reply is being sent, no further request is run. What arrives in the meantime is set
 * aside, and beyond a bound the receive is cancelled until the reply has gone: so a client that does
 * not read cannot make the server grow.
 *
 * A descriptor is closed when nothing is under way on it any more, as an entry of its own: from then
 * on no completion can speak of it, and its number can safely be another client's.
 */
import type { CloseReason, DriverContext } from '../driver.ts';
import type { BufferRing } from './buffer-ring.ts';
import { Connection } from './connection.ts';
import { GENERATION_MASK, RECEIVE, type Requests, SEND } from './requests.ts';
import type { SendBuffers } from './send-buffers.ts';

export class Connections implements Iterable<Connection> {
  readonly #context: DriverContext;
  readonly #requests: Requests;
  readonly #buffers: BufferRing;
  readonly #sendBuffers: SendBuffers;
  /** Results that only mean that the request has to be made again. */
  readonly #receiveAgain: readonly number[];
  readonly #sendAgain: readonly number[];
  readonly #moreFlag: number;
  /** By descriptor: the kernel hands out the lowest free numbers, so this stays dense. */
  readonly #byFd: (Connection | undefined)[] = [];
  #generation = 0;
  /** How many there are. */
  count = 0;

  constructor(
    context: DriverContext,
    requests: Requests,
    buffers: BufferRing,
    sendBuffers: SendBuffers,
  ) {
    const c = context.posix.constants;
    this.#context = context;
    this.#requests = requests;
    this.#buffers = buffers;
    this.#sendBuffers = sendBuffers;
    this.#receiveAgain = [-c.ENOBUFS, -c.ECANCELED, -c.EAGAIN, -c.EINTR];
    this.#sendAgain = [-c.EAGAIN, -c.EINTR];
    this.#moreFlag = c.IORING_CQE_F_MORE;
  }

  *[Symbol.iterator](): Iterator<Connection> {
    for (const connection of this.#byFd) if (connection !== undefined) yield connection;
  }

  /** Takes a descriptor that was accepted; it is closed here, whatever happens. */
  open(fd: number, listener: number): void {
    const { service, out } = this.#context;
    const session = service.open(fd, listener, out);
    this.#generation = (this.#generation + 1) & GENERATION_MASK;
    const connection = new Connection(fd, this.#generation, session);
    this.#byFd[fd] = connection;
    this.count++;
    this.#advance(connection);
  }

  /** A receive has completed: bytes, FIN or an error, with more completions to come or without. */
  received(fd: number, generation: number, result: number, flags: number): void {
    // The buffer comes back even where the connection that it was filled for is over.
    this.#buffers.take(result, flags);
    const connection = this.#find(fd, generation);
    if (connection === undefined) return;
    if ((flags & this.#moreFlag) === 0) {
      connection.receiving = false;
      connection.cancelled = false;
    }
    if (connection.over) this.#closeUnlessBusy(connection);
    else if (result > 0) this.#input(connection);
    else if (result < 0 && !this.#receiveAgain.includes(result)) {
      this.close(connection, 'error', -result);
    } else {
      if (result === 0) connection.finished = true;
      if (connection.sending === null) this.#advance(connection);
    }
  }

  /** A send has completed: all of it, a part, or with an error. */
  sent(fd: number, generation: number, result: number): void {
    const connection = this.#find(fd, generation);
    if (connection === undefined) return;
    if (result > 0) connection.sendStart += result;
    const failed = result < 0 && !this.#sendAgain.includes(result);
    if (!failed && !connection.over && connection.sendStart < connection.sendEnd) {
      this.#sendRest(connection);
      return;
    }
    this.#sendBuffers.release(connection.sending!);
    connection.sending = null;
    if (connection.over) this.#closeUnlessBusy(connection);
    else if (failed) this.close(connection, 'error', -result);
    else this.#advance(connection);
  }

  #find(fd: number, generation: number): Connection | undefined {
    const connection = this.#byFd[fd];
    return connection?.generation === generation ? connection : undefined;
  }

  /** The buffer ring holds bytes of this connection's. */
  #input(connection: Connection): void {
    const { bytes, start, end } = this.#buffers;
    if (connection.sending === null) {
      connection.session.receive(bytes, start, end, this.#context.out);
      this.#advance(connection);
      return;
    }
    connection.setAside(bytes, start, end);
    if (connection.asideLength < ASIDE_BYTES || !connection.receiving || connection.cancelled)
      return;
    connection.cancelled = true;
    this.#requests.cancel(RECEIVE, connection.fd, connection.generation);
  }

  /**
   * No send is under way: goes on with whatever comes next, until there is something to send, or
   * nothing to do but wait for input.
   */
  #advance(connection: Connection): void {
    const { input, out } = this.#context;
    const { session } = connection;
    for (;;) {
      if (out.length > 0) {
        this.#send(connection);
        return;
      }
      if (session.closing) {
        this.close(connection, 'closing', 0);
        return;
      }
      if (session.paused) session.receive(input, 0, 0, out);
      else if (connection.aside !== null) this.#receiveAside(connection);
      else if (!connection.finished) break;
      else if (connection.ended) {
        this.close(connection, 'end', 0);
        return;
      } else {
        connection.ended = true;
        session.end(out);
      }
    }
    if (connection.receiving) return;
    connection.receiving = true;
    this.#requests.receive(connection.fd, connection.generation);
  }

  #receiveAside(connection: Connection): void {
    const { aside, asideLength } = connection;
    connection.aside = null;
    connection.asideLength = 0;
    connection.session.receive(aside!, 0, asideLength, this.#context.out);
  }

  /** Sends what the session has written. */
  #send(connection: Connection): void {
    const { out } = this.#context;
    const buffer = this.#sendBuffers.hold(out.bytes, out.length);
    connection.sending = buffer;
    connection.sendStart = 0;
    connection.sendEnd = out.length;
    out.clear();
    const { addressLow, addressHigh } = buffer;
    const { fd, generation, sendEnd } = connection;
    this.#requests.send(fd, generation, addressLow, addressHigh, sendEnd);
  }

  /** The socket was full: the rest may take its time. */
  #sendRest(connection: Connection): void {
    const { fd, generation, sending, sendStart, sendEnd } = connection;
    const [low, high] = sending!.addressAt(sendStart);
    this.#requests.sendAll(fd, generation, low, high, sendEnd - sendStart);
  }

  /** Ends a connection; its descriptor is closed as soon as nothing is under way on it. */
  close(connection: Connection, reason: CloseReason, errno: number): void {
    const { fd, generation, session } = connection;
    connection.over = true;
    this.#context.service.close(fd, session, reason, errno);
    if (connection.receiving) this.#requests.cancel(RECEIVE, fd, generation);
    if (connection.sending !== null) this.#requests.cancel(SEND, fd, generation);
    this.#closeUnlessBusy(connection);
  }

  #closeUnlessBusy(connection: Connection): void {
    if (connection.receiving || connection.sending !== null) return;
    this.#byFd[connection.fd] = undefined;
    this.count--;
    this.#requests.close(connection.fd);
  }

  /** The server stops: closes whoever is owed nothing more. */
  closeIfIdle(connection: Connection): void {
    if (!connection.over && connection.sending === null) this.close(connection, 'shutdown', 0);
  }
}

/** Read ahead of a reply that is being sent: a pipeline's next batch, as one read would bring it. */
const ASIDE_BYTES = 64 * 1024;
