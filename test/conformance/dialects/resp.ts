/** RESP, as Redis' clients speak it. */
import type { Conversation, Dialect } from './dialect.ts';

const CONVERSATIONS: Conversation[] = [
  ['nothing asked, nothing answered', '', ''],
  ['a request', '*1\r\n$4\r\nPING\r\n', '+PONG\r\n'],
  ['an inline request', 'PING\r\n', '+PONG\r\n'],
  ['an inline request that ends as nc ends it', 'PING\n', '+PONG\r\n'],
  ['empty lines and empty requests', '\r\n\r\n*0\r\n*-1\r\nPING\r\n', '+PONG\r\n'],
  ['commands in any case', 'pInG\r\n', '+PONG\r\n'],
  ['a value set and got', 'SET a 1\r\nGET a\r\n', '+OK\r\n$1\r\n1\r\n'],
  ['a missing key, in RESP2', 'GET missing\r\n', '$-1\r\n'],
  [
    'bytes that are no text',
    '*3\r\n$3\r\nSET\r\n$4\r\n\0\xff\r\n\r\n$5\r\n\r\n\0\xff\xfe\r\n*2\r\n$3\r\nGET\r\n$4\r\n\0\xff\r\n\r\n',
    '+OK\r\n$5\r\n\r\n\0\xff\xfe\r\n',
  ],
  ['an empty value', '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', '$0\r\n\r\n'],
  ['an unknown command', 'NOSUCH a\r\nPING\r\n', `${unknown('NOSUCH', "'a' ")}+PONG\r\n`],
  [
    'too few arguments',
    'GET\r\nPING\r\n',
    "-ERR wrong number of arguments for 'get' command\r\n+PONG\r\n",
  ],
  ['QUIT', 'QUIT\r\n', '+OK\r\n'],
  ['a request cut off by FIN', 'PING\r\n*2\r\n$4\r\nECHO\r\n$5\r\nhel', '+PONG\r\n'],
];

const ENDED_BY_SERVER: Conversation[] = [
  [
    'a protocol error, which ends it',
    '*1\r\n:4\r\nPING\r\n',
    protocolError("expected '$', got ':'"),
  ],
  ['a length that is none', '*1\r\n$-1\r\n', protocolError('invalid bulk length')],
  ['a count that is none', '*x\r\nPING\r\n', protocolError('invalid multibulk length')],
  ['unbalanced quotes', 'SET a "b\r\n', protocolError('unbalanced quotes in request')],
  [
    'what comes before a protocol error',
    'PING\r\n*x\r\n',
    `+PONG\r\n${protocolError('invalid multibulk length')}`,
  ],
  ['QUIT, after which nothing is answered', 'QUIT\r\nPING\r\n', '+OK\r\n'],
  ['EXIT', 'EXIT\r\nPING\r\n', '+OK\r\n'],
];

function unknown(name: string, rest: string): string {
  return `-ERR unknown command '${name}', with args beginning with: ${rest}\r\n`;
}

function protocolError(what: string): string {
  return `-ERR Protocol error: ${what}\r\n`;
}

export const resp: Dialect = {
  protocol: 'resp',
  conversations: CONVERSATIONS,
  endedByServer: ENDED_BY_SERVER,
  numbered: (number) => echoed(String(number)),
  large: (length) => echoed('0123456789abcdef!'.repeat(length / 17)),
  largest: 1024 ** 2,
  unfinished: '*3\r\n$3\r\nSET\r\n$4\r\nleft\r\n$100\r\nhalf',
  write: { request: 'SET left behind\r\n', reply: '+OK\r\n' },
  read: { request: 'GET left\r\n', reply: '$6\r\nbehind\r\n' },
  farewell: { request: 'QUIT\r\n', reply: '+OK\r\n' },
  mistake: { request: '*1\r\n$x\r\n', reply: protocolError('invalid bulk length') },
};

function echoed(text: string) {
  const bulk = `$${text.length}\r\n${text}\r\n`;
  return { request: `*2\r\n$4\r\nECHO\r\n${bulk}`, reply: bulk };
}
