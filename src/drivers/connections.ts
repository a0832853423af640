/**
 * The connections of one event loop: receiving, sending and closing without ever waiting.
 *
 * A connection is watched for reading or for writing, never for both: while a reply is waiting to
 * be taken, no further request is read. So a client that does not read cannot make the server grow.
 */
import { Connection } from './connection.ts';
import {
  type CloseReason,
  type DriverContext,
  PLACED_BYTES,
  type Place,
  POSTPONED_MS,
} from './driver.ts';
import { LINGER_BYTES, LINGER_MS } from './linger.ts';
import { FAILED, type Poller, READABLE, WRITABLE } from './pollers/poller.ts';
import { Unsent } from './unsent.ts';
import { LONG_BATCH_BYTES, WaitingReplies } from './waiting-replies.ts';

export class Connections implements Iterable<Connection> {
  readonly #context: DriverContext;
  readonly #poller: Poller;
  /** By descriptor: the kernel hands out the lowest free numbers, so this stays dense. */
  readonly #byFd: (Connection | undefined)[] = [];
  readonly #lingering = new Set<Connection>();
  readonly #postponed = new Set<Connection>();
  readonly #waiting = new WaitingReplies();
  /** -EAGAIN and -EINTR: nothing has happened, and nothing is wrong. */
  readonly #again: number;
  readonly #interrupted: number;
  #generation = 0;
  /** How many there are. */
  count = 0;

  constructor(context: DriverContext, poller: Poller) {
    this.#context = context;
    this.#poller = poller;
    this.#again = -context.posix.constants.EAGAIN;
    this.#interrupted = -context.posix.constants.EINTR;
  }

  *[Symbol.iterator](): Iterator<Connection> {
    for (const connection of this.#byFd) if (connection !== undefined) yield connection;
  }

  has(fd: number): boolean {
    return this.#byFd[fd] !== undefined;
  }

  /** Takes a descriptor that accept4 returned; it is closed here, whatever happens. */
  open(fd: number, listener: number): void {
    const { service, out } = this.#context;
    const session = service.open(fd, listener, out);
    const connection = new Connection(fd, ++this.#generation | 0, session, READABLE);
    this.#byFd[fd] = connection;
    this.count++;
    const added = this.#poller.add(fd, connection.generation, READABLE);
    if (added < 0) this.close(connection, 'unwatchable', -added);
    else this.#flush(connection);
  }

  /** Does what an event says can be done. */
  handle(fd: number, generation: number, readiness: number): void {
    const connection = this.#byFd[fd];
    // An earlier event of this turn had the descriptor closed, and accept4 gave its number out
    // again.
    if (connection === undefined || connection.generation !== generation) return;
    // An error or a hang-up is told by the call that the connection is waiting to make.
    if (connection.interest === WRITABLE) {
      if (readiness & (WRITABLE | FAILED)) this.#writable(connection);
    } else if (readiness & (READABLE | FAILED)) {
      this.readable(connection, this.#poller.edgeTriggered ? READS_A_TURN : 1);
    }
  }

  /**
   * Reads up to `reads` buffers, and answers. One is best where the event comes again; where it
   * does not, it takes as many as there is input for, and another event is asked for at the bound.
   */
  readable(connection: Connection, reads: number): void {
    for (let i = 0; i < reads; i++) if (!this.#receive(connection)) return;
    if (this.#poller.edgeTriggered) this.#watch(connection, READABLE);
  }

  /** One receive. True when another one may find more. */
  #receive(connection: Connection): boolean {
    const { transfer, input, out } = this.#context;
    const { place } = connection.session;
    if (place !== undefined) return this.#receiveInPlace(connection, place);
    const received = transfer.receive(connection.fd, input, 0, input.length);
    if (connection.lingerUntilMs > 0) return this.#discard(connection, received);
    if (received > 0) {
      connection.session.receive(input, 0, received, out);
      if (received >= LONG_BATCH_BYTES && this.#keepBack(connection)) return true;
      return this.#flush(connection) && connection.interest === READABLE;
    }
    return this.#receivedNothing(connection, received);
  }

  /** The same for a large value, whose bytes belong elsewhere. */
  #receiveInPlace(connection: Connection, place: Place): boolean {
    const { bytes, start, end } = place;
    const lengthBytes = Math.min(end - start, PLACED_BYTES);
    const received = this.#context.transfer.receive(connection.fd, bytes, start, lengthBytes);
    if (received <= 0) return this.#receivedNothing(connection, received);
    connection.session.placed?.(received);
    return true;
  }

  /** Has the reply wait for others, where the connection owes nothing else and may go on. */
  #keepBack(connection: Connection): boolean {
    const { out } = this.#context;
    const { session } = connection;
    // An edge would have to be read from again, and its replies would have to stay in their order.
    if (this.#poller.edgeTriggered || out.length === 0 || out.insertion !== null) return false;
    if (session.closing || session.paused || session.postponed) return false;
    if (!this.#waiting.add(connection, out.bytes, out.length)) return false;
    out.clear();
    if (this.#waiting.full) this.sendWaiting();
    return true;
  }

  /** Sends the replies that were kept back: at the end of a turn at the latest. */
  sendWaiting(): void {
    const waiting = this.#waiting;
    const { count } = waiting;
    waiting.count = 0;
    for (let i = 0, start = 0; i < count; i++) {
      const connection = waiting.connections[i];
      const end = waiting.ends[i];
      const { bytes } = waiting;
      const sent = this.#context.transfer.send(connection.fd, bytes, start, end - start);
      if (sent !== end - start && this.#keepUnsent(connection, sent, bytes, start, end)) {
        this.#settle(connection);
      }
      start = end;
    }
  }

  /** FIN (0) or -errno. */
  #receivedNothing(connection: Connection, received: number): boolean {
    const { out } = this.#context;
    if (received === 0) {
      // FIN. The peer may still read: what is pending goes out first, then a read finds FIN again.
      connection.session.end(out);
      if (this.#flush(connection) && connection.pending === null) this.close(connection, 'end', 0);
      return false;
    }
    if (received !== this.#again && received !== this.#interrupted) {
      this.close(connection, 'error', -received);
    }
    return received === this.#interrupted;
  }

  /** Sends what the session just wrote, once. False when the connection is closed now. */
  #flush(connection: Connection): boolean {
    const { transfer, out } = this.#context;
    if (out.length > 0) {
      if (out.insertion !== null) return this.#flushLoan(connection);
      const { length } = out;
      const sent = transfer.send(connection.fd, out.bytes, 0, length);
      const open = sent === length || this.#keepUnsent(connection, sent, out.bytes, 0, length);
      out.clear();
      if (!open) return false;
    }
    return this.#settle(connection);
  }

  /** The same for a reply whose value is lent. Only what is not lent counts for the limit. */
  #flushLoan(connection: Connection): boolean {
    const { transfer, out, outputLimitBytes } = this.#context;
    const unsent = Unsent.of(out);
    const result = unsent.send(transfer, connection.fd);
    const failed = result < 0 && result !== this.#again && result !== this.#interrupted;
    const tooMuch = unsent.ownBytes > outputLimitBytes;
    if (unsent.done || failed || tooMuch) unsent.drop();
    else connection.pending = unsent.keep();
    out.clear();
    if (failed) this.close(connection, 'error', -result);
    else if (tooMuch) this.close(connection, 'output limit', 0);
    return !failed && !tooMuch && this.#settle(connection);
  }

  /** `sent` is what send said to `bytes[start, end)`. False when the connection is closed now. */
  #keepUnsent(
    connection: Connection,
    sent: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const from = start + Math.max(sent, 0);
    if (sent < 0 && sent !== this.#again && sent !== this.#interrupted) {
      this.close(connection, 'error', -sent);
    } else if (end - from > this.#context.outputLimitBytes) {
      this.close(connection, 'output limit', 0);
    } else {
      connection.pending = Unsent.ofBytes(bytes.slice(from, end));
      return true;
    }
    return false;
  }

  /** The socket takes bytes again: first what is pending, then what the session has held back. */
  #writable(connection: Connection): void {
    const { transfer, input, out } = this.#context;
    const { pending } = connection;
    if (pending !== null) {
      const result = pending.send(transfer, connection.fd);
      if (result < 0 && result !== this.#again && result !== this.#interrupted) {
        this.close(connection, 'error', -result);
        return;
      }
      // A short send has filled the socket: its next change is an event of its own.
      if (!pending.done) return;
      pending.drop();
      connection.pending = null;
    }
    if (connection.session.paused) connection.session.receive(input, 0, 0, out);
    this.#flush(connection);
  }

  /** Nothing more can be sent now: closes, or watches for what has to come next. */
  #settle(connection: Connection): boolean {
    const { session, pending } = connection;
    if (pending === null && session.closing) {
      if (session.lingering) return this.#linger(connection);
      this.close(connection, 'closing', 0);
      return false;
    }
    if (session.postponed) this.#postponed.add(connection);
    const interest = pending !== null || session.paused ? WRITABLE : READABLE;
    // All was taken and more is held back: the socket never filled up, so no edge will tell.
    const edgeIsDue = this.#poller.edgeTriggered && pending === null && session.paused;
    return (interest === connection.interest && !edgeIsDue) || this.#watch(connection, interest);
  }

  /** Even for the same interest this is of use: an edge that lasts is told again. */
  #watch(connection: Connection, interest: number): boolean {
    connection.interest = interest;
    const modified = this.#poller.modify(connection.fd, connection.generation, interest);
    if (modified < 0) this.close(connection, 'error', -modified);
    return modified >= 0;
  }

  /** The last reply is out: FIN behind it, and from now on what comes is thrown away. */
  #linger(connection: Connection): boolean {
    const { posix } = this.#context;
    posix.shutdown(connection.fd, posix.constants.SHUT_WR);
    connection.lingerUntilMs = performance.now() + LINGER_MS;
    connection.lingerBytes = LINGER_BYTES;
    this.#lingering.add(connection);
    return this.#watch(connection, READABLE);
  }

  #discard(connection: Connection, received: number): boolean {
    if (received === this.#again || received === this.#interrupted) return false;
    connection.lingerBytes -= received;
    if (received > 0 && connection.lingerBytes > 0) return true;
    this.close(connection, 'closing', 0);
    return false;
  }

  /**
   * Closes who has lingered for long enough. Returns how soon to look again; -1: nobody lingers.
   */
  closeLingered(): number {
    if (this.#lingering.size === 0) return -1;
    const nowMs = performance.now();
    for (const connection of this.#lingering) {
      // In the order in which they began: the first that may stay is followed by such alone.
      if (connection.lingerUntilMs > nowMs) return Math.ceil(connection.lingerUntilMs - nowMs);
      this.close(connection, 'closing', 0);
    }
    return -1;
  }

  /** Has those go on whose time has come. Returns how soon to look again; -1: nobody waits. */
  resumePostponed(): number {
    if (this.#postponed.size === 0) return -1;
    const { service, input, out } = this.#context;
    const waiting = [...this.#postponed];
    this.#postponed.clear();
    service.turn();
    for (const connection of waiting) {
      // Earlier replies go first: when they have gone, it is told to go on.
      if (connection.pending !== null) continue;
      connection.session.receive(input, 0, 0, out);
      this.#flush(connection);
    }
    return this.#postponed.size === 0 ? -1 : POSTPONED_MS;
  }

  close(connection: Connection, reason: CloseReason, errno: number): void {
    const { posix, service } = this.#context;
    // One of them may be this connection's.
    this.sendWaiting();
    if (this.#byFd[connection.fd] !== connection) return;
    this.#byFd[connection.fd] = undefined;
    this.count--;
    this.#lingering.delete(connection);
    this.#postponed.delete(connection);
    connection.pending?.drop();
    connection.pending = null;
    this.#poller.remove(connection.fd);
    service.close(connection.fd, connection.session, reason, errno);
    posix.close(connection.fd);
  }

  /** The server stops: answers what has arrived, and closes whoever is owed nothing more. */
  drain(connection: Connection): void {
    for (let i = 0; i < READS_A_TURN && this.#receive(connection); i++) this.sendWaiting();
    this.closeIfIdle(connection);
  }

  closeIfIdle(connection: Connection): void {
    const current = this.#byFd[connection.fd] === connection;
    if (current && connection.interest === READABLE) this.close(connection, 'shutdown', 0);
  }
}

/** Buffers read from one connection before the others get their turn. */
const READS_A_TURN = 16;
