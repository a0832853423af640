/**
 * The receives that are to be asked for, in the order in which their clients get their turn: they
 * are handed over together, right before io_uring_enter, and the first ones find buffers.
 *
 * A client's receive goes on by itself (multishot) as long as there are buffers for everybody. A
 * client that has sent more than its share of a turn, or has found no buffer, is asked for one
 * buffer at a time instead, behind the others that wait, until it has nothing left to say: so a few
 * that never stop sending can't use up what all share.
 */
import type { Connection } from './connection.ts';
import type { Requests } from './requests.ts';

export class Receives {
  readonly #requests: Requests;
  /** These have found no buffer: they come first. */
  readonly #hungry: Connection[] = [];
  readonly #others: Connection[] = [];

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Asks for what the client sends next, unless that has been done. */
  ask(connection: Connection): void {
    if (connection.receiving || connection.asked) return;
    connection.asked = true;
    (connection.hungry ? this.#hungry : this.#others).push(connection);
  }

  /** To be called before io_uring_enter, when buffers that are free again have been published. */
  submit(): void {
    this.#submitAll(this.#hungry);
    this.#submitAll(this.#others);
  }

  #submitAll(connections: Connection[]): void {
    const { length } = connections;
    if (length === 0) return;
    for (const connection of connections) {
      connection.asked = false;
      connection.hungry = false;
      if (connection.over) continue;
      connection.receiving = true;
      const { fd, generation } = connection;
      if (connection.greedy) this.#requests.receiveOnce(fd, generation);
      else this.#requests.receive(fd, generation);
    }
    connections.length = 0;
  }
}
