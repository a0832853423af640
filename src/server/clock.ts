/**
 * The clock that durations are measured by: CLOCK_MONOTONIC, which nobody can put back or forward,
 * and which is the same in all threads and processes of a machine. The wall clock is for the times
 * that users see: when a key expires, when a slow command ran.
 */

/** performance.now() is the same clock, counted from the start of the thread. */
const ORIGIN_MS = (() => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6 - performance.now();
})();

/** Milliseconds; only differences mean anything. */
export function monotonicMs(): number {
  return ORIGIN_MS + performance.now();
}
