/**
 * Memory whose owner dies after so many writes: the store's own code runs on it up to there, and
 * what it leaves is what a process leaves that is killed at that instruction. A bulk operation dies
 * between its words as well.
 */
import type { SharedRegion } from '../../src/store/region.ts';

export class Death extends Error {}

/** In bulk operations longer than this, not every word is a step. */
const FINE_ELEMENTS = 64;
const COARSE_STEP = 16;

type Elements = Int32Array | Uint8Array;

export class MortalRegion implements SharedRegion {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  /** Writes done, and the one that comes no more. */
  steps = 0;
  lastStep = Number.POSITIVE_INFINITY;

  constructor(buffer: ArrayBuffer) {
    this.words = this.#mortal(new Int32Array(buffer));
    this.bytes = this.#mortal(new Uint8Array(buffer));
  }

  wait(): boolean {
    return true;
  }

  wake(): void {}

  #step(): void {
    if (this.steps === this.lastStep) throw new Death();
    this.steps += 1;
  }

  #mortal<Array extends Elements>(array: Array): Array {
    const bulk = this.#bulkOperations(array);
    return new Proxy(array, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return bulk[name as string] ?? value.bind(target);
      },
      set: (target, name, value) => {
        this.#step();
        return Reflect.set(target, name, value, target);
      },
    });
  }

  /** The methods that write, one element after the other. */
  #bulkOperations(array: Elements): Record<string, unknown> {
    const write = (count: number, one: (i: number) => void) => {
      for (let i = 0; i < count; i += 1) {
        if (count <= FINE_ELEMENTS || i % COARSE_STEP === 0) this.#step();
        one(i);
      }
    };
    return {
      fill: (value: number, start = 0, end = array.length) =>
        write(end - start, (i) => {
          array[start + i] = value;
        }),
      set: (source: ArrayLike<number>, offset = 0) =>
        write(source.length, (i) => {
          array[offset + i] = source[i];
        }),
      copyWithin: (to: number, from: number, end: number) =>
        write(end - from, (i) => {
          const at = to < from ? i : end - from - 1 - i;
          array[to + at] = array[from + at];
        }),
    };
  }
}
