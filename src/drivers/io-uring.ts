/**
 * io_uring(7), Linux: not "tell me when I can", but "do this, and tell me when it is done".
 * Accepting and receiving are asked for once and go on by themselves; sends are handed over all
 * together by the one syscall that also waits:
 *
 *     io_uring_enter → look at all completions → open, or run → queue the sends → io_uring_enter
 *
 * `--io` has no meaning here: io_uring has operations of its own (context.transfer is not used).
 */
import { check } from '../posix/errors.ts';
import { closeForBoth, closeListeners, type Loop, runLoop } from './abandon.ts';
import {
  ACCEPT_CLOSED,
  ACCEPT_EMPTY,
  ACCEPT_EXHAUSTED,
  ACCEPTS_A_TURN,
  acceptFailures,
} from './accept.ts';
import { type Driver, type DriverContext, WORTH_FORESEEING } from './driver.ts';
import { Arrivals } from './io-uring/arrivals.ts';
import { BufferRing } from './io-uring/buffer-ring.ts';
import { Connections } from './io-uring/connections.ts';
import { GATHER_MS, Gathering } from './io-uring/gathering.ts';
import { ACCEPT, generationOf, kindOf, RECEIVE, Requests, SEND } from './io-uring/requests.ts';
import { Ring } from './io-uring/ring.ts';
import { Sends } from './io-uring/sends.ts';
import { acceptRest, DRAIN_MS } from './stopping.ts';

export { probeIoUring } from './io-uring/probe.ts';

export const ioUring: Driver = (context) => runLoop(context, () => new Uring(context));

class Uring implements Loop {
  readonly #context: DriverContext;
  readonly #ring: Ring;
  readonly #buffers: BufferRing;
  readonly #requests: Requests;
  readonly #sends: Sends;
  readonly #connections: Connections;
  readonly #arrivals = new Arrivals();
  readonly #gathering = new Gathering();
  /** Where the input of each completion of this turn begins. */
  readonly #starts = new Int32Array(COMPLETIONS);
  readonly #failureOf: ReturnType<typeof acceptFailures>;
  /** Listeners that wait for descriptors to be free again, and until when. */
  readonly #paused: number[] = [];
  #resumeAcceptAtMs = 0;
  #stopping = false;

  constructor(context: DriverContext) {
    const { posix } = context;
    this.#context = context;
    this.#ring = new Ring(posix, SUBMISSIONS, COMPLETIONS);
    this.#buffers = this.#createBuffers();
    this.#requests = new Requests(posix, this.#ring, context.requests);
    this.#sends = new Sends(context, this.#requests);
    this.#connections = new Connections(context, this.#requests, this.#buffers, this.#sends);
    this.#failureOf = acceptFailures(posix);
  }

  run(): void {
    const { stop, service, listeners } = this.#context;
    this.#requests.watch(stop.eventfd);
    for (const fd of listeners) {
      this.#letBlock(fd);
      this.#requests.accept(fd);
    }
    while (!stop.requested()) this.#turn(this.#timeout(service.tick()));
    this.#shutDown();
  }

  #createBuffers(): BufferRing {
    try {
      return new BufferRing(this.#context.posix, this.#ring.fd);
    } catch (error) {
      this.#ring.close();
      throw error;
    }
  }

  /** On a non-blocking socket io_uring does not wait either: the first accept would be EAGAIN. */
  #letBlock(fd: number): void {
    const { posix } = this.#context;
    const { F_GETFL, F_SETFL, O_NONBLOCK } = posix.constants;
    const flags = check(posix.fcntl(fd, F_GETFL), 'fcntl');
    check(posix.fcntl(fd, F_SETFL, flags & ~O_NONBLOCK), 'fcntl');
  }

  /** A wait, and everything that it brought. Returns how much that was. */
  #turn(timeoutMs: number): number {
    const { completions } = this.#ring;
    this.#wait(timeoutMs);
    const count = completions.available();
    if (count > 0) this.#context.service.turn();
    this.#survey(count);
    for (let i = 0; i < count; i++) {
      completions.take();
      this.#dispatch(i);
    }
    if (this.#arrivals.count > 0) this.#openArrivals();
    return count;
  }

  /** A stop has to do with all of them. */
  #openArrivals(): void {
    this.#arrivals.take(this.#stopping ? Infinity : ACCEPTS_A_TURN, this.#open);
  }

  readonly #open = (fd: number, listenerFd: number): void => {
    this.#connections.open(fd, this.#context.listeners.indexOf(listenerFd));
  };

  /** Hands over what is to be done, and waits for something to have been done: one syscall. */
  #wait(timeoutMs: number): void {
    const { wanted } = this.#gathering;
    this.#buffers.publish();
    this.#connections.submitReceives();
    if (this.#sends.urgent || this.#arrivals.count > 0) {
      this.#ring.wait(0, 0);
      // What the kernel has refused is as urgent as before.
      this.#sends.urgent = this.#ring.submissions.waiting > 0;
      return;
    }
    const gatherMs = timeoutMs < 0 ? GATHER_MS : Math.min(timeoutMs, GATHER_MS);
    if (wanted > 1) this.#ring.wait(wanted, gatherMs);
    // Two at the most: where nothing came while it gathered, it waits as it would have.
    if (wanted === 1 || this.#ring.completions.available() === 0) this.#ring.wait(1, timeoutMs);
    this.#gathering.turned(this.#ring.completions.available());
  }

  /**
   * The sends come first: those that are told of have failed or taken their time, and all others
   * are done. Unless there are completions that found no room, since a failure may be among them.
   *
   * What has been received is only looked at, so that what it will need can be fetched.
   */
  #survey(count: number): void {
    const { completions } = this.#ring;
    for (let i = 0; i < count; i++) {
      completions.look(i);
      const { userLow, userHigh, result, flags } = completions;
      const kind = kindOf(userHigh);
      if (kind === RECEIVE) {
        this.#buffers.take(result, flags);
        const { start, end } = this.#buffers;
        this.#starts[i] = start;
        if (count < WORTH_FORESEEING || result <= 0) continue;
        this.#connections.foresee(userLow, generationOf(userHigh), start, end);
      } else if (kind === SEND) {
        this.#context.requests?.completed('send', userLow, result, null, 0);
        this.#connections.sent(userLow, generationOf(userHigh), result);
      }
    }
    if (!this.#ring.overflowed) this.#connections.settle();
    if (count >= WORTH_FORESEEING) this.#context.service.fetchForeseen?.();
  }

  /** Acts upon the completion that was taken last; it was number `i` of the survey. */
  #dispatch(i: number): void {
    const { userLow, userHigh, result, flags } = this.#ring.completions;
    const generation = generationOf(userHigh);
    switch (kindOf(userHigh)) {
      case RECEIVE:
        this.#gathering.received(userLow);
        this.#connections.received(userLow, generation, result, flags, this.#starts[i]);
        break;
      case ACCEPT:
        this.#accepted(userLow, result, flags);
        break;
      default:
      // Sends have had their turn. The stop's eventfd: the loop asks by itself. Cancels and closes
      // that failed: the request was done already; the descriptor is gone, whatever close says.
    }
  }

  #accepted(listenerFd: number, result: number, flags: number): void {
    const { posix, requests } = this.#context;
    requests?.completed('accept', listenerFd, result, null, 0);
    if (result >= 0) this.#arrivals.add(result, listenerFd);
    if (flags & posix.constants.IORING_CQE_F_MORE || this.#stopping) return;
    const failure = result < 0 ? this.#failureOf(-result) : 0;
    if (failure === ACCEPT_CLOSED) check(result, 'accept');
    if (failure === ACCEPT_EXHAUSTED || failure === ACCEPT_EMPTY) this.#pause(listenerFd, -result);
    else this.#requests.accept(listenerFd);
  }

  /** An accept that is bound to fail would end every wait at once. */
  #pause(listenerFd: number, errno: number): void {
    this.#context.service.acceptFailed(errno);
    this.#paused.push(listenerFd);
    this.#resumeAcceptAtMs = performance.now() + EXHAUSTED_PAUSE_MS;
  }

  /** The wait's timeout: the soonest of what is due. -1: nothing is. */
  #timeout(wantedMs: number): number {
    const connections = this.#connections;
    const own = soonest(connections.closeLingered(), connections.resumePostponed());
    return soonest(soonest(wantedMs, own), this.#acceptTimeout());
  }

  #acceptTimeout(): number {
    if (this.#paused.length === 0) return -1;
    const leftMs = this.#resumeAcceptAtMs - performance.now();
    if (leftMs > 0) return leftMs;
    for (const fd of this.#paused.splice(0)) this.#requests.accept(fd);
    return -1;
  }

  /** Stops accepting, answers what has been received, and closes: DRAIN_MS at most. */
  #shutDown(): void {
    const connections = this.#connections;
    connections.stopping = true;
    this.#stopAccepting();
    const deadlineMs = performance.now() + DRAIN_MS;
    for (;;) {
      // What has arrived comes without waiting, though perhaps not all of it in one turn.
      while (this.#turn(0) + this.#turn(0) > 0 && performance.now() < deadlineMs);
      for (const connection of connections) connections.closeIfIdle(connection);
      const leftMs = deadlineMs - performance.now();
      if (connections.count === 0 || leftMs <= 0) break;
      this.#turn(this.#sends.pending ? 0 : leftMs);
    }
    this.#closeAll();
    this.#context.service.stopped();
  }

  #stopAccepting(): void {
    const { listeners } = this.#context;
    this.#stopping = true;
    for (const [index, fd] of listeners.entries()) {
      acceptRest(this.#context, fd, 0, (client) => {
        this.#connections.open(client, index);
        return true;
      });
      this.#requests.cancel(ACCEPT, fd, 0);
      this.#requests.close(fd);
    }
  }

  /** Ends what is still under way, waits for the kernel to let go of the memory, and unmaps it. */
  #closeAll(): void {
    const connections = this.#connections;
    for (const connection of connections) {
      const reason = connection.sending === null ? 'shutdown' : 'unread';
      if (!connection.over) connections.close(connection, reason, 0);
    }
    const deadlineMs = performance.now() + CANCEL_MS;
    while (connections.count > 0 && performance.now() < deadlineMs) this.#turn(CANCEL_MS);
    this.#ring.submit();
    this.#ring.close();
    if (connections.count > 0) return;
    this.#buffers.close();
    this.#sends.close();
  }

  abandon(): void {
    if (!this.#stopping) closeListeners(this.#context);
    this.#closeAccepted();
    this.#connections.abandon();
    this.#ring.close();
    // Nobody hears when the kernel has let go of the memory, so it must not become another's.
    LEFT_BEHIND.push(this.#buffers, this.#sends);
  }

  /** Clients that were accepted and not opened, also those that the loop has not heard of. */
  #closeAccepted(): void {
    const { completions } = this.#ring;
    this.#arrivals.take(Infinity, (fd) => closeForBoth(this.#context, fd));
    for (let count = completions.available(); count > 0; count--) {
      completions.take();
      const { userHigh, result } = completions;
      if (kindOf(userHigh) === ACCEPT && result >= 0) closeForBoth(this.#context, result);
    }
  }
}

const LEFT_BEHIND: (BufferRing | Sends)[] = [];

/** The smaller of two timeouts, of which -1 is the longest. */
function soonest(firstMs: number, secondMs: number): number {
  if (firstMs < 0 || secondMs < 0) return Math.max(firstMs, secondMs);
  return Math.min(firstMs, secondMs);
}

/** More requests than fit are handed over in the middle of a turn: this only saves syscalls. */
const SUBMISSIONS = 1024;
/** A turn's worth for some thousand busy clients; what exceeds it waits in the kernel. */
const COMPLETIONS = 8192;
/** Long enough to cost nothing, short enough that a freed descriptor is used soon. */
const EXHAUSTED_PAUSE_MS = 100;
/** Requests that are cancelled come back at once: only a kernel that is broken takes longer. */
const CANCEL_MS = 100;
