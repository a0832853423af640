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
  readonly #clients: Clients;
  readonly #posix: Posix;
  #unfinished = false;

  constructor(clients: Clients, posix: Posix, id: number, fd: number, nowMs: number) {
    this.#clients = clients;
    this.#posix = posix;
    this.id = id;
    this.fd = fd;
    this.connectedAtMs = nowMs;
    this.lastUsedAtMs = nowMs;
  }

  /** The beginning of a request has come, and not its end. */
  get unfinished(): boolean {
    return this.#unfinished;
  }

  set unfinished(unfinished: boolean) {
    if (unfinished === this.#unfinished) return;
    this.#unfinished = unfinished;
    this.#clients.unfinished += unfinished ? 1 : -1;
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

export class Clients implements Iterable<ClientState> {
  /** By descriptor; ids rise with time, so walking by id is walking in order of arrival. */
  readonly #byFd = new Map<number, ClientState>();
  readonly #board: Board;
  /** How many have sent the beginning of a request and not its end. */
  unfinished = 0;

  constructor(board: Board) {
    this.#board = board;
  }

  get count(): number {
    return this.#byFd.size;
  }

  at(fd: number): ClientState | undefined {
    return this.#byFd.get(fd);
  }

  add(posix: Posix, fd: number, nowMs: number): ClientState {
    const client = new ClientState(this, posix, this.#board.nextClientId(), fd, nowMs);
    this.#byFd.set(fd, client);
    return client;
  }

  remove(fd: number): ClientState | undefined {
    const client = this.#byFd.get(fd);
    this.#byFd.delete(fd);
    if (client !== undefined) client.unfinished = false;
    return client;
  }

  [Symbol.iterator](): Iterator<ClientState> {
    return this.#byFd.values();
  }
}
