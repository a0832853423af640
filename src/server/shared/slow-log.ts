/** SLOWLOG: a ring of entries as text in shared memory. */
import type { SlowEntry, SlowLogFace } from '../../commands/call.ts';
import type { SharedRegion } from '../../store/region.ts';
import type { SharedLock } from './lock.ts';
import { SLOW_ENTRIES, SLOW_ENTRY_BYTES, SLOW_LOG_AT } from './places.ts';

/** Words on the board: the next id, the oldest id that is still wanted, the ring's lock. */
export interface SlowLogWords {
  readonly next: number;
  readonly oldest: number;
}

export class SlowLog implements SlowLogFace {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #places: SlowLogWords;
  readonly #lock: SharedLock;
  readonly #most: () => number;

  /** `most`: slowlog-max-len. */
  constructor(region: SharedRegion, places: SlowLogWords, lock: SharedLock, most: () => number) {
    this.#words = region.words;
    this.#bytes = region.bytes;
    this.#places = places;
    this.#lock = lock;
    this.#most = most;
  }

  get length(): number {
    const { next, oldest } = this.#places;
    const kept = Math.min(SLOW_ENTRIES, this.#most());
    return Math.min(this.#words[next] - this.#words[oldest], kept);
  }

  entries(count: number): SlowEntry[] {
    return this.#lock.held(() => {
      const next = this.#words[this.#places.next];
      return Array.from({ length: Math.min(count, this.length) }, (_, i) =>
        this.#read(next - 1 - i),
      );
    });
  }

  reset(): void {
    this.#words[this.#places.oldest] = this.#words[this.#places.next];
  }

  add(entry: Omit<SlowEntry, 'id'>): void {
    this.#lock.held(() => {
      const id = this.#words[this.#places.next];
      const text = JSON.stringify({ ...entry, id });
      const start = SLOW_LOG_AT + (id % SLOW_ENTRIES) * SLOW_ENTRY_BYTES;
      this.#bytes.fill(0, start, start + SLOW_ENTRY_BYTES);
      new TextEncoder().encodeInto(text, this.#bytes.subarray(start, start + SLOW_ENTRY_BYTES));
      this.#words[this.#places.next] = id + 1;
    });
  }

  #read(id: number): SlowEntry {
    const start = SLOW_LOG_AT + (id % SLOW_ENTRIES) * SLOW_ENTRY_BYTES;
    const bytes = this.#bytes.slice(start, start + SLOW_ENTRY_BYTES);
    const end = bytes.indexOf(0);
    return readEntry(new TextDecoder().decode(bytes.subarray(0, end < 0 ? undefined : end)), id);
  }
}

/** An entry of bytes that JSON spells out is too long for its place: it is only named. */
function readEntry(text: string, id: number): SlowEntry {
  try {
    return JSON.parse(text) as SlowEntry;
  } catch {
    const at = Number(/"at":(\d+)/.exec(text)?.[1] ?? 0);
    const microseconds = Number(/"microseconds":(\d+)/.exec(text)?.[1] ?? 0);
    return { id, at, microseconds, words: ['...'], address: '', name: '' };
  }
}
