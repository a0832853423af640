/** The store's face over a Map: slow, plain, and what the real one is compared with. */
import {
  type EntryType,
  FORM_CHANGED,
  FORM_USUAL,
  type KeysAhead,
  type LargeValues,
  NO_EXPIRY,
  type Slice,
  type Store,
  type StoreStatistics,
  TYPE_STRING,
  type Watches,
} from '../../src/store/face.ts';

interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  expireAtMs: number;
  form: number;
}

const DATABASES = 16;

export class ModelStore implements Store {
  /** From here on `set` and `setRange` have no memory, and `makeRoom` finds none. */
  full = false;
  /** What the last `begin` asked for; undefined before it and after `end`. */
  opened: { write: boolean; whole: boolean } | undefined;
  readonly value: Slice = { bytes: new Uint8Array(0), start: 0, end: 0 };
  readonly key: Slice = { bytes: new Uint8Array(0), start: 0, end: 0 };
  expireAtMs = NO_EXPIRY;
  type: EntryType = TYPE_STRING;
  form = FORM_USUAL;
  entryBytes = 0;
  idleSeconds = 0;
  frequency = 0;
  statistics: StoreStatistics = {
    usedBytes: 0,
    limitBytes: 0,
    hits: 0,
    misses: 0,
    expired: 0,
    evicted: 0,
    writes: 0,
  };
  /** Whoever is refused a ticket copies. */
  readonly large: LargeValues = {
    stage: () => 0,
    commit: () => false,
    pin: () => 0,
    release() {},
  };
  #nowMs = 0;
  #entry: Entry | undefined = undefined;
  /** By database and key: how often it was written. */
  readonly #versions = new Map<string, number>();
  readonly #exchanges = new Map<number, number>();
  watchers = 0;
  readonly ahead: KeysAhead = { expect() {}, foresee() {}, fetch() {} };
  readonly watches: Watches = {
    begin: () => {
      this.watchers++;
    },
    end: () => {
      this.watchers--;
    },
    version: (database, key, start, end) =>
      this.#versions.get(`${database}/${key.slice(start, end)}`) ?? 0,
    exchanges: (database) => this.#exchanges.get(database) ?? 0,
  };
  readonly #databases = Array.from({ length: DATABASES }, () => new Map<string, Entry>());

  setForm(form: number): void {
    this.form = form;
    if (this.#entry !== undefined) this.#entry.form = form;
  }

  setIdleSeconds(seconds: number): void {
    this.idleSeconds = seconds;
  }

  setFrequency(frequency: number): void {
    this.frequency = frequency;
  }

  begin(nowMs: number, write: boolean, whole: boolean): void {
    this.#nowMs = nowMs;
    this.opened = { write, whole };
  }

  end(): void {
    this.opened = undefined;
  }

  find(database: number, key: Uint8Array, start: number, end: number): boolean {
    return this.peek(database, key, start, end);
  }

  peek(database: number, key: Uint8Array, start: number, end: number): boolean {
    const entry = this.#live(database, key.slice(start, end));
    if (entry !== undefined) this.#point(entry);
    return entry !== undefined;
  }

  set(
    database: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): boolean {
    this.#mustWrite();
    if (this.full) return false;
    const bytes = key.slice(keyStart, keyEnd);
    this.#written(database, bytes);
    const slice = value.slice(valueStart, valueEnd);
    const entry = { key: bytes, value: slice, expireAtMs, form: FORM_USUAL };
    this.#databases[database].set(String(bytes), entry);
    this.#point(entry);
    return true;
  }

  setRange(
    database: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    offset: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    this.#mustWrite();
    if (this.full) return false;
    const old = this.#live(database, key.slice(keyStart, keyEnd));
    const value = new Uint8Array(Math.max(old?.value.length ?? 0, offset + end - start));
    if (old !== undefined) value.set(old.value);
    value.set(bytes.subarray(start, end), offset);
    const expireAtMs = old?.expireAtMs ?? NO_EXPIRY;
    this.set(database, key, keyStart, keyEnd, value, 0, value.length, expireAtMs);
    this.setForm(FORM_CHANGED);
    return true;
  }

  remove(database: number, key: Uint8Array, start: number, end: number): boolean {
    this.#mustWrite();
    const bytes = key.slice(start, end);
    if (this.#live(database, bytes) === undefined) return false;
    this.#written(database, bytes);
    return this.#databases[database].delete(String(bytes));
  }

  setExpiry(
    database: number,
    key: Uint8Array,
    start: number,
    end: number,
    expireAtMs: number,
  ): boolean {
    this.#mustWrite();
    const bytes = key.slice(start, end);
    const entry = this.#live(database, bytes);
    if (entry === undefined) return false;
    this.#written(database, bytes);
    entry.expireAtMs = expireAtMs;
    return true;
  }

  count(database: number): number {
    return this.#databases[database].size;
  }

  countWithExpiry(database: number): number {
    const entries = [...this.#databases[database].values()];
    return entries.filter((entry) => entry.expireAtMs !== NO_EXPIRY).length;
  }

  flush(database: number): void {
    this.#mustWrite();
    for (const [number, entries] of this.#databases.entries()) {
      if (database < 0 || number === database) entries.clear();
    }
  }

  swap(first: number, second: number): void {
    const entries = this.#databases[first];
    this.#databases[first] = this.#databases[second];
    this.#databases[second] = entries;
    for (const database of [first, second]) {
      this.#exchanges.set(database, this.watches.exchanges(database) + 1);
    }
  }

  scan(database: number, cursor: number, count: number, visit: () => void): number {
    const entries = [...this.#databases[database].values()];
    for (const { key } of entries.slice(cursor, cursor + count)) {
      const entry = this.#live(database, key);
      if (entry === undefined) continue;
      this.#point(entry);
      visit();
    }
    return cursor + count < entries.length ? cursor + count : 0;
  }

  randomKey(database: number): boolean {
    for (const { key } of [...this.#databases[database].values()]) {
      const entry = this.#live(database, key);
      if (entry === undefined) continue;
      this.#point(entry);
      return true;
    }
    return false;
  }

  readonly mayExpire = false;

  expireCycle(): number {
    return 0;
  }

  makeRoom(): boolean {
    return !this.full;
  }

  verify(): string[] {
    return [];
  }

  #live(database: number, key: Uint8Array): Entry | undefined {
    if (this.opened === undefined) throw new Error('the store is not open');
    const entries = this.#databases[database];
    const entry = entries.get(String(key));
    if (entry === undefined) return undefined;
    if (entry.expireAtMs === NO_EXPIRY || entry.expireAtMs > this.#nowMs) return entry;
    entries.delete(String(key));
    return undefined;
  }

  #written(database: number, key: Uint8Array): void {
    const name = `${database}/${key}`;
    this.#versions.set(name, (this.#versions.get(name) ?? 0) + 1);
  }

  #mustWrite(): void {
    if (this.opened?.write !== true) throw new Error('the store is not open for writing');
  }

  #point(entry: Entry): void {
    this.#entry = entry;
    this.form = entry.form;
    this.value.bytes = entry.value;
    this.value.end = entry.value.length;
    this.key.bytes = entry.key;
    this.key.end = entry.key.length;
    this.expireAtMs = entry.expireAtMs;
    this.entryBytes = entry.key.length + entry.value.length + 8;
  }
}
