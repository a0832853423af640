/** Where our replies may differ from Redis', and why. Everything else is compared byte for byte. */
import type { Request } from './peer.ts';

interface Allowed {
  /** The request's first words, as a pattern. */
  readonly requests: RegExp;
  readonly reason: string;
  /** What is left to be compared. */
  readonly keep: (reply: string) => string;
}

/** The expiries that requests give as a time: these are compared to the millisecond. */
const ABSOLUTE = ':41024448';

const ALLOWED: readonly Allowed[] = [
  {
    requests: /^(keys|scan)\b/i,
    reason: 'the order of the keys is the order of the table, which is another one',
    keep: (reply) => reply.split('\r\n').sort().join('\r\n'),
  },
  {
    requests: /^(ttl|pttl|expiretime|pexpiretime)\b/i,
    reason:
      'what expires in so many seconds does so from its own request on, a little later or earlier',
    keep: (reply) => (reply.startsWith(ABSOLUTE) ? reply : reply.replace(/^:[1-9]\d*/, ':later')),
  },
  {
    requests: /^dbsize\b/i,
    reason: 'an expired key that was only read still counts: here a writer or the cycle removes it',
    keep: () => ':',
  },
  {
    requests: /^object refcount\b/i,
    reason: 'Redis keeps the integers up to 9999 once for all keys; here no two keys share a value',
    keep: (reply) => reply.replace(/^:\d+\r\n$/, 'there'),
  },
  {
    requests: /^object (?:idletime|freq)\b/i,
    reason:
      'a second, or a minute, may begin between two requests, for one of the servers and not the other',
    keep: (reply) => reply.replace(/^:[01]\r\n$/, 'just now').replace(/^:[45]\r\n$/, 'new'),
  },
  {
    requests: /^hello\b/i,
    reason: 'connections are numbered by each server for itself',
    keep: (reply) => reply.replace(/id\r\n:\d+/, 'id'),
  },
];

/** The reply without what may differ. */
export function comparable(request: Request, reply: string): string {
  const text = request.join(' ');
  const rule = ALLOWED.find(({ requests }) => requests.test(text));
  return rule === undefined ? reply : rule.keep(reply);
}
