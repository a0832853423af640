/** The echo protocol: the same bytes out of the other end. */
import type { Dialect } from './dialect.ts';

const EVERY_BYTE = String.fromCharCode(...Array(256).keys());

export const echo: Dialect = {
  protocol: 'echo',
  conversations: [
    ['nothing', '', ''],
    ['a word', 'hello', 'hello'],
    ['what is a command elsewhere', 'QUIT\r\n', 'QUIT\r\n'],
    ['every byte', EVERY_BYTE, EVERY_BYTE],
  ],
  endedByServer: [],
  numbered: (number) => same(`${number}\n`),
  large: (length) => same('0123456789abcdef\n'.repeat(length / 17)),
  largest: 1024 ** 2,
  unfinished: 'hel',
};

function same(bytes: string) {
  return { request: bytes, reply: bytes };
}
