/**
 * Settings that were changed while the server runs, for all its threads and processes: as text in
 * shared memory, with a version that tells whether there is something new to read.
 */
import type { SharedRegion } from '../../store/region.ts';
import type { SharedLock } from './lock.ts';
import { SETTINGS_AT, SETTINGS_BYTES } from './places.ts';

export class SharedChanges {
  readonly #region: SharedRegion;
  readonly #version: number;
  readonly #lock: SharedLock;
  #seen = 0;

  /** `version`: the index of its word. */
  constructor(region: SharedRegion, version: number, lock: SharedLock) {
    this.#region = region;
    this.#version = version;
    this.#lock = lock;
  }

  /** Whether somebody has changed something since this thread last read. One look at one word. */
  get isNew(): boolean {
    return this.#region.words[this.#version] !== this.#seen;
  }

  /** All changes so far: the last value of each setting. */
  read(): ReadonlyMap<string, string> {
    return this.#lock.held(() => {
      this.#seen = this.#region.words[this.#version];
      return this.#values();
    });
  }

  /** False: there is no room for so much text. */
  write(pairs: ReadonlyArray<readonly [name: string, value: string]>): boolean {
    return this.#lock.held(() => {
      const text = JSON.stringify([...new Map([...this.#values(), ...pairs])]);
      const bytes = new TextEncoder().encode(text);
      if (bytes.length >= SETTINGS_BYTES) return false;
      this.#region.bytes.set(bytes, SETTINGS_AT);
      this.#region.bytes[SETTINGS_AT + bytes.length] = 0;
      Atomics.add(this.#region.words, this.#version, 1);
      return true;
    });
  }

  #values(): Map<string, string> {
    const bytes = this.#region.bytes.slice(SETTINGS_AT, SETTINGS_AT + SETTINGS_BYTES);
    const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
    return new Map(text === '' ? [] : (JSON.parse(text) as [string, string][]));
  }
}
