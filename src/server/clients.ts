/** The connections of one thread, as CLIENT LIST shows them. */
import type { Client } from '../commands/call.ts';
import type { Command } from '../commands/command.ts';
import type { AddressAnswer } from '../posix/address.ts';
import type { Posix } from '../posix/posix.ts';
import type { Board } from './board.ts';

export class ClientState implements Client {
  readonly id: number;
  readonly fd: number;
  readonly connectedAtMs: number;
  lastUsedAtMs: number;
  database = 0;
  protocolVersion = 2;
  name = '';
  libraryName = '';
  libraryVersion = '';
  lastCommand: Command | undefined = undefined;
  commands = 0;
  closing = false;
  readonly #posix: Posix;

  constructor(posix: Posix, id: number, fd: number, nowMs: number) {
    this.#posix = posix;
    this.id = id;
    this.fd = fd;
    this.connectedAtMs = nowMs;
    this.lastUsedAtMs = nowMs;
  }

  /** Asked of the kernel when somebody wants to know: most clients come and go unasked. */
  get address(): string {
    return addressOf((address) => this.#posix.getpeername(this.fd, address));
  }

  get localAddress(): string {
    return addressOf((address) => this.#posix.getsockname(this.fd, address));
  }
}

function addressOf(ask: (address: AddressAnswer) => number): string {
  const named: AddressAnswer = {};
  if (ask(named) < 0) return '?:0';
  if (named.path !== undefined) return `${named.path}:0`;
  const host = named.address?.includes(':') ? `[${named.address}]` : named.address;
  return `${host}:${named.port}`;
}

export class Clients implements Iterable<Client> {
  readonly #byId = new Map<number, ClientState>();
  readonly #board: Board;

  constructor(board: Board) {
    this.#board = board;
  }

  add(posix: Posix, fd: number, nowMs: number): ClientState {
    const client = new ClientState(posix, this.#board.nextClientId(), fd, nowMs);
    this.#byId.set(client.id, client);
    return client;
  }

  delete(client: ClientState): void {
    this.#byId.delete(client.id);
  }

  [Symbol.iterator](): Iterator<Client> {
    return this.#byId.values();
  }
}
