/**
 * What the unfinished requests of all clients take, and its limit (`maxmemory-clients`): beyond it
 * the clients that hold the most are ended until the others fit, as in Redis. The sum is exact over
 * all threads and processes.
 */
import type { Board } from './board.ts';
import { EVICTED_CLIENTS, HELD_BYTES } from './counters.ts';
import type { Log } from './log.ts';
import type { ServerOptions } from './options.ts';
import type { Roster } from './shared/roster.ts';

/**
 * Where no limit was set: twice the longest argument. A single client gets as far with it as with
 * Redis, and many together don't take the machine's memory.
 */
export const USUAL_CLIENTS_BYTES = 1024 ** 3;

/** A client, as far as it is looked at here. */
export interface Holder {
  readonly id: number;
  /** Its row in the roster; -1: none. */
  readonly row: number;
  heldBytes: number;
}

export interface ClientMemoryParts {
  readonly options: Pick<ServerOptions, 'maxmemoryClientsBytes'>;
  readonly counters: Float64Array;
  readonly board: Board;
  readonly roster: Roster;
  readonly log: Pick<Log, 'notice'>;
}

export class ClientMemory {
  readonly #parts: ClientMemoryParts;

  constructor(parts: ClientMemoryParts) {
    this.#parts = parts;
  }

  /**
   * The client's unfinished requests take so many bytes now. False: that is too much, and it is to
   * be ended. It is called once a receive: what has not changed costs nothing.
   */
  hold(client: Holder, heldBytes: number): boolean {
    const more = heldBytes - client.heldBytes;
    if (more === 0) return true;
    const { counters, roster, board } = this.#parts;
    client.heldBytes = heldBytes;
    counters[HELD_BYTES] += more;
    if (client.row < 0) return true;
    roster.hold(client.row, heldBytes);
    if (more < 0) return true;
    // Somebody else may have chosen this client, and a process can't shut down another one's.
    if (roster.wasKilled(client.row)) return false;
    // While no thread is over its share, neither is the sum.
    if (counters[HELD_BYTES] * board.threads <= limitOf(this.#parts.options)) return true;
    return this.#makeRoom(client);
  }

  /** Ends clients, the heaviest first. False: this one is among them. */
  #makeRoom(client: Holder): boolean {
    const { counters, board, roster, log, options } = this.#parts;
    const limitBytes = limitOf(options);
    if (board.total(HELD_BYTES) <= limitBytes) return true;
    let excessBytes = roster.heldBytes() - limitBytes;
    while (excessBytes > 0) {
      const heaviest = roster.heaviest();
      if (heaviest === undefined) return true;
      const { id, bytes } = heaviest;
      log.notice(`client id=${id} evicted: ${bytes} bytes of unfinished requests`);
      counters[EVICTED_CLIENTS]++;
      if (id === client.id) return false;
      roster.kill(id);
      excessBytes -= bytes;
    }
    return true;
  }
}

/** The limit that holds: `maxmemory-clients`, or the usual one. */
export function limitOf({
  maxmemoryClientsBytes,
}: Pick<ServerOptions, 'maxmemoryClientsBytes'>): number {
  return maxmemoryClientsBytes || USUAL_CLIENTS_BYTES;
}
