/** Pauses for garbage collection, from what `node --trace-gc` writes. */

export interface Pauses {
  readonly count: number;
  readonly longestMs: number;
  /** Longer than LONG_PAUSE_MS. */
  readonly long: number;
}

/** A client whose request waits for so long is in its p99.9 and beyond. */
export const LONG_PAUSE_MS = 5;

/**
 * V8's lines: `[44:0x55] 38 ms: Scavenge 2.3 (2.8) -> 2.1 (3.8) MB, 0.67 / 0.00 ms  (average …`.
 * The first number after the sizes is how long JavaScript stood still, in milliseconds.
 */
export function pausesIn(output: string): Pauses {
  const found = [...output.matchAll(/-> .*? MB, ([\d.]+) \/ [\d.]+ ms/g)];
  const lengthsMs = found.map(([, length]) => Number(length));
  return {
    count: lengthsMs.length,
    longestMs: Math.max(0, ...lengthsMs),
    long: lengthsMs.filter((length) => length > LONG_PAUSE_MS).length,
  };
}
