/**
 * One batch out, its replies back, on any number of connections: what the closed and the open loop
 * have in common. Its caller decides when a client that is free sends again.
 */
import type { Posix } from '../../posix/posix.ts';
import { Latencies } from '../latency.ts';
import { type Batch, digitsOf, writeKey } from './batch.ts';
import { type KeySource, Xorshift } from './keys.ts';
import type { Client, Wire } from './wire.ts';

/** What a load is made of, whichever loop drives it. */
export interface Load {
  readonly posix: Posix;
  readonly wire: Wire;
  /** All connections by the index that epoll gives back. */
  readonly clients: readonly Client[];
  readonly batches: readonly Batch[];
  readonly keys: KeySource;
  readonly keyCount: number;
  readonly reconnect: boolean;
  readonly seed: number;
}

export class Exchange {
  /** Of batches: their operations leave and are answered together. */
  readonly latencies = new Latencies();
  operations = 0;
  /** Replies that were errors. */
  errors = 0;
  /** Connections that ended. */
  lost = 0;
  /** Batches that were to be sent before this have no part in `latencies`. */
  timedFromMs = Number.NEGATIVE_INFINITY;
  /** A client's replies are all there, and it may send again. */
  onFree: (client: Client, nowMs: number) => void = () => {};
  readonly #load: Load;
  readonly #random: Xorshift;
  readonly #digits: number;
  readonly #words: number;
  readonly #data: number;
  readonly #writable: number;

  constructor(load: Load) {
    const c = load.posix.constants;
    this.#load = load;
    this.#random = new Xorshift(load.seed);
    this.#digits = digitsOf(load.keyCount);
    this.#words = c.EPOLL_EVENT_WORDS;
    this.#data = c.EPOLL_EVENT_DATA;
    this.#writable = c.EPOLLOUT;
  }

  /** Sends the next batch; its latency counts from `sinceMs`. */
  start(client: Client, sinceMs: number): void {
    client.sinceMs = sinceMs;
    if (this.#load.reconnect) {
      if (this.#load.wire.connect(client) < 0) this.#lose(client);
    } else this.#send(client);
  }

  #send(client: Client): void {
    const { batches, keys, wire } = this.#load;
    const batch = client.own ?? (batches.length === 1 ? batches[0] : this.#choose());
    const { bytes, keyEnds } = batch;
    for (let i = 0; i < keyEnds.length; i++) writeKey(bytes, keyEnds[i], keys.next(), this.#digits);
    client.awaited = batch.replies;
    if (wire.send(client, bytes) < 0) this.#lose(client);
  }

  #choose(): Batch {
    const { batches } = this.#load;
    return batches[Math.floor(this.#random.nextFraction() * batches.length)];
  }

  /** One wait, and everything that it said is ready. */
  turn(timeoutMs: number): void {
    const { wire, clients } = this.#load;
    const count = wire.wait(timeoutMs);
    for (let i = 0; i < count; i++) {
      const at = i * this.#words;
      const client = clients[wire.events[at + this.#data]];
      if (client === undefined || client.fd < 0) continue;
      if (wire.events[at] & this.#writable) this.#writeable(client);
      if (wire.events[at] & ~this.#writable && client.fd >= 0) this.#receive(client);
    }
  }

  #writeable(client: Client): void {
    const { wire } = this.#load;
    if (!client.connected) {
      if (wire.connectionError(client) !== 0) return this.#lose(client);
      client.connected = true;
      this.#send(client);
      if (client.fd < 0 || client.rest !== null) return;
    }
    if (wire.sendRest(client) < 0) this.#lose(client);
  }

  #receive(client: Client): void {
    const { wire } = this.#load;
    const got = wire.receive(client);
    if (got <= 0) {
      if (!wire.isAgain(got)) this.#lose(client);
      return;
    }
    const replies = client.replies.feed(wire.input, 0, got);
    if (client.replies.broken) return this.#lose(client);
    this.#answered(client, replies);
  }

  #answered(client: Client, replies: number): void {
    if (replies === 0) return;
    client.awaited -= replies;
    if (client.own === null) this.#count(client, replies);
    if (client.awaited > 0) return;
    if (client.own !== null) return this.#send(client);
    const nowMs = performance.now();
    if (client.sinceMs >= this.timedFromMs) this.latencies.record(nowMs - client.sinceMs);
    if (this.#load.reconnect) this.#load.wire.close(client);
    this.onFree(client, nowMs);
  }

  #count(client: Client, replies: number): void {
    client.operations += replies;
    this.operations += replies;
    if (client.replies.errors === 0) return;
    this.errors += client.replies.errors;
    client.replies.errors = 0;
  }

  #lose(client: Client): void {
    this.#load.wire.close(client);
    this.lost++;
  }

  /** What was counted so far is forgotten: the warm-up is over. */
  reset(): void {
    this.latencies.reset();
    this.operations = 0;
    this.errors = 0;
    for (const client of this.#load.clients) client.operations = 0;
  }
}
