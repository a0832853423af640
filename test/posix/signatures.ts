/**
 * The parameters of each call on descriptors, sockets and messages: for tests that misuse them all.
 * A call with several forms has an entry each.
 */
import type { posix } from '../../src/posix/index.ts';
import { NO_FD } from './descriptors.ts';
import { LOOPBACK } from './sockets.ts';

/** What a parameter takes; its wrong values follow from it. */
export type Kind =
  | 'integer'
  | 'count'
  | 'bytes'
  | 'memory'
  | 'words'
  | 'pair'
  | 'address'
  | 'answer'
  | 'object'
  | 'timeout'
  | 'list'
  | 'text';

/** `name` is what the error calls it; `value` is one that does no harm. */
export interface Parameter {
  readonly name: string;
  readonly kind: Kind;
  readonly value: unknown;
}

export interface Signature {
  readonly call: keyof typeof posix;
  readonly parameters: readonly Parameter[];
}

const BYTES = 8;

const is =
  (kind: Kind, value: () => unknown) =>
  (name: string): Parameter => ({
    name,
    kind,
    value: value(),
  });
const integer = is('integer', () => 0);
const count = is('count', () => 1);
const bytes = is('bytes', () => new Uint8Array(BYTES));
const memory = is('memory', () => new Int32Array(1));
const words = is('words', () => new Uint32Array(3));
const pair = is('pair', () => new Int32Array(2));
const address = is('address', () => LOOPBACK);
const answer = is('answer', () => null);
const object = is('object', () => ({ iov: [] }));
const list = is('list', () => [new Uint8Array(1)]);
const timeout = is('timeout', () => null);
const text = is('text', () => '');

function fd(name: string): Parameter {
  return { name, kind: 'integer', value: NO_FD };
}

const sockfd = fd('sockfd');
const range = [bytes('buffer'), count('offset'), count('length')];
const flags = integer('flags');
const pairs = [bytes('iov'), words('pairs'), count('iovcnt')];
const NEVER = { seconds: 0, nanoseconds: 0 };
const timer: Parameter = {
  name: 'new_value',
  kind: 'object',
  value: { interval: NEVER, value: NEVER },
};
const triples = [bytes('buffer'), words('msgvec'), count('vlen')];

function signature(call: Signature['call'], ...parameters: Parameter[]): Signature {
  return { call, parameters };
}

export const SIGNATURES: readonly Signature[] = [
  signature('read', fd('fd'), ...range),
  signature('write', fd('fd'), ...range),
  signature('readv', fd('fd'), list('iov')),
  signature('readv', fd('fd'), ...pairs),
  signature('writev', fd('fd'), list('iov')),
  signature('writev', fd('fd'), ...pairs),
  signature('close', fd('fd')),
  signature('fcntl', fd('fd'), integer('cmd')),
  signature('dup', fd('oldfd')),
  signature('dup2', fd('oldfd'), fd('newfd')),
  signature('dup3', fd('oldfd'), fd('newfd'), flags),
  signature('pipe2', pair('pipefd'), flags),
  signature('eventfd', count('initval'), flags),
  signature('open', text('pathname'), flags),
  signature('unlink', text('pathname')),
  signature('timerfd_create', integer('clockid'), flags),
  signature('timerfd_settime', fd('fd'), flags, timer, answer('old_value')),
  signature('timerfd_gettime', fd('fd'), object('curr_value')),
  signature('socket', integer('domain'), integer('type'), integer('protocol')),
  signature('bind', sockfd, address('address')),
  signature('listen', sockfd, integer('backlog')),
  signature('connect', sockfd, address('address')),
  signature('accept', sockfd, answer('address')),
  signature('accept4', sockfd, answer('address'), flags),
  signature('shutdown', sockfd, integer('how')),
  signature('getsockname', sockfd, object('address')),
  signature('getpeername', sockfd, object('address')),
  signature('getsockopt', sockfd, integer('level'), integer('optname'), memory('optval')),
  signature('setsockopt', sockfd, integer('level'), integer('optname'), memory('optval')),
  signature('socketpair', integer('domain'), integer('type'), integer('protocol'), pair('sv')),
  signature('recv', sockfd, ...range, flags),
  signature('send', sockfd, ...range, flags),
  signature('recvfrom', sockfd, ...range, flags, answer('address')),
  signature('sendto', sockfd, ...range, flags, answer('address')),
  signature('recvmsg', sockfd, ...range, flags),
  signature('recvmsg', sockfd, ...pairs, flags),
  signature('recvmsg', sockfd, object('message'), flags),
  signature('sendmsg', sockfd, ...range, flags),
  signature('sendmsg', sockfd, ...pairs, flags),
  signature('sendmsg', sockfd, object('message'), flags),
  signature('recvmmsg', sockfd, ...triples, flags, timeout('timeoutMs')),
  signature('recvmmsg', sockfd, list('msgvec'), flags),
  signature('sendmmsg', sockfd, ...triples, flags),
  signature('sendmmsg', sockfd, list('msgvec'), flags),
];
