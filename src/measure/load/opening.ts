/**
 * Connects clients and has each of them answered once. A connection that the kernel made may still
 * wait in the server's backlog; one that got its PING answered is served. So a model that can't
 * serve so many shows by itself how many it can.
 */
import type { Posix } from '../../posix/posix.ts';
import { occupiedUs } from '../account.ts';
import { requestOf } from './batch.ts';
import type { Opened } from './job.ts';
import type { Client, Wire } from './wire.ts';

const PING = requestOf('PING').bytes;
/**
 * Fewer than any server's backlog: none of them is dropped there and tries again a second later.
 */
const AT_ONCE = 64;
/** Who waits for so long, while the server rests, waits in vain. */
const PATIENCE_MS = 1000;
/** A server that works may be starting threads for those who wait: for so long at most. */
const WORKING_PATIENCE_MS = 15_000;
/** Less work than this in PATIENCE_MS is rest. */
const RESTING_US = 20_000;

/**
 * @param all every client of the load, by index.
 * @param serverPids tell by their CPU time whether the server rests.
 * @param clients those of them that are to be opened; a client that is not served is closed again.
 */
export function openAll(
  posix: Posix,
  wire: Wire,
  all: readonly Client[],
  clients: readonly Client[],
  serverPids: readonly number[],
): Opened {
  const opening = new Opening(posix, wire, all, clients);
  return opening.run(serverPids);
}

class Opening {
  readonly #posix: Posix;
  readonly #wire: Wire;
  readonly #all: readonly Client[];
  readonly #clients: readonly Client[];
  #begun = 0;
  #served = 0;
  #refused = 0;
  #refusal = '';

  constructor(posix: Posix, wire: Wire, all: readonly Client[], clients: readonly Client[]) {
    this.#posix = posix;
    this.#wire = wire;
    this.#all = all;
    this.#clients = clients;
  }

  run(serverPids: readonly number[]): Opened {
    const patience = new Patience(serverPids);
    while (this.#settled < this.#clients.length && patience.lasts(this.#settled)) {
      this.#begin();
      this.#turn();
    }
    for (const client of this.#clients)
      if (client.awaited > 0 || !client.connected) this.#wire.close(client);
    return {
      wanted: this.#clients.length,
      served: this.#served,
      refused: this.#refused,
      refusal: this.#refusal,
      meanwhile: this.#settled === this.#clients.length ? '' : patience.meanwhile,
    };
  }

  get #settled(): number {
    return this.#served + this.#refused;
  }

  #begin(): void {
    while (this.#begun < this.#clients.length && this.#begun - this.#settled < AT_ONCE) {
      const client = this.#clients[this.#begun++];
      const result = this.#wire.connect(client);
      if (result < 0) this.#refuse(client, this.#wire.nameOf(-result));
    }
  }

  #turn(): void {
    const c = this.#posix.constants;
    const { events } = this.#wire;
    const count = this.#wire.wait(TURN_MS);
    for (let i = 0; i < count; i++) {
      const at = i * c.EPOLL_EVENT_WORDS;
      const client = this.#all[events[at + c.EPOLL_EVENT_DATA]];
      if (client.fd < 0) continue;
      if (client.connected) this.#receive(client);
      else this.#greet(client);
    }
  }

  #greet(client: Client): void {
    const error = this.#wire.connectionError(client);
    if (error !== 0) return this.#refuse(client, this.#wire.nameOf(error));
    client.connected = true;
    client.awaited = 1;
    const result = this.#wire.send(client, PING);
    if (result < 0) return this.#refuse(client, this.#wire.nameOf(-result));
    this.#wire.watch(client, this.#posix.constants.EPOLLIN);
  }

  #receive(client: Client): void {
    const got = this.#wire.receive(client);
    if (got <= 0) {
      if (!this.#wire.isAgain(got))
        this.#refuse(client, got === 0 ? 'closed' : this.#wire.nameOf(-got));
      return;
    }
    if (client.replies.feed(this.#wire.input, 0, got) === 0) return;
    if (client.replies.errors > 0) return this.#refuse(client, this.#firstLine(got));
    client.awaited = 0;
    this.#served++;
  }

  /** Of an error: `ERR max number of clients reached`. */
  #firstLine(length: number): string {
    const text = new TextDecoder().decode(this.#wire.input.subarray(1, length));
    return text.split('\r\n')[0];
  }

  #refuse(client: Client, why: string): void {
    this.#wire.close(client);
    this.#refused++;
    this.#refusal = why;
  }
}

const TURN_MS = 50;

class Patience {
  readonly #pids: readonly number[];
  #progress = 0;
  #progressMs = performance.now();
  #lookMs = performance.now();
  #occupiedUs: number;
  #meanwhile: 'rested' | 'worked' = 'worked';

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#occupiedUs = this.#occupied();
  }

  /** What the server did before patience ended. */
  get meanwhile(): 'rested' | 'worked' {
    return this.#meanwhile;
  }

  /** @param progress grows with every client that is served or refused. */
  lasts(progress: number): boolean {
    const nowMs = performance.now();
    if (progress > this.#progress) {
      this.#progress = progress;
      this.#progressMs = nowMs;
      this.#lookMs = nowMs;
      return true;
    }
    if (nowMs - this.#lookMs < PATIENCE_MS) return true;
    const occupiedNowUs = this.#occupied();
    const isResting = occupiedNowUs - this.#occupiedUs < RESTING_US;
    this.#occupiedUs = occupiedNowUs;
    this.#lookMs = nowMs;
    this.#meanwhile = isResting ? 'rested' : 'worked';
    return !isResting && nowMs - this.#progressMs < WORKING_PATIENCE_MS;
  }

  #occupied(): number {
    return occupiedUs(this.#pids);
  }
}
