/**
 * The connections of one event loop: receiving, sending and closing without ever waiting.
 *
 * Where events come again (not edge-triggered), a turn has three steps, each a short loop: it
 * receives from all that are ready, runs what they sent, and sends the replies. What the requests
 * need can be read from memory all at once; and a client that a reply has woken is awake for more.
 *
 * A connection is watched for reading or for writing, never for both: while a reply is waiting to
 * be taken, no further request is read. So a client that does not read cannot make the server grow.
 */
import { abandonConnection } from './abandon.ts';
import { Connection } from './connection.ts';
import {
  type CloseReason,
  type DriverContext,
  PLACED_BYTES,
  type Place,
  POSTPONED_MS,
  WORTH_FORESEEING,
} from './driver.ts';
import { Lingering } from './linger.ts';
import { GATHERED, GATHERED_BYTES, LONGEST_KEPT_BYTES, Pieces, REPLIES_BYTES } from './pieces.ts';
import { FAILED, type Poller, READABLE, WRITABLE } from './pollers/poller.ts';
import { hasHadItsShare } from './stopping.ts';
import { Unsent } from './unsent.ts';

export class Connections implements Iterable<Connection> {
  readonly #context: DriverContext;
  readonly #poller: Poller;
  /** By descriptor: the kernel hands out the lowest free numbers, so this stays dense. */
  readonly #byFd: (Connection | undefined)[] = [];
  readonly #lingering = new Lingering<Connection>();
  readonly #postponed = new Set<Connection>();
  /** What has been received and not yet run; it lies in the thread's read buffer. */
  readonly #received: Pieces;
  /** Replies that have not been sent yet. */
  readonly #replies = new Pieces(new Uint8Array(REPLIES_BYTES), GATHERED);
  /** -EAGAIN and -EINTR: nothing has happened, and nothing is wrong. */
  readonly #again: number;
  readonly #interrupted: number;
  #generation = 0;
  /** Received from one connection in its turn, where events do not come again, or at the stop. */
  #turnBytes = 0;
  /** How many there are. */
  count = 0;

  constructor(context: DriverContext, poller: Poller) {
    this.#context = context;
    this.#poller = poller;
    this.#received = new Pieces(context.input, GATHERED);
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
      if (this.#poller.edgeTriggered) this.#readUntilEmpty(connection);
      else this.#gather(connection);
    }
  }

  /** Runs what the turn has received, and sends what it owes. */
  finishTurn(): void {
    this.#runReceived();
    this.#sendReplies();
  }

  /** One receive: the event comes again where there is more. What came is run with others'. */
  #gather(connection: Connection): void {
    const received = this.#received;
    if (connection.session.place !== undefined || connection.lingerUntilMs > 0) {
      // It uses the read buffer, or the place in the store, by itself.
      this.#runReceived();
      this.#receive(connection);
      return;
    }
    const { transfer, input } = this.#context;
    const start = received.end;
    const result = transfer.receive(connection.fd, input, start, input.length - start);
    if (result <= 0) {
      this.#receivedNothing(connection, result);
      return;
    }
    received.add(connection, result);
    if (received.full || received.end >= GATHERED_BYTES) this.#runReceived();
  }

  #runReceived(): void {
    const { input, out } = this.#context;
    const { connections, ends, count } = this.#received;
    if (count >= WORTH_FORESEEING) this.#foresee();
    this.#received.count = 0;
    for (let i = 0, start = 0; i < count; i++) {
      const connection = connections[i];
      connection.session.receive(input, start, ends[i], out);
      if (count === 1 || !this.#keepBack(connection)) this.#flush(connection);
      start = ends[i];
    }
  }

  #foresee(): void {
    const { service, input } = this.#context;
    const { connections, ends, count } = this.#received;
    for (let i = 0, start = 0; i < count; i++) {
      connections[i].session.foresee?.(input, start, ends[i]);
      start = ends[i];
    }
    service.fetchForeseen?.();
  }

  /** An event that does not come again: reads until there is no more, or asks for another one. */
  #readUntilEmpty(connection: Connection): void {
    this.#turnBytes = 0;
    for (let i = 0; i < READS_A_TURN && this.#turnBytes < TURN_BYTES; i++) {
      if (!this.#receive(connection)) return;
    }
    this.#watch(connection, READABLE);
  }

  /** One receive, which is answered at once. True when another one may find more. */
  #receive(connection: Connection): boolean {
    const { transfer, input, out } = this.#context;
    const { place } = connection.session;
    if (place !== undefined) return this.#receiveInPlace(connection, place);
    const received = transfer.receive(connection.fd, input, 0, input.length);
    if (connection.lingerUntilMs > 0) return this.#discard(connection, received);
    if (received <= 0) return this.#receivedNothing(connection, received);
    this.#turnBytes += received;
    connection.session.receive(input, 0, received, out);
    return this.#flush(connection) && connection.interest === READABLE;
  }

  /** The same for a large value, whose bytes belong elsewhere. */
  #receiveInPlace(connection: Connection, place: Place): boolean {
    const { bytes, start, end } = place;
    const lengthBytes = Math.min(end - start, PLACED_BYTES);
    const received = this.#context.transfer.receive(connection.fd, bytes, start, lengthBytes);
    if (received <= 0) return this.#receivedNothing(connection, received);
    this.#turnBytes += received;
    const { session } = connection;
    session.placed?.(received);
    if (session.place !== undefined) return true;
    const { input, out } = this.#context;
    session.receive(input, 0, 0, out);
    return this.#flush(connection) && connection.interest === READABLE;
  }

  /** Has the reply wait for others, where the connection owes nothing else and may go on. */
  #keepBack(connection: Connection): boolean {
    const { out } = this.#context;
    const { session } = connection;
    if (out.length === 0 || out.length > LONGEST_KEPT_BYTES || out.insertion !== null) return false;
    if (session.closing || session.paused || session.postponed) return false;
    this.#replies.append(connection, out.bytes, out.length);
    out.clear();
    if (this.#replies.full) this.#sendReplies();
    return true;
  }

  #sendReplies(): void {
    const { transfer } = this.#context;
    const { bytes, connections, ends, count } = this.#replies;
    this.#replies.count = 0;
    for (let i = 0, start = 0; i < count; i++) {
      const connection = connections[i];
      const end = ends[i];
      const sent = transfer.send(connection.fd, bytes, start, end - start);
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
      if (!pending.done) {
        // An interrupted send has not filled the socket: no change would be told of.
        if (this.#poller.edgeTriggered) this.#watch(connection, WRITABLE);
        return;
      }
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
    this.#lingering.begin(connection);
    return this.#watch(connection, READABLE);
  }

  #discard(connection: Connection, received: number): boolean {
    if (received === this.#again || received === this.#interrupted) return false;
    connection.lingerBytes -= received;
    if (received > 0 && connection.lingerBytes > 0) return true;
    this.close(connection, 'closing', 0);
    return false;
  }

  /** Closes what has lingered long enough. Returns how soon to look again; -1: nothing lingers. */
  closeLingered(): number {
    return this.#lingering.closeDue((connection) => this.close(connection, 'closing', 0));
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
    this.#sendReplies();
    if (this.#byFd[connection.fd] !== connection) return;
    this.#byFd[connection.fd] = undefined;
    this.count--;
    this.#lingering.end(connection);
    this.#postponed.delete(connection);
    connection.pending?.drop();
    connection.pending = null;
    this.#poller.remove(connection.fd);
    service.close(connection.fd, connection.session, reason, errno);
    posix.close(connection.fd);
  }

  /** The server stops: answers what has arrived, and closes a client that is owed nothing. */
  drain(connection: Connection): void {
    while (this.#isIdle(connection)) {
      this.#turnBytes = 0;
      const more = this.#receive(connection);
      connection.afterStopBytes += this.#turnBytes;
      if (!more || hasHadItsShare(this.#context, connection)) break;
    }
    if (!this.#isIdle(connection)) return;
    if (connection.afterStopBytes > 0) this.#linger(connection);
    else this.close(connection, 'shutdown', 0);
  }

  /** The loop has died: see abandon.ts. */
  abandon(): void {
    for (const { fd, session, pending } of this) {
      pending?.drop();
      abandonConnection(this.#context, fd, session);
    }
  }

  /** It has read all replies, and waits to be read from. */
  #isIdle(connection: Connection): boolean {
    const current = this.#byFd[connection.fd] === connection;
    return current && connection.interest === READABLE && connection.lingerUntilMs === 0;
  }
}

/** Reads from one connection before the others get their turn. */
const READS_A_TURN = 16;
/** Nor more bytes than these: as many as one read brings where events come again. */
const TURN_BYTES = 64 * 1024;
