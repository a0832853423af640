/** Types of killed-writes.mjs. */
export const KEYS: number;
export const BEGUN: number;
export const DONE: number;
export const PROGRESS_WORDS: number;
export function keyOf(writer: number, key: number): Uint8Array;
export function stateAfter(
  writer: number,
  key: number,
  write: number,
): { value: Uint8Array; expireAtMs: number } | undefined;
