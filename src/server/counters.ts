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
export const COUNTERS = 8;
