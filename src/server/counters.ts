/**
 * What a thread has counted, as doubles in one array: with several threads each has its own stretch
 * of shared memory, so nobody writes where another does and INFO adds them up.
 */
export const CONNECTIONS_RECEIVED = 0;
export const COMMANDS_PROCESSED = 1;
export const INPUT_BYTES = 2;
export const OUTPUT_BYTES = 3;
export const REJECTED_CONNECTIONS = 4;
export const CLIENT_ERRORS = 5;
export const PROTOCOL_ERRORS = 6;
/** Not a sum but a state: how many clients the thread has now. */
export const CONNECTED_CLIENTS = 7;
/** Times that something was received and answered. */
export const READS = 8;
/** A state, too: bytes of unfinished requests (client-memory.ts). */
export const HELD_BYTES = 9;
/** Clients that were ended for what they held. */
export const EVICTED_CLIENTS = 10;
/** Errors that were answered, in all and by their first words. */
export const ERRORS = 11;
export const ERRORS_BY_CODE = 12;

export const ERROR_CODES = [
  'ERR',
  'WRONGTYPE',
  'NOAUTH',
  'WRONGPASS',
  'NOPROTO',
  'OOM',
  'EXECABORT',
  'BUSYKEY',
  'DENIED',
  'NOPERM',
  'others',
] as const;

export const COUNTERS = ERRORS_BY_CODE + ERROR_CODES.length;

/** The counter of an error that begins with this word. */
export function errorCounter(text: string): number {
  const blank = text.indexOf(' ');
  const code = blank < 0 ? text : text.slice(0, blank);
  const index = (ERROR_CODES as readonly string[]).indexOf(code);
  return ERRORS_BY_CODE + (index < 0 ? ERROR_CODES.length - 1 : index);
}

/** What CONFIG RESETSTAT sets to zero. */
export const RESETTABLE: readonly number[] = Array.from({ length: COUNTERS }, (_, i) => i).filter(
  (counter) => counter !== CONNECTED_CLIENTS && counter !== HELD_BYTES,
);
