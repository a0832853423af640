/**
 * Clients that pipeline SETs without a pause: each sends as long as its socket takes more, and does
 * not wait for replies. What a server gives each of them, and what it leaves to others, is how fair
 * it is.
 */
import { createConnection, type Socket } from 'node:net';
import { requestOf } from './batch.ts';

export class Flood {
  readonly #sockets: readonly Socket[];
  /** Bytes of replies that each client has got. */
  readonly #answered: number[];

  constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    this.#answered = sockets.map(() => 0);
    sockets.forEach((socket, i) => {
      socket.on('data', (chunk) => {
        this.#answered[i] += chunk.length;
      });
    });
  }

  /** Requests of each client that have been answered so far. */
  answered(): number[] {
    return this.#answered.map((bytes) => Math.floor(bytes / OK_BYTES));
  }

  begin(): void {
    for (const [i, socket] of this.#sockets.entries()) {
      const batch = batchOf(i);
      const pour = () => {
        while (!socket.destroyed && socket.write(batch));
      };
      socket.on('drain', pour);
      pour();
    }
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Connects so many clients. @throws where one of them is refused. */
export async function openFlood(port: number, clients: number): Promise<Flood> {
  return new Flood(await Promise.all(Array.from({ length: clients }, () => open(port))));
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.off('error', reject).on('error', () => {});
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** SETs of one key for each client. */
function batchOf(client: number): Buffer {
  const { bytes } = requestOf('SET', `flood:${client}`, 'x'.repeat(VALUE_BYTES));
  return Buffer.concat(new Array(BATCH).fill(bytes));
}

const VALUE_BYTES = 32;
/** Long enough for one write to be more than a server reads at once. */
const BATCH = 2000;
/** `+OK` and its CRLF. */
const OK_BYTES = 5;
