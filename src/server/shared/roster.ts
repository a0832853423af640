/**
 * The connections of all threads and processes: a row each, in shared memory, for CLIENT LIST and
 * CLIENT KILL. A row is written by the thread that has the connection, and read by any other;
 * what is read while it is written may be half old, half new, which is as good as a moment
 * earlier.
 *
 *   words 0 state   4 process         8 queued since MULTI    12 bytes of the library's version
 *         1 killed  5 database        9 flags                 13 bytes of the address
 *         2 fd      6 protocol       10 bytes of the name     14 bytes of the own address
 *         3 thread  7 command        11 bytes of the library's name
 *        22 bytes queued since MULTI    23 bytes of an unfinished request
 *   doubles 8 id   9 connected at   10 last used at   12 bytes held
 *
 * and, apart from the rows, so that a connection without names takes no memory for them:
 *
 *   bytes   0 name   112 library   160 its version   192 address   304 own address
 */
import type { Client, ClientView } from '../../commands/call.ts';
import type { SharedRegion } from '../../store/region.ts';
import { monotonicMs } from '../clock.ts';
import {
  ROSTER_AT,
  ROSTER_MAP_AT,
  ROSTER_ROW_BYTES,
  ROSTER_ROWS,
  ROSTER_TEXT_BYTES,
  ROSTER_TEXTS_AT,
} from './places.ts';

const FREE = 0;
const LIVE = 1;
/** Somebody shuts the descriptor down: it must not be closed, and given out again, meanwhile. */
const BEING_KILLED = 2;

const STATE = 0;
const KILLED = 1;
const FD = 2;
const THREAD = 3;
const PROCESS = 4;
const DATABASE = 5;
const PROTOCOL = 6;
const COMMAND = 7;
const QUEUED = 8;
const FLAGS = 9;
const QUEUED_BYTES = 22;
const KEPT_BYTES = 23;
const ID = 8;
const CONNECTED_AT = 9;
const LAST_USED_AT = 10;
const HELD_BYTES = 12;

const WATCHING = 1;
const NO_EVICT = 2;
const NO_TOUCH = 4;
const BLOCKED = 8;

interface TextField {
  readonly length: number;
  readonly at: number;
  readonly most: number;
}
const NAME: TextField = { length: 10, at: 0, most: 112 };
const LIBRARY_NAME: TextField = { length: 11, at: 112, most: 48 };
const LIBRARY_VERSION: TextField = { length: 12, at: 160, most: 32 };
const ADDRESS: TextField = { length: 13, at: 192, most: 112 };
const LOCAL_ADDRESS: TextField = { length: 14, at: 304, most: 112 };

const ROW_WORDS = ROSTER_ROW_BYTES / 4;
const ROW_DOUBLES = ROSTER_ROW_BYTES / 8;
const MAP_WORDS = ROSTER_ROWS / 32;

/** What a thread can do for the roster with a descriptor of its own process. */
export interface RosterCalls {
  readonly process: number;
  readonly thread: number;
  shutDown(fd: number): void;
  /** The addresses of a descriptor of this process: the peer's, and ours. */
  addressesOf(fd: number): readonly [peer: string, own: string];
  /** Whether rows must hold their addresses, for those who can't ask the kernel. */
  readonly keepsAddresses: boolean;
  commandName(number: number): string;
}

export class Roster {
  readonly #map: Int32Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #calls: RosterCalls;

  constructor(region: SharedRegion, calls: RosterCalls) {
    const { buffer } = region.words;
    this.#map = new Int32Array(buffer, ROSTER_MAP_AT, MAP_WORDS);
    this.#words = new Int32Array(buffer, ROSTER_AT, ROSTER_ROWS * ROW_WORDS);
    this.#doubles = new Float64Array(buffer, ROSTER_AT, ROSTER_ROWS * ROW_DOUBLES);
    this.#bytes = new Uint8Array(buffer, ROSTER_TEXTS_AT, ROSTER_ROWS * ROSTER_TEXT_BYTES);
    this.#calls = calls;
  }

  /** A row for a new connection; -1 where all are taken. */
  add(client: Client): number {
    const row = this.#claim();
    if (row < 0) return -1;
    const words = this.#words;
    const base = row * ROW_WORDS;
    const { process, thread, keepsAddresses } = this.#calls;
    words.fill(0, base + KILLED, base + ROW_WORDS);
    words[base + FD] = client.fd;
    words[base + THREAD] = thread;
    words[base + PROCESS] = process;
    this.#doubles[row * ROW_DOUBLES + ID] = client.id;
    this.#doubles[row * ROW_DOUBLES + CONNECTED_AT] = client.connectedAtMs;
    if (keepsAddresses) {
      const [peer, own] = this.#calls.addressesOf(client.fd);
      this.#setText(row, ADDRESS, peer);
      this.#setText(row, LOCAL_ADDRESS, own);
    }
    this.publish(row, client);
    Atomics.store(words, base + STATE, LIVE);
    return row;
  }

  /** Writes what changes from batch to batch. */
  publish(row: number, client: Client): void {
    const words = this.#words;
    const base = row * ROW_WORDS;
    words[base + DATABASE] = client.database;
    words[base + PROTOCOL] = client.protocolVersion;
    words[base + COMMAND] = client.lastCommand === undefined ? -1 : client.lastCommand.number;
    words[base + QUEUED] = client.transaction === undefined ? -1 : client.transaction.count;
    words[base + QUEUED_BYTES] = client.transaction?.lengthBytes ?? 0;
    words[base + FLAGS] =
      (client.watched === undefined ? 0 : WATCHING) |
      (client.noEvict ? NO_EVICT : 0) |
      (client.noTouch ? NO_TOUCH : 0) |
      (client.blocked ? BLOCKED : 0);
    this.#doubles[row * ROW_DOUBLES + LAST_USED_AT] = client.lastUsedAtMs;
  }

  publishKept(row: number, bytes: number): void {
    this.#words[row * ROW_WORDS + KEPT_BYTES] = bytes;
  }

  publishNames(row: number, client: Client): void {
    this.#setText(row, NAME, client.name);
    this.#setText(row, LIBRARY_NAME, client.libraryName);
    this.#setText(row, LIBRARY_VERSION, client.libraryVersion);
  }

  /** Before the descriptor is closed: its number may be another connection's right after. */
  remove(row: number): void {
    const at = row * ROW_WORDS + STATE;
    while (Atomics.compareExchange(this.#words, at, LIVE, FREE) === BEING_KILLED);
    Atomics.and(this.#map, row >>> 5, ~(1 << (row & 31)));
  }

  /** The rows that a process has left behind. */
  removeThread(thread: number): void {
    for (const row of this.#rows()) {
      if (this.#words[row * ROW_WORDS + THREAD] !== thread) continue;
      Atomics.store(this.#words, row * ROW_WORDS + STATE, LIVE);
      this.remove(row);
    }
  }

  wasKilled(row: number): boolean {
    const killed = Atomics.load(this.#words, row * ROW_WORDS + KILLED);
    return killed !== 0 && killed === this.#id(row);
  }

  /** Ends a connection of this process at once; one of another process when that looks up. */
  kill(id: number): boolean {
    const row = this.#rows().find((candidate) => this.#id(candidate) === id);
    if (row === undefined) return false;
    const words = this.#words;
    const base = row * ROW_WORDS;
    // By its id: the row may be another connection's by the time that its owner looks.
    Atomics.store(words, base + KILLED, id);
    if (words[base + PROCESS] !== this.#calls.process) return true;
    if (Atomics.compareExchange(words, base + STATE, LIVE, BEING_KILLED) !== LIVE) return false;
    const same = this.#id(row) === id;
    if (same) this.#calls.shutDown(words[base + FD]);
    Atomics.store(words, base + STATE, LIVE);
    return same;
  }

  // --- what unfinished requests take

  hold(row: number, bytes: number): void {
    this.#doubles[row * ROW_DOUBLES + HELD_BYTES] = bytes;
  }

  /** The sum of those that are to stay. */
  heldBytes(): number {
    let sum = 0;
    for (const row of this.#rows()) if (!this.wasKilled(row)) sum += this.#held(row);
    return sum;
  }

  /** Of those that are to stay, and may be ended (CLIENT NO-EVICT), the one that holds most. */
  heaviest(): { readonly id: number; readonly bytes: number } | undefined {
    let found = -1;
    for (const row of this.#rows()) {
      const mayGo = (this.#words[row * ROW_WORDS + FLAGS] & NO_EVICT) === 0;
      if (!mayGo || this.wasKilled(row) || this.#held(row) === 0) continue;
      if (found < 0 || this.#held(row) > this.#held(found)) found = row;
    }
    return found < 0 ? undefined : { id: this.#id(found), bytes: this.#held(found) };
  }

  #held(row: number): number {
    return this.#doubles[row * ROW_DOUBLES + HELD_BYTES];
  }

  /** Those that are to stay: a client that has been killed counts as gone. */
  views(): ClientView[] {
    const living = this.#rows().filter((row) => !this.wasKilled(row));
    return living.map((row) => this.#view(row)).sort((a, b) => a.id - b.id);
  }

  /** How many have a request that waits. */
  get blocked(): number {
    const flags = this.#rows().map((row) => this.#words[row * ROW_WORDS + FLAGS]);
    return flags.filter((flag) => (flag & BLOCKED) !== 0).length;
  }

  #view(row: number): ClientView {
    const words = this.#words.subarray(row * ROW_WORDS, (row + 1) * ROW_WORDS);
    const doubles = this.#doubles.subarray(row * ROW_DOUBLES, (row + 1) * ROW_DOUBLES);
    const [address, localAddress] = this.#addresses(row);
    const nowMs = monotonicMs();
    return {
      id: doubles[ID],
      address,
      localAddress,
      fd: words[FD],
      ageMs: nowMs - doubles[CONNECTED_AT],
      idleMs: Math.max(0, nowMs - doubles[LAST_USED_AT]),
      database: words[DATABASE],
      protocolVersion: words[PROTOCOL],
      name: this.#text(row, NAME),
      libraryName: this.#text(row, LIBRARY_NAME),
      libraryVersion: this.#text(row, LIBRARY_VERSION),
      commandName: words[COMMAND] < 0 ? '' : this.#calls.commandName(words[COMMAND]),
      queued: words[QUEUED],
      queuedBytes: words[QUEUED_BYTES],
      keptBytes: words[KEPT_BYTES],
      watching: (words[FLAGS] & WATCHING) !== 0,
      noEvict: (words[FLAGS] & NO_EVICT) !== 0,
      noTouch: (words[FLAGS] & NO_TOUCH) !== 0,
      blocked: (words[FLAGS] & BLOCKED) !== 0,
    };
  }

  #addresses(row: number): readonly [string, string] {
    const base = row * ROW_WORDS;
    if (this.#words[base + PROCESS] === this.#calls.process) {
      return this.#calls.addressesOf(this.#words[base + FD]);
    }
    return [this.#text(row, ADDRESS), this.#text(row, LOCAL_ADDRESS)];
  }

  #id(row: number): number {
    return this.#doubles[row * ROW_DOUBLES + ID];
  }

  /** The first row that nobody has, so that the rows in use stay together. */
  #claim(): number {
    const map = this.#map;
    for (let i = 0; i < MAP_WORDS; i++) {
      for (let seen = Atomics.load(map, i); seen !== -1; seen = Atomics.load(map, i)) {
        const bit = 31 - Math.clz32(~seen & -~seen);
        const mask = 1 << bit;
        if ((Atomics.or(map, i, mask) & mask) === 0) return i * 32 + bit;
      }
    }
    return -1;
  }

  #rows(): number[] {
    const rows: number[] = [];
    for (let i = 0; i < MAP_WORDS; i++) {
      const bits = Atomics.load(this.#map, i);
      for (let bit = 0; bits !== 0 && bit < 32; bit++) {
        const row = i * 32 + bit;
        if ((bits & (1 << bit)) !== 0 && this.#words[row * ROW_WORDS + STATE] !== FREE) {
          rows.push(row);
        }
      }
    }
    return rows;
  }

  #text(row: number, { length, at }: TextField): string {
    const start = row * ROSTER_TEXT_BYTES + at;
    const bytes = this.#bytes.slice(start, start + this.#words[row * ROW_WORDS + length]);
    return String.fromCharCode(...bytes);
  }

  #setText(row: number, { length, at, most }: TextField, text: string): void {
    const start = row * ROSTER_TEXT_BYTES + at;
    const used = Math.min(text.length, most);
    for (let i = 0; i < used; i++) this.#bytes[start + i] = text.charCodeAt(i);
    this.#words[row * ROW_WORDS + length] = used;
  }
}
