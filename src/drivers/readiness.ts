/**
 * The one loop of select, poll, epoll and kqueue: a single thread, non-blocking sockets, and a
 * poller that tells which of them can make progress.
 *
 *     wait → accept4, or recvmsg, for each ready descriptor → run → sendmsg for each reply → wait
 */

import { check } from '../posix/errors.ts';
import type { Posix } from '../posix/posix.ts';
import { closeListeners, type Loop, runLoop } from './abandon.ts';
import {
  ACCEPT_AGAIN,
  ACCEPT_CLOSED,
  ACCEPT_EXHAUSTED,
  ACCEPTS_A_TURN,
  acceptFailures,
  EXHAUSTED_PAUSE_MS,
} from './accept.ts';
import { Connections } from './connections.ts';
import type { Driver, DriverContext } from './driver.ts';
import { type Poller, READABLE, READY_WORDS, WRITABLE } from './pollers/poller.ts';
import { acceptRest, DRAIN_MS } from './stopping.ts';

/** Makes a driver of a poller. */
export function readiness(createPoller: (posix: Posix) => Poller): Driver {
  return (context) => runLoop(context, () => new Readiness(context, createPoller(context.posix)));
}

class Readiness implements Loop {
  readonly #context: DriverContext;
  readonly #poller: Poller;
  readonly #connections: Connections;
  readonly #failureOf: ReturnType<typeof acceptFailures>;
  /** When to watch the listeners again after descriptors ran out; 0 while they are watched. */
  #resumeAcceptAtMs = 0;
  #accepting = true;

  constructor(context: DriverContext, poller: Poller) {
    this.#context = context;
    this.#poller = poller;
    this.#connections = new Connections(context, poller);
    this.#failureOf = acceptFailures(context.posix);
  }

  run(): void {
    const { stop, service } = this.#context;
    check(this.#poller.add(stop.eventfd, 0, READABLE), 'poller add');
    this.#watchListeners();
    while (!stop.requested()) this.#turn(this.#timeout(service.tick()));
    this.#shutDown();
  }

  /** One wait, and everything that it said is ready. */
  #turn(timeoutMs: number): void {
    const count = this.#poller.wait(timeoutMs);
    if (count < 0) {
      // A signal ended the wait; what it asked for is looked at by the caller.
      if (-count !== this.#context.posix.constants.EINTR) check(count, 'poller wait');
      return;
    }
    this.#context.service.turn();
    const { ready } = this.#poller;
    for (let i = 0; i < count; i++) {
      const at = i * READY_WORDS;
      this.#dispatch(ready[at], ready[at + 1], ready[at + 2]);
    }
    this.#connections.finishTurn();
  }

  #dispatch(fd: number, generation: number, readiness: number): void {
    if (this.#connections.has(fd)) {
      this.#connections.handle(fd, generation, readiness);
      return;
    }
    const listener = this.#context.listeners.indexOf(fd);
    if (listener >= 0 && this.#resumeAcceptAtMs === 0) this.#accept(fd, listener);
  }

  /** Takes the clients that wait, at most ACCEPTS_A_TURN of them: the connected ones come next. */
  #accept(listenerFd: number, listener: number): void {
    const { posix } = this.#context;
    const { SOCK_CLOEXEC, SOCK_NONBLOCK } = posix.constants;
    for (let i = 0; i < ACCEPTS_A_TURN; i++) {
      const fd = posix.accept4(listenerFd, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd >= 0) {
        this.#connections.open(fd, listener);
        continue;
      }
      const failure = this.#failureOf(-fd);
      if (failure === ACCEPT_AGAIN) continue;
      if (failure === ACCEPT_EXHAUSTED) this.#pauseAccepting(-fd);
      if (failure === ACCEPT_CLOSED) check(fd, 'accept4');
      return;
    }
    if (this.#poller.edgeTriggered) this.#poller.modify(listenerFd, 0, READABLE);
  }

  /** A listener that is ready and can't be accepted from would end every wait at once. */
  #pauseAccepting(errno: number): void {
    this.#context.service.acceptFailed(errno);
    for (const fd of this.#context.listeners) this.#poller.remove(fd);
    this.#resumeAcceptAtMs = performance.now() + EXHAUSTED_PAUSE_MS;
  }

  #watchListeners(): void {
    this.#resumeAcceptAtMs = 0;
    for (const fd of this.#context.listeners)
      check(this.#poller.add(fd, 0, READABLE), 'poller add');
  }

  /** The wait's timeout: the soonest of what is due. -1: nothing is. */
  #timeout(wantedMs: number): number {
    const connections = this.#connections;
    const own = soonest(connections.closeLingered(), connections.resumePostponed());
    return soonest(soonest(wantedMs, own), this.#acceptTimeout());
  }

  #acceptTimeout(): number {
    if (this.#resumeAcceptAtMs === 0) return -1;
    const leftMs = Math.ceil(this.#resumeAcceptAtMs - performance.now());
    if (leftMs > 0) return leftMs;
    this.#watchListeners();
    return -1;
  }

  /** Stops accepting, answers what has been received, and closes: DRAIN_MS at most. */
  #shutDown(): void {
    const { posix, listeners, service, stop } = this.#context;
    const connections = this.#connections;
    if (this.#resumeAcceptAtMs === 0) for (const fd of listeners) this.#poller.remove(fd);
    this.#accepting = false;
    service.turn();
    for (const [index, listener] of listeners.entries()) {
      acceptRest(this.#context, listener, posix.constants.SOCK_NONBLOCK, (fd) => {
        connections.open(fd, index);
        return true;
      });
    }
    closeListeners(this.#context);
    // The eventfd stays readable for the other threads: here it would end every wait at once.
    this.#poller.remove(stop.eventfd);
    for (const connection of connections) connections.drain(connection);
    const deadlineMs = performance.now() + DRAIN_MS;
    while (connections.count > 0) {
      const leftMs = Math.ceil(deadlineMs - performance.now());
      if (leftMs <= 0) break;
      this.#turn(leftMs);
      for (const connection of connections) connections.drain(connection);
    }
    for (const connection of connections) {
      const unread = connection.interest === WRITABLE;
      connections.close(connection, unread ? 'unread' : 'shutdown', 0);
    }
    this.#poller.close();
    service.stopped();
  }

  abandon(): void {
    if (this.#accepting) closeListeners(this.#context);
    this.#connections.abandon();
    this.#poller.close();
  }
}

/** The smaller of two timeouts, of which -1 is the longest. */
function soonest(firstMs: number, secondMs: number): number {
  if (firstMs < 0 || secondMs < 0) return Math.max(firstMs, secondMs);
  return Math.min(firstMs, secondMs);
}
