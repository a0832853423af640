/** The connections of one thread, and their rows in the roster that all threads share. */
import { type Client, type Command, REPLIES_ON } from '../commands/call.ts';
import type { Transaction } from '../commands/transaction.ts';
import { endTransaction } from '../commands/transactions.ts';
import type { WatchedKeys } from '../commands/watched-keys.ts';
import type { AddressAnswer } from '../posix/address.ts';
import type { Posix } from '../posix/posix.ts';
import type { Board } from './board.ts';
import { monotonicMs } from './clock.ts';
import type { Roster } from './shared/roster.ts';

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
  authenticated = true;
  transaction: Transaction<Command> | undefined = undefined;
  watched: WatchedKeys | undefined = undefined;
  replies = REPLIES_ON;
  noEvict = false;
  /** Bytes of its unfinished requests, as client-memory.ts counts them. */
  heldBytes = 0;
  noTouch = false;
  blocked = false;
  /** Its row in the roster; -1: none. */
  row = -1;
  readonly #clients: Clients;
  readonly #posix: Posix;
  #unfinished = false;
  #keptBytes = 0;
  #publishedName = '';
  #publishedLibrary = '';

  constructor(clients: Clients, posix: Posix, id: number, fd: number) {
    this.#clients = clients;
    this.#posix = posix;
    this.id = id;
    this.fd = fd;
    this.connectedAtMs = monotonicMs();
    this.lastUsedAtMs = this.connectedAtMs;
  }

  /** Bytes of a request that has not come whole, or has not been run. */
  set keptBytes(bytes: number) {
    if (bytes === this.#keptBytes) return;
    this.#keptBytes = bytes;
    if (this.row >= 0) this.#clients.roster.publishKept(this.row, bytes);
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
    return addressesOf(this.#posix, this.fd)[0];
  }

  get localAddress(): string {
    return addressesOf(this.#posix, this.fd)[1];
  }

  /** Tells the roster what has changed. After each batch, so names only where they are others. */
  publish(roster: Roster): void {
    if (this.row < 0) return;
    roster.publish(this.row, this);
    const library = this.libraryVersion === '' ? this.libraryName : this.#library();
    if (this.name === this.#publishedName && library === this.#publishedLibrary) return;
    this.#publishedName = this.name;
    this.#publishedLibrary = library;
    roster.publishNames(this.row, this);
  }

  #library(): string {
    return `${this.libraryName} ${this.libraryVersion}`;
  }
}

/** The peer's address and our own, as CLIENT LIST has them. A UNIX socket has one: its path. */
export function addressesOf(posix: Posix, fd: number): [peer: string, own: string] {
  const own = addressOf((address) => posix.getsockname(fd, address));
  if (own.startsWith('/')) return [own, own];
  return [addressOf((address) => posix.getpeername(fd, address)), own];
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
  readonly roster: Roster;
  /** How many have sent the beginning of a request and not its end. */
  unfinished = 0;

  constructor(board: Board, roster: Roster) {
    this.#board = board;
    this.roster = roster;
  }

  get count(): number {
    return this.#byFd.size;
  }

  at(fd: number): ClientState | undefined {
    return this.#byFd.get(fd);
  }

  add(posix: Posix, fd: number, authenticated: boolean): ClientState {
    const client = new ClientState(this, posix, this.#board.nextClientId(), fd);
    client.authenticated = authenticated;
    client.row = this.roster.add(client);
    this.#byFd.set(fd, client);
    return client;
  }

  remove(fd: number): ClientState | undefined {
    const client = this.#byFd.get(fd);
    if (client === undefined) return undefined;
    this.#byFd.delete(fd);
    client.unfinished = false;
    endTransaction(client);
    if (client.row >= 0) this.roster.remove(client.row);
    return client;
  }

  [Symbol.iterator](): Iterator<ClientState> {
    return this.#byFd.values();
  }
}
