/** The line protocol: what a person types into nc. */
import type { Dialect } from './dialect.ts';

export const line: Dialect = {
  protocol: 'line',
  conversations: [
    ['nothing asked, nothing answered', '', ''],
    ['a value set and got', 'SET a 1\nGET a\n', 'OK\n1\n'],
    ['lines that end as telnet ends them', 'SET a 2\r\nGET a\r\n', 'OK\n2\n'],
    ['a missing key', 'GET missing\n', '(nil)\n'],
    ['quotes, as in inline commands', 'SET b "two words"\nGET b\n', 'OK\ntwo words\n'],
    [
      'an unknown command',
      'NOSUCH\nECHO on\n',
      "ERR unknown command 'NOSUCH', with args beginning with: \non\n",
    ],
    ['too few arguments', 'GET\n', "ERR wrong number of arguments for 'get' command\n"],
    ['QUIT', 'QUIT\n', 'OK\n'],
    ['EXIT', 'EXIT\n', 'OK\n'],
    ['a line cut off by FIN', 'ECHO one\nECHO tw', 'one\n'],
  ],
  endedByServer: [['EXIT, after which nothing is answered', 'EXIT\nECHO more\n', 'OK\n']],
  numbered: (number) => ({ request: `ECHO ${number}\n`, reply: `${number}\n` }),
  large(length) {
    const text = '0123456789abcdef'.repeat(length / 16);
    return { request: `ECHO ${text}\n`, reply: `${text}\n` };
  },
  // A line may have 64 KiB.
  largest: 60_000,
  unfinished: 'ECHO hel',
  write: { request: 'SET left behind\n', reply: 'OK\n' },
  read: { request: 'GET left\n', reply: 'behind\n' },
  farewell: { request: 'EXIT\n', reply: 'OK\n' },
  mistake: {
    request: `${'x'.repeat(70_000)}\n`,
    reply: 'ERR Protocol error: too big inline request\n',
  },
};
