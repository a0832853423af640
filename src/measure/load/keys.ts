/**
 * Which key comes next. Seeded, so that every server is asked for the same keys in the same order.
 */
import type { Workload } from './job.ts';

export interface KeySource {
  /** From 0 to one below the number of keys. */
  next(): number;
}

export function keysOf({ keys, distribution }: Workload, seed: number): KeySource {
  return distribution === 'zipf' ? new ZipfKeys(keys, seed) : new UniformKeys(keys, seed);
}

/** Marsaglia's xorshift with 32 bits: 2 ns a number, and good enough to pick a key. */
export class Xorshift {
  #state: number;

  constructor(seed: number) {
    // 0 is the one state that it never leaves.
    this.#state = seed | 0 || 1;
  }

  /** From 0 to 2^32 - 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** From 0 to below 1. */
  nextFraction(): number {
    return this.next() / TWO_TO_32;
  }
}

class UniformKeys implements KeySource {
  readonly #random: Xorshift;
  readonly #keys: number;

  constructor(keys: number, seed: number) {
    this.#random = new Xorshift(seed);
    this.#keys = keys;
  }

  next(): number {
    return Math.floor(this.#random.nextFraction() * this.#keys);
  }
}

/**
 * Zipf's law with the exponent that YCSB made usual. The draws are made ahead and used again and
 * again: a logarithm and a power for each request would cost more than the request's own bytes.
 */
class ZipfKeys implements KeySource {
  readonly #draws: Uint32Array;
  #at = 0;

  constructor(keys: number, seed: number) {
    this.#draws = drawZipf(keys, new Xorshift(seed));
  }

  next(): number {
    this.#at = (this.#at + 1) & (DRAWS - 1);
    return this.#draws[this.#at];
  }
}

/** By inversion: the sum of all weights below a rank, searched for a random share of the whole. */
function drawZipf(keys: number, random: Xorshift): Uint32Array {
  const below = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank++) {
    sum += (rank + 1) ** -ZIPF_EXPONENT;
    below[rank] = sum;
  }
  const draws = new Uint32Array(DRAWS);
  for (let i = 0; i < DRAWS; i++) {
    draws[i] = scatter(firstAbove(below, random.nextFraction() * sum), keys);
  }
  return draws;
}

function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The popular keys are not neighbours: a multiplier that no usual number of keys shares a factor
 * with.
 */
function scatter(rank: number, keys: number): number {
  return (rank * SCATTER_PRIME) % keys;
}

const TWO_TO_32 = 2 ** 32;
const ZIPF_EXPONENT = 0.99;
/** A power of two, long enough that a round seldom sees its end twice. */
const DRAWS = 2 ** 20;
const SCATTER_PRIME = 1_000_003;
