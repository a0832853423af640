/**
 * What a key goes through in killed.test.ts, one write after the other: the same for the process
 * that writes, without a pause, until it is killed, and for the one that then looks at what is
 * left. Node runs it as it is.
 */

/** Keys of one writer: enough for tables that grow, and for holes that are closed. */
export const KEYS = 1000;
/** Two words a key: the number of the write that was begun last, and of the last one finished. */
export const BEGUN = 0;
export const DONE = 1;
export const PROGRESS_WORDS = KEYS * 2;
/** A round of writes: what comes first does not depend on what was before. */
export const ROUND = 8;
export const NOW = 1_700_000_000_000;

/** The steps of a round that set no value; the last one removes, or counts. */
const EXPIRY = 5;
const APPENDING = 6;
const LONGEST = 3000;
const TAIL = Buffer.from(' and a tail');

/** What the key holds once a write is done; undefined: nothing. */
export function stateAfter(writer, key, write) {
  const round = Math.floor(write / ROUND);
  const step = write % ROUND;
  const expireAtMs = NOW + 2 ** 33 + write;
  // Values of one length, over one another.
  const text = `${writer} ${key} ${Math.min(step, EXPIRY - 1)} ${round} `;
  const value = Buffer.alloc(1 + ((round * 7919 + key * 31) % LONGEST), text);
  if (step < EXPIRY) return { value, expireAtMs: -1 };
  if (step === EXPIRY) return { value, expireAtMs };
  if (step === APPENDING)
    return { value: Buffer.concat([value, TAIL]), expireAtMs: expireAtMs - 1 };
  return round % 2 === 0 ? undefined : { value: Buffer.from(`${round * 999}`), expireAtMs: -1 };
}

export function keyOf(writer, key) {
  return Buffer.from(`${writer} ${key}`);
}

/** Does one write, within a batch. */
export function doWrite(store, writer, key, write) {
  const name = keyOf(writer, key);
  const state = stateAfter(writer, key, write);
  const { length } = name;
  if (state === undefined) return store.remove(0, name, 0, length);
  const { value, expireAtMs } = state;
  if (write % ROUND === EXPIRY) return store.setExpiry(0, name, 0, length, expireAtMs);
  if (write % ROUND !== APPENDING) {
    return store.set(0, name, 0, length, value, 0, value.length, expireAtMs);
  }
  const before = value.length - TAIL.length;
  return store.setRange(0, name, 0, length, before, TAIL, 0, TAIL.length);
}
