/** Bytes from one array to another. */

/** Up to here a loop beats `set(subarray)`, which makes a view (some 50 ns). */
const LOOP_BYTES = 64;

/** Copies `source[start, end)` to `target` at `at`, where there is room for it. */
export function copyBytes(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  start: number,
  end: number,
): void {
  const length = end - start;
  if (length > LOOP_BYTES) target.set(source.subarray(start, end), at);
  else for (let i = 0; i < length; i += 1) target[at + i] = source[start + i];
}
