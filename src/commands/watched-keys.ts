/** The keys that a connection watches, and whether one of them has changed. */
import type { Store } from '../store/face.ts';

interface WatchedKey {
  readonly database: number;
  readonly key: Uint8Array;
  /** At the time of WATCH. */
  readonly existed: boolean;
  readonly version: number;
  readonly exchanges: number;
}

export class WatchedKeys {
  readonly #keys: WatchedKey[] = [];
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.watches.begin();
  }

  /** The store must be open. */
  add(database: number, bytes: Uint8Array, start: number, end: number): void {
    const watched = (other: WatchedKey) =>
      other.database === database && sameBytes(other.key, bytes, start, end);
    if (this.#keys.some(watched)) return;
    const store = this.#store;
    const existed = store.peek(database, bytes, start, end);
    const version = store.watches.version(database, bytes, start, end);
    const exchanges = store.watches.exchanges(database);
    this.#keys.push({ database, key: bytes.slice(start, end), existed, version, exchanges });
  }

  /** Whether a key was written, has gone, or is another database's now. The store must be open. */
  changed(): boolean {
    return this.#keys.some((watched) => this.#hasChanged(watched));
  }

  #hasChanged({ database, key, existed, version, exchanges }: WatchedKey): boolean {
    const { watches } = this.#store;
    const exists = this.#store.peek(database, key, 0, key.length);
    if (watches.version(database, key, 0, key.length) !== version || exists !== existed)
      return true;
    return exists && watches.exchanges(database) !== exchanges;
  }

  end(): void {
    this.#store.watches.end();
  }
}

function sameBytes(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}
