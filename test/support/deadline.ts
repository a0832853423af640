/**
 * Waiting for something that has to happen: no test hangs, and a late one says what it waited for.
 */

/** Far more than anything takes here, on a machine that is busy with other tests. */
export const DEADLINE_MS = 10_000;

/** The promise's value, or an error naming `what` once the deadline has passed. */
export async function within<T>(
  what: string,
  promise: Promise<T>,
  explain: () => string = () => '',
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${deadlineMs} ms in vain for ${what} ${explain()}`.trim()));
    }, deadlineMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
