/**
 * How long a thread that blocks may sleep: for ever, until there is something that can expire,
 * which only a thread that is awake can remove. So the calls of the one thread that looks after it
 * get a timeout, by SO_RCVTIMEO, and fail with EAGAIN when it is over; the thread looks, and calls
 * again. The option is set when that begins and taken away when it ends: with keys that never
 * expire no call is made for it, and none is interrupted.
 */
import type { DriverContext } from './driver.ts';

export class Waits {
  readonly #context: DriverContext;
  readonly #listener: number;
  /** What this thread has set, in milliseconds; 0: for ever. */
  #listenerMs = 0;
  #clientMs = 0;

  /** `listener`: the one that this thread accepts from; -1: others do that. */
  constructor(context: DriverContext, listener: number) {
    this.#context = context;
    this.#listener = listener;
  }

  /** Before an accept4 that blocks. */
  beforeAccept(): void {
    const dueMs = this.look();
    if (dueMs < 0) return;
    // Others that accept from it may have taken it away: it is set again each time.
    this.#listenerMs = roundedMs(dueMs);
    this.#set(this.#listener, this.#listenerMs);
  }

  /** A client's descriptor has no timeout yet. */
  open(): void {
    this.#clientMs = 0;
  }

  /** Before a receive that blocks. */
  beforeReceive(fd: number): void {
    const dueMs = this.look();
    const { patienceMs } = this.#context.service;
    const timeoutMs = dueMs < 0 ? patienceMs : shorter(roundedMs(dueMs), patienceMs);
    if (timeoutMs === this.#clientMs) return;
    this.#clientMs = timeoutMs;
    this.#set(fd, timeoutMs);
  }

  /** Does what is due. Returns the milliseconds until it is due again; -1: it is not. */
  look(): number {
    return this.#context.service.upkeep(this.#rest);
  }

  /** Processes share the listener: it must wait for ever again before another one limits it. */
  readonly #rest = (): void => {
    if (this.#listenerMs === 0) return;
    this.#listenerMs = 0;
    this.#set(this.#listener, 0);
  };

  #set(fd: number, timeoutMs: number): void {
    const { posix, structs } = this.#context;
    const { SOL_SOCKET, SO_RCVTIMEO } = posix.constants;
    posix.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, structs.timeoutMs.encode(timeoutMs));
  }
}

/** One of two: a timeout that were exact would have to be set before each call. */
function roundedMs(dueMs: number): number {
  return dueMs <= SOON_MS ? SOON_MS : LATER_MS;
}

/** The smaller of two timeouts, of which 0 is the longest. */
function shorter(timeoutMs: number, otherMs: number): number {
  return otherMs === 0 ? timeoutMs : Math.min(timeoutMs, otherMs);
}

/** While much is to be done. */
const SOON_MS = 4;
/** While there is only something to wait for: as often as an event loop looks. */
const LATER_MS = 100;
