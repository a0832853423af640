/**
 * Values too large to be put together again, and a client that compares what it reads as it comes.
 * Each word of such a value is another one, so bytes that are missing, doubled or moved show.
 */
import type { Socket } from 'node:net';
import { news, openSocket } from './client.ts';
import { within } from './deadline.ts';
import type { Server } from './server.ts';

/** `length` bytes, of which every four tell their place; another `seed` gives other ones. */
export function largeValue(length: number, seed = 1): Buffer {
  const words = new Int32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + seed * 7919, GOLDEN);
  return Buffer.from(words.buffer, 0, length);
}

/** Odd, so that no two of 2^32 products are the same. */
const GOLDEN = 0x9e3779b1;

/** `*3 SET key value`, in pieces to be sent one after the other. */
export function setOf(key: string, value: Uint8Array): (string | Uint8Array)[] {
  const head = `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n`;
  return [head, value, '\r\n'];
}

/** The answer to a GET of this value, in pieces. */
export function bulkOf(value: Uint8Array): (string | Uint8Array)[] {
  return [`$${value.length}\r\n`, value, '\r\n'];
}

export async function connectLarge(server: Pick<Server, 'address'>): Promise<LargeClient> {
  return new LargeClient(await openSocket(server));
}

export class LargeClient {
  readonly #socket: Socket;
  /** Read, and not compared yet. */
  #rest: Buffer = Buffer.alloc(0);
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => {
      this.#error = error;
    });
  }

  /** Text is sent one byte a character. Nobody waits for the kernel to take it. */
  send(...pieces: readonly (string | Uint8Array)[]): void {
    for (const piece of pieces) this.#socket.write(bytesOf(piece));
  }

  /** The same, until the kernel has taken all of it. */
  async sendAll(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    this.send(...pieces);
    await within('send', new Promise<void>((resolve) => this.#socket.write('', () => resolve())));
  }

  /** Reads as many bytes as the pieces have, and compares them. */
  async expect(...pieces: readonly (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) {
      await within('a reply', this.#compare(bytesOf(piece)));
    }
  }

  /** RST: the connection is gone, for both sides at once. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  async #compare(expected: Buffer): Promise<void> {
    for (let at = 0; at < expected.length; ) {
      const got = await this.#some(expected.length - at);
      if (expected.compare(got, 0, got.length, at, at + got.length) !== 0) {
        throw new Error(`behind ${at} of ${expected.length} bytes: ${shown(got)}`);
      }
      at += got.length;
    }
  }

  /** What there is, `most` bytes of it. */
  async #some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const chunk: Buffer | null = this.#socket.read();
      if (chunk !== null) this.#rest = chunk;
      else if (this.#error !== undefined) throw this.#error;
      else if (this.#socket.readableEnded) throw new Error('the server closed');
      else await news(this.#socket);
    }
    const got = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(most);
    return got;
  }
}

function bytesOf(piece: string | Uint8Array): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece, 'latin1');
  return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
}

const SHOWN_BYTES = 80;

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, SHOWN_BYTES));
}
