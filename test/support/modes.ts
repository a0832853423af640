/** The I/O models that the suites run under: all there are, so a new one is tested from its start. */
import { MODE_NAMES } from '../../src/server/modes.ts';

export const MODES = MODE_NAMES;

/** The modes that serve a second client while the first one stays connected. */
export const CONCURRENT_MODES = MODE_NAMES.filter((mode) => mode !== 'blocking');

/** `--io`, and the pair of calls that strace shows for it. */
export const TRANSFERS = [
  { io: 'recvmsg', receive: 'recvmsg', send: 'sendmsg' },
  { io: 'recv', receive: 'recvfrom', send: 'sendto' },
  { io: 'read', receive: 'read', send: 'write' },
  { io: 'readv', receive: 'readv', send: 'writev' },
  { io: 'recvfrom', receive: 'recvfrom', send: 'sendto' },
  { io: 'recvmmsg', receive: 'recvmmsg', send: 'sendmmsg' },
] as const;
