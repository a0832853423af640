/** The I/O models that the suites run under: all there are, so a new one is tested from its start. */
import { posix } from '../../src/posix/native.ts';
import { MODE_NAMES, modeOf } from '../../src/server/modes.ts';

const JUDGED = MODE_NAMES.map((mode) => ({ mode, refusal: modeOf(mode).refusal?.(posix) ?? '' }));

/** Those that this machine can run. */
export const MODES = JUDGED.filter(({ refusal }) => refusal === '').map(({ mode }) => mode);

/** Those that it can't, with what the server says about it. */
export const REFUSED_MODES = JUDGED.filter(({ refusal }) => refusal !== '');

/** The modes that serve a second client while the first one stays connected. */
export const CONCURRENT_MODES = MODES.filter((mode) => mode !== 'blocking');

/** `--io`, and the pair of calls that strace shows for it. */
export const TRANSFERS = [
  { io: 'recvmsg', receive: 'recvmsg', send: 'sendmsg' },
  { io: 'recv', receive: 'recvfrom', send: 'sendto' },
  { io: 'read', receive: 'read', send: 'write' },
  { io: 'readv', receive: 'readv', send: 'writev' },
  { io: 'recvfrom', receive: 'recvfrom', send: 'sendto' },
  { io: 'recvmmsg', receive: 'recvmmsg', send: 'sendmmsg' },
] as const;
