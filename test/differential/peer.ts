/** A server that is asked the same as another one: requests in, each reply's exact bytes out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from '../support/deadline.ts';
import { SYSKV } from '../support/server.ts';
import { replyEnd } from './reply-end.ts';
import { Conversation } from './told.ts';

export type Request = readonly string[];

/** One character a byte, as everywhere in the tests. */
export function encode(request: Request): string {
  const words = request.map((word) => `$${word.length}\r\n${word}\r\n`);
  return `*${request.length}\r\n${words.join('')}`;
}

export class Peer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #path: string;
  log = '';

  constructor(command: string, flags: readonly string[]) {
    this.#folder = mkdtempSync(join(tmpdir(), 'syskv-'));
    this.#path = join(this.#folder, 'socket');
    const placed = [...flags, '--unixsocket', this.#path];
    this.#child = spawn(command, placed, { cwd: this.#folder });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.log += chunk;
      });
    }
  }

  /** A new connection, once the server takes any. */
  async connect(): Promise<Connection> {
    return within('a connection', this.#connect(), () => this.log);
  }

  async converse(): Promise<Conversation> {
    return new Conversation(await this.connect());
  }

  async #connect(): Promise<Connection> {
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.log}`);
      const socket = connect({ path: this.#path });
      try {
        await once(socket, 'connect');
        return new Connection(socket);
      } catch {
        await once(this.#child.stdout!, 'data');
      }
    }
  }

  /** Where it leaves its files. */
  get folder(): string {
    return this.#folder;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function redis(): Peer {
  const flags = ['--port', '0', '--save', '', '--appendonly', 'no', '--rdbcompression', 'no'];
  return new Peer('redis-server', [...flags, '--enable-debug-command', 'local']);
}

export function syskv(...flags: string[]): Peer {
  return new Peer(process.execPath, [SYSKV, 'serve', ...flags]);
}

export class Connection {
  readonly #socket: Socket;
  #received = '';
  #closed = false;
  #tellNews: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received += chunk.toString('latin1');
      this.#tellNews();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#tellNews();
    });
  }

  /** Sends all requests at once; returns their replies. */
  async ask(requests: readonly Request[]): Promise<string[]> {
    this.#socket.write(requests.map(encode).join(''), 'latin1');
    const replies: string[] = [];
    const late = () => `after ${replies.length} replies, with ${JSON.stringify(this.#received)}`;
    return within(`${requests.length} replies`, this.#collect(requests.length, replies), late);
  }

  async #collect(count: number, replies: string[]): Promise<string[]> {
    let start = 0;
    while (replies.length < count) {
      const end = replyEnd(this.#received, start);
      if (end >= 0) {
        replies.push(this.#received.slice(start, end));
        start = end;
      } else if (this.#closed) {
        throw new Error('the server has closed the connection');
      } else {
        await this.#news();
      }
    }
    this.#received = this.#received.slice(start);
    return replies;
  }

  /** All that comes until the server closes the connection. */
  async rest(): Promise<string> {
    const ended = async () => {
      while (!this.#closed) await this.#news();
    };
    await within('the end of the connection', ended(), () => JSON.stringify(this.#received));
    return this.#received;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellNews = resolve;
    });
  }

  /** A part of a request. */
  write(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  close(): void {
    this.#socket.destroy();
  }
}
