/**
 * The connections of an io_uring: each has a receive under way that fills a buffer whenever
 * something arrives, and at most one send.
 *
 * While a reply is being sent, no further request is run. What arrives in the meantime is set
 * aside, and beyond a bound the receive is cancelled until the reply has gone: so a client that
 * does not read cannot make the server grow.
 *
 * A descriptor is closed when nothing is under way on it any more, by a request like the others:
 * from then on no completion can speak of it, and its number can safely be another client's.
 */
import { abandonConnection, closeForBoth } from '../abandon.ts';
import { type CloseReason, type DriverContext, POSTPONED_MS } from '../driver.ts';
import { LINGER_BYTES, LINGER_MS } from '../linger.ts';
import { hasHadItsShare } from '../stopping.ts';
import type { BufferRing } from './buffer-ring.ts';
import { Connection } from './connection.ts';
import { Receives } from './receives.ts';
import { GENERATION_MASK, RECEIVE, type Requests, SEND } from './requests.ts';
import type { Sends } from './sends.ts';

export class Connections implements Iterable<Connection> {
  readonly #context: DriverContext;
  readonly #requests: Requests;
  readonly #receives: Receives;
  readonly #buffers: BufferRing;
  readonly #sends: Sends;
  /** Results of a receive that only mean that it has to be asked for again. */
  readonly #again: readonly number[];
  readonly #noBuffer: number;
  readonly #moreFlag: number;
  /** By descriptor: the kernel hands out the lowest free numbers, so this stays dense. */
  readonly #byFd: (Connection | undefined)[] = [];
  readonly #lingering = new Set<Connection>();
  readonly #postponed = new Set<Connection>();
  #generation = 0;
  /** How many there are. */
  count = 0;
  /** The server was asked to stop. */
  stopping = false;

  constructor(context: DriverContext, requests: Requests, buffers: BufferRing, sends: Sends) {
    const c = context.posix.constants;
    this.#context = context;
    this.#requests = requests;
    this.#receives = new Receives(requests);
    this.#buffers = buffers;
    this.#sends = sends;
    this.#again = [-c.ENOBUFS, -c.ECANCELED, -c.EAGAIN, -c.EINTR];
    this.#noBuffer = -c.ENOBUFS;
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

  /** What lies in the buffers from `start` to `end` is to be received, after others' input. */
  foresee(fd: number, generation: number, start: number, end: number): void {
    const connection = this.#find(fd, generation);
    if (connection === undefined || connection.sending !== null) return;
    connection.session.foresee?.(this.#buffers.bytes, start, end);
  }

  /**
   * A receive has completed: bytes, which lie in the buffers from `start` on, FIN or an error, with
   * more completions to come or without.
   */
  received(fd: number, generation: number, result: number, flags: number, start: number): void {
    this.#context.requests?.completed('recv', fd, result, this.#buffers.bytes, start);
    const connection = this.#find(fd, generation);
    if (connection === undefined) return;
    if ((flags & this.#moreFlag) === 0) this.#ended(connection, result, start);
    const failed = result < 0 && !this.#again.includes(result);
    if (this.stopping && result > 0) connection.afterStopBytes += result;
    if (connection.over) this.#closeUnlessBusy(connection);
    else if (connection.lingerUntilMs > 0) this.#discard(connection, result, failed);
    else if (failed) this.close(connection, 'error', -result);
    else if (result > 0) this.#input(connection, start, start + result);
    else {
      if (result === 0) connection.finished = true;
      if (connection.sending === null) this.#advance(connection);
      else this.#sends.urgent = true;
    }
  }

  /** A receive will not go on by itself: how is the next one to be? */
  #ended(connection: Connection, result: number, start: number): void {
    connection.receiving = false;
    connection.cancelled = false;
    if (result === this.#noBuffer) {
      connection.hungry = true;
      connection.greedy = true;
    } else if (result > 0 && !this.#buffers.isFullAt(start + result)) connection.greedy = false;
  }

  /** The buffer ring holds bytes of this connection's. */
  #input(connection: Connection, start: number, end: number): void {
    const { bytes } = this.#buffers;
    if (connection.sending === null) {
      connection.session.receive(bytes, start, end, this.#context.out);
      this.#advance(connection);
      return;
    }
    connection.setAside(bytes, start, end);
    this.#sends.urgent = true;
    if (connection.asideLength < ASIDE_BYTES) return;
    connection.greedy = true;
    if (!connection.receiving || connection.cancelled) return;
    connection.cancelled = true;
    this.#requests.cancel(RECEIVE, connection.fd, connection.generation);
  }

  /** A send has failed, or has taken its time. */
  sent(fd: number, generation: number, result: number): void {
    const connection = this.#find(fd, generation);
    if (connection === undefined) return;
    if (!connection.over && this.#sends.goesOn(connection, result)) {
      const counts = connection.lent === null;
      const unsent = counts ? connection.sendEnd - connection.sendStart : 0;
      if (unsent > this.#context.outputLimitBytes) this.close(connection, 'output limit', 0);
      return;
    }
    this.#sends.finish(connection);
    if (connection.over) this.#closeUnlessBusy(connection);
    else if (result < 0) this.close(connection, 'error', -result);
    else this.#advance(connection);
  }

  /** All sends of the last turn that have not been told of are done. */
  settle(): void {
    this.#sends.settle(this.#settled);
  }

  readonly #settled = (connection: Connection): void => {
    this.#sends.finish(connection);
    if (connection.over) this.#closeUnlessBusy(connection);
    else this.#advance(connection);
  };

  #find(fd: number, generation: number): Connection | undefined {
    const connection = this.#byFd[fd];
    return connection?.generation === generation ? connection : undefined;
  }

  /**
   * No send is under way: goes on with whatever comes next, until there is something to send, or
   * nothing to do but wait for input.
   */
  #advance(connection: Connection): void {
    const { input, out } = this.#context;
    const { session } = connection;
    for (;;) {
      if (out.length > 0) return this.#send(connection);
      if (session.closing) {
        if (session.lingering && !connection.finished) return this.#linger(connection);
        return this.close(connection, 'closing', 0);
      }
      if (session.paused) session.receive(input, 0, 0, out);
      else if (connection.aside !== null) this.#receiveAside(connection);
      else if (!connection.finished) break;
      else if (connection.ended) return this.close(connection, 'end', 0);
      else {
        connection.ended = true;
        session.end(out);
      }
    }
    if (session.postponed) this.#postponed.add(connection);
    if (this.stopping && hasHadItsShare(this.#context, connection)) return this.#linger(connection);
    this.#receives.ask(connection);
  }

  /** To be called before io_uring_enter. */
  submitReceives(): void {
    this.#receives.submit();
  }

  /** Has those go on whose time has come. Returns how soon to look again; -1: nobody waits. */
  resumePostponed(): number {
    if (this.#postponed.size === 0) return -1;
    const { service, input, out } = this.#context;
    const waiting = [...this.#postponed].filter((connection) => !connection.over);
    this.#postponed.clear();
    service.turn();
    for (const connection of waiting) {
      if (connection.sending !== null) continue;
      connection.session.receive(input, 0, 0, out);
      this.#advance(connection);
    }
    return this.#postponed.size === 0 ? -1 : POSTPONED_MS;
  }

  /** As much as one receive brings: where there is a reply to it, others come next. */
  #receiveAside(connection: Connection): void {
    const { aside, asideStart, asideEnd } = connection;
    const end = Math.min(asideEnd, asideStart + ASIDE_BYTES);
    if (end === asideEnd) connection.dropAside();
    else connection.asideStart = end;
    connection.session.receive(aside!, asideStart, end, this.#context.out);
  }

  /** Sends what the session has written. */
  #send(connection: Connection): void {
    const { session, aside } = connection;
    this.#sends.start(connection, this.#context.out);
    const owesMore = aside !== null || session.paused || session.closing;
    // Its next receive goes with the reply: for each to wait for the other would be two turns.
    if (connection.greedy && !owesMore && !connection.finished) this.#receives.ask(connection);
    // Where no input can come, nothing but the reply's departure makes it go on.
    if (owesMore || !(connection.receiving || connection.asked)) this.#sends.urgent = true;
  }

  /** The last reply is out: FIN behind it, and from now on what comes is thrown away. */
  #linger(connection: Connection): void {
    const { posix } = this.#context;
    posix.shutdown(connection.fd, posix.constants.SHUT_WR);
    connection.dropAside();
    connection.lingerUntilMs = performance.now() + LINGER_MS;
    connection.lingerBytes = LINGER_BYTES;
    this.#lingering.add(connection);
    this.#receives.ask(connection);
  }

  #discard(connection: Connection, result: number, failed: boolean): void {
    connection.lingerBytes -= Math.max(result, 0);
    const ended = result === 0 || failed || connection.lingerBytes <= 0;
    if (ended) this.close(connection, 'closing', 0);
    else this.#receives.ask(connection);
  }

  /**
   * Closes who has lingered for long enough. Returns how soon to look again; -1: nobody lingers.
   */
  closeLingered(): number {
    if (this.#lingering.size === 0) return -1;
    const nowMs = performance.now();
    for (const connection of this.#lingering) {
      // In the order in which they began: the first that may stay is followed by such alone.
      if (connection.lingerUntilMs > nowMs) return connection.lingerUntilMs - nowMs;
      this.close(connection, 'closing', 0);
    }
    return -1;
  }

  /** Ends a connection; its descriptor is closed as soon as nothing is under way on it. */
  close(connection: Connection, reason: CloseReason, errno: number): void {
    const { fd, generation, session } = connection;
    connection.over = true;
    this.#lingering.delete(connection);
    this.#context.service.close(fd, session, reason, errno);
    if (connection.receiving) this.#requests.cancel(RECEIVE, fd, generation);
    if (connection.stalled) this.#requests.cancel(SEND, fd, generation);
    else if (connection.sending !== null) this.#sends.urgent = true;
    this.#closeUnlessBusy(connection);
  }

  #closeUnlessBusy(connection: Connection): void {
    if (connection.receiving || connection.sending !== null) return;
    this.#byFd[connection.fd] = undefined;
    this.count--;
    this.#requests.close(connection.fd);
  }

  /** The loop has died: see abandon.ts. What is lent stays so, as the kernel may still send it. */
  abandon(): void {
    for (const { fd, session, over } of this) {
      if (over) closeForBoth(this.#context, fd);
      else abandonConnection(this.#context, fd, session);
    }
  }

  /** The server stops: closes a client that is owed nothing more. */
  closeIfIdle(connection: Connection): void {
    if (connection.over || connection.sending !== null || connection.lingerUntilMs > 0) return;
    // It may be sending still: what comes now is thrown away, until it has seen FIN.
    if (connection.afterStopBytes > 0 && !connection.finished) this.#linger(connection);
    else this.close(connection, 'shutdown', 0);
  }
}

/** Read ahead of a reply that is being sent: a pipeline's next batch, as one read brings it. */
const ASIDE_BYTES = 64 * 1024;
