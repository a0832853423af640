/** Passwords are found in what clients say, however the network cuts it. */
import { describe, expect, test } from 'vitest';
import { RequestSecrets } from '../../src/observe/secrets/requests.ts';
import { findSettings } from '../../src/observe/secrets/settings.ts';
import { bytesOf, textOf } from '../protocol/feed.ts';

/** The pieces of a conversation with stars where something is secret. */
function masked(...pieces: string[]): string {
  const secrets = new RequestSecrets();
  const shown = pieces.map((piece) => {
    const bytes = bytesOf(piece);
    const copy = bytes.slice();
    secrets.scan(bytes, 0, bytes.length, (from, to) => copy.fill(0x2a, from, to));
    return textOf(copy, 0, copy.length);
  });
  return shown.join('');
}

const resp = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

const PING = '*1\r\n$4\r\nPING\r\n';
const SET = resp('SET', 'k', 'AUTH secret');

const CASES: [what: string, said: string, shown: string][] = [
  ['AUTH', resp('AUTH', 'secret'), resp('AUTH', '******')],
  ['in small letters', resp('auth', 'default', 'a b\r\n'), resp('auth', '*******', '*****')],
  ['without a password', resp('AUTH', ''), resp('AUTH', '')],
  ['HELLO', resp('HELLO', '3', 'AUTH', 'u', 'pw'), resp('HELLO', '3', 'AUTH', '*', '**')],
  ['HELLO without AUTH', resp('HELLO', '3', 'SETNAME', 'x'), resp('HELLO', '3', 'SETNAME', 'x')],
  [
    'CONFIG SET',
    resp('CONFIG', 'SET', 'maxmemory', '1', 'RequirePass', 'pw'),
    resp('CONFIG', 'SET', 'maxmemory', '1', 'RequirePass', '**'),
  ],
  ['a value that looks so', SET, SET],
  ['behind others', PING + SET + resp('AUTH', 'x') + PING, PING + SET + resp('AUTH', '*') + PING],
  [
    'after skipped counts',
    `*0\r\n\r\n*-1\r\n${resp('AUTH', 'x')}`,
    `*0\r\n\r\n*-1\r\n${resp('AUTH', '*')}`,
  ],
  ['a line', 'AUTH secret\r\nPING\r\n', 'AUTH ******\r\nPING\r\n'],
  [
    'a line in quotes',
    '"auth" "se cret"\nGET a\n',
    '"auth" ********\nGET a\n'.replace('********', '*********'),
  ],
  ['a line of many words', 'hello 3  AUTH u p\nGET a\n', 'hello 3  AUTH ***\nGET a\n'],
  ['CONFIG SET in a line', 'config set requirepass x\n', 'config set requirepass *\n'],
  ['a line behind RESP', `${PING}AUTH x\n${PING}`, `${PING}AUTH *\n${PING}`],
  [
    'HTTP',
    'GET /keys/a HTTP/1.1\r\nHost: h\r\nAUTHORIZATION:Basic eA==\r\nX: y\r\n\r\n',
    'GET /keys/a HTTP/1.1\r\nHost: h\r\nAUTHORIZATION:**********\r\nX: y\r\n\r\n',
  ],
  [
    'HTTP behind a body that looks like RESP',
    'PUT /keys/a HTTP/1.1\r\nContent-Length: 9\r\n\r\n*9\r\n$99\r\nGET / HTTP/1.1\r\nAuthorization: Basic x\r\n\r\n',
    'PUT /keys/a HTTP/1.1\r\nContent-Length: 9\r\n\r\n*9\r\n$99\r\nGET / HTTP/1.1\r\nAuthorization:********\r\n\r\n',
  ],
];

describe.each(CASES)('%s', (_what, said, shown) => {
  test('at once', () => expect(masked(said)).toBe(shown));

  test('byte by byte', () => expect(masked(...said)).toBe(shown));

  test('in two pieces, cut anywhere', () => {
    for (let at = 1; at < said.length; at++) {
      expect(masked(said.slice(0, at), said.slice(at))).toBe(shown);
    }
  });

  test('twice', () => expect(masked(said + said)).toBe(shown + shown));
});

test('a log that begins within a request is read from its next argument on', () => {
  expect(masked('$4\r\nAUTH\r\n$6\r\nsecret\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n')).toBe(
    '$4\r\nAUTH\r\n$6\r\n******\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n',
  );
});

describe('where a log has cut bytes off', () => {
  function readOn(before: string, missing: number, after: string): string {
    const secrets = new RequestSecrets();
    const bytes = bytesOf(after);
    const copy = bytes.slice();
    secrets.scan(bytesOf(before), 0, before.length, () => {});
    secrets.miss(missing);
    secrets.scan(bytes, 0, bytes.length, (from, to) => copy.fill(0x2a, from, to));
    return textOf(copy, 0, copy.length);
  }

  test('the rest of a password stays hidden', () => {
    const before = '*2\r\n$4\r\nAUTH\r\n$9\r\nse';
    expect(readOn(before, 3, `cret\r\n${PING}`)).toBe(`****\r\n${PING}`);
  });

  test('of a value the end is known by its length', () => {
    const before = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000\r\nxx';
    expect(readOn(before, 1000, resp('AUTH', 'secret'))).toBe(resp('AUTH', '******'));
  });

  test('further requests are found behind the next line end', () => {
    const before = `${PING}*2\r\n$3`;
    expect(readOn(before, 500, `lue\r\n${resp('AUTH', 'x')}`)).toBe(`lue\r\n${resp('AUTH', '*')}`);
    expect(readOn(before, 500, resp('AUTH', 'x'))).toBe(resp('AUTH', '*'));
  });
});

describe('passwords that are said aloud', () => {
  const found = (said: string) => {
    const bytes = bytesOf(said);
    const copy = bytes.slice();
    findSettings(bytes, 0, bytes.length, (from, to) => copy.fill(0x2a, from, to));
    return textOf(copy, 0, copy.length);
  };

  test.each([
    [resp('requirepass', 'a\r\nb'), resp('requirepass', '****')],
    [`%1${resp('masterauth', 'ab').slice(2)}`, `%1${resp('masterauth', '**').slice(2)}`],
    ['requirepass\nsecret\nsave\n', 'requirepass\n******\nsave\n'],
    ['{"requirepass":"a\\"b","port":1}', '{"requirepass":"****","port":1}'],
    [resp('requirepass', ''), resp('requirepass', '')],
    ['$11\r\nrequirepass\r\n$9\r\nsec', '$11\r\nrequirepass\r\n$9\r\n***'],
    ['no requirepass here', 'no requirepass here'],
    ['requirepass', 'requirepass'],
  ])('%j', (said, shown) => expect(found(said)).toBe(shown));
});
