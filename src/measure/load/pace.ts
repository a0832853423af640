/**
 * When a client sends: as soon as it is answered (closed loop), or when its time has come (open).
 */
import type { Exchange } from './exchange.ts';
import type { Client } from './wire.ts';

export interface Pace {
  begin(nowMs: number): void;
  /** What follows is measured: when the warm-up is over, and within it, as a rehearsal. */
  measure(nowMs: number): void;
  /** Sends what is due. @returns how long to wait for an event, in milliseconds, at most. */
  pump(nowMs: number): number;
  /** Operations that were due and not sent. */
  unsent(nowMs: number): number;
}

/** Nobody who is disturbed has to wait longer than this for a look at the clock. */
const LONGEST_WAIT_MS = 10;

/** Each client sends its next batch at once: the server is never without work. */
export class ClosedLoop implements Pace {
  readonly #exchange: Exchange;
  readonly #clients: readonly Client[];

  constructor(exchange: Exchange, clients: readonly Client[]) {
    this.#exchange = exchange;
    this.#clients = clients;
    exchange.onFree = (client, nowMs) => exchange.start(client, nowMs);
  }

  begin(): void {
    for (const client of this.#clients) this.#exchange.start(client, performance.now());
  }

  measure(): void {}

  pump(): number {
    return LONGEST_WAIT_MS;
  }

  unsent(): number {
    return 0;
  }
}

/**
 * Batches are due at a fixed rate, a free client takes the next one. Where no client is free they
 * wait here, and their latency counts all the same from when they were due: a server that stalls is
 * not asked less often for it ("coordinated omission").
 */
export class OpenLoop implements Pace {
  readonly #exchange: Exchange;
  readonly #intervalMs: number;
  readonly #pipeline: number;
  /** A ring: the one that has been free for longest is next, so that all of them take part. */
  readonly #free: Client[];
  #first = 0;
  #count: number;
  #beganMs = 0;
  #started = 0;

  constructor(
    exchange: Exchange,
    clients: readonly Client[],
    ratePerSecond: number,
    pipeline: number,
  ) {
    this.#exchange = exchange;
    this.#pipeline = pipeline;
    this.#intervalMs = (1000 * pipeline) / ratePerSecond;
    this.#free = [...clients];
    this.#count = clients.length;
    exchange.onFree = (client) => {
      this.#free[(this.#first + this.#count++) % this.#free.length] = client;
    };
  }

  begin(nowMs: number): void {
    this.#beganMs = nowMs;
  }

  /**
   * Begins anew. This process compiles its own code while it warms up, and falls behind: what was
   * due then would be late for the rest of the time, and no server's fault.
   */
  measure(nowMs: number): void {
    this.#beganMs = nowMs;
    this.#started = 0;
    this.#exchange.timedFromMs = nowMs;
  }

  pump(nowMs: number): number {
    while (this.#count > 0) {
      const dueMs = this.#dueMs();
      if (dueMs > nowMs) return waitFor(dueMs - nowMs);
      const client = this.#free[this.#first];
      this.#first = (this.#first + 1) % this.#free.length;
      this.#count--;
      this.#started++;
      this.#exchange.start(client, dueMs);
    }
    return LONGEST_WAIT_MS;
  }

  unsent(nowMs: number): number {
    const due = Math.floor((nowMs - this.#beganMs) / this.#intervalMs) + 1;
    return Math.max(0, due - this.#started) * this.#pipeline;
  }

  #dueMs(): number {
    return this.#beganMs + this.#started * this.#intervalMs;
  }
}

/** The kernel wakes a sleeper late, by tens of microseconds: the last part is not slept. */
function waitFor(leftMs: number): number {
  if (leftMs > LONGEST_WAIT_MS) return LONGEST_WAIT_MS;
  return leftMs > AWAKE_MS ? leftMs - AWAKE_MS : 0;
}

const AWAKE_MS = 0.2;
