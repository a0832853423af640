/**
 * A client that sends and reads exact bytes, over TCP or a UNIX socket. Bytes are written as text
 * with one character a byte (latin1), so that requests and replies can be read in the tests.
 *
 * It reads only when asked to: one that is not asked is a client that does not read.
 */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { within } from './deadline.ts';
import type { Server } from './server.ts';

export async function connect(server: Pick<Server, 'address'>): Promise<Client> {
  return new Client(await openSocket(server));
}

/** A connection to the server. Destroyed when the test ends. */
export async function openSocket({ address }: Pick<Server, 'address'>): Promise<Socket> {
  const socket = connectSocket({ ...targetOf(address), allowHalfOpen: true, noDelay: true });
  onTestFinished(() => {
    socket.destroy();
  });
  await within('connect', once(socket, 'connect'));
  return socket;
}

function targetOf(address: string): { path: string } | { host: string; port: number } {
  const match = /^\[?(.+?)\]?:(\d+)$/.exec(address);
  return match === null ? { path: address } : { host: match[1], port: Number(match[2]) };
}

export class Client {
  readonly #socket: Socket;
  #received = '';
  #error: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => {
      this.#error = error;
    });
  }

  send(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** Resolves once the kernel has taken all of the bytes. */
  async sendAll(bytes: string): Promise<void> {
    await within('send', new Promise<void>((resolve) => this.#sendThen(bytes, resolve)));
  }

  #sendThen(bytes: string, done: () => void): void {
    this.#socket.write(bytes, 'latin1', () => done());
  }

  /** FIN: no more requests will come; replies are still read. */
  end(): void {
    this.#socket.end();
  }

  /** RST: the connection is gone, for both sides at once. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Exactly this many bytes. */
  async read(length: number): Promise<string> {
    await this.#until(`${length} bytes`, () => this.#received.length >= length);
    return this.#take(length);
  }

  /** The bytes up to and including `text`. */
  async readUntil(text: string): Promise<string> {
    await this.#until(JSON.stringify(text), () => this.#received.includes(text));
    return this.#take(this.#received.indexOf(text) + text.length);
  }

  /** Everything until the server's FIN. */
  async readToEnd(): Promise<string> {
    await this.#until('FIN', () => this.#socket.readableEnded);
    return this.#take(this.#received.length);
  }

  /** Sends a request and reads a reply as long as the expected one. */
  async ask(request: string, expectedLength: number): Promise<string> {
    this.send(request);
    return this.read(expectedLength);
  }

  #take(length: number): string {
    const taken = this.#received.slice(0, length);
    this.#received = this.#received.slice(length);
    return taken;
  }

  async #until(what: string, enough: () => boolean): Promise<void> {
    const soFar = () => `after ${JSON.stringify(this.#received.slice(0, SHOWN_BYTES))}`;
    await within(what, this.#pull(what, enough, soFar), soFar);
  }

  async #pull(what: string, enough: () => boolean, soFar: () => string): Promise<void> {
    while (!enough()) {
      const chunk: Buffer | null = this.#socket.read();
      if (chunk !== null) {
        this.#received += chunk.toString('latin1');
      } else if (this.#error !== undefined) {
        throw this.#error;
      } else if (this.#socket.readableEnded) {
        throw new Error(`the server closed: no ${what} ${soFar()}`);
      } else {
        await news(this.#socket);
      }
    }
  }
}

/** Until the socket has something to say: bytes, an end or an error. */
export function news(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of NEWS) socket.off(event, done);
      resolve();
    };
    for (const event of NEWS) socket.on(event, done);
  });
}

const NEWS = ['readable', 'end', 'error', 'close'] as const;
/** How much of what was received an error message shows. */
const SHOWN_BYTES = 200;
