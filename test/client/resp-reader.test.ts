/** Replies as they come: cut anywhere, of every type, and those that are none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Intake } from '../../src/client/intake.ts';
import { ReplyError, RespReader } from '../../src/client/resp-reader.ts';
import type { Value } from '../../src/client/value.ts';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Everything that is read of these pieces, one after the other. */
function read(...pieces: string[]): Value[] {
  const intake = new Intake();
  const reader = new RespReader(intake);
  return pieces.flatMap((piece) => {
    intake.append(bytes(piece));
    const values: Value[] = [];
    for (let value = reader.next(); value !== undefined; value = reader.next()) values.push(value);
    return values;
  });
}

const REPLIES: readonly (readonly [string, Value])[] = [
  ['+OK\r\n', { kind: 'status', bytes: bytes('OK') }],
  ['-ERR no\r\n', { kind: 'error', bytes: bytes('ERR no') }],
  ['!6\r\nERR no\r\n', { kind: 'error', bytes: bytes('ERR no') }],
  [':-42\r\n', { kind: 'integer', text: '-42' }],
  [':9223372036854775807\r\n', { kind: 'integer', text: '9223372036854775807' }],
  ['$5\r\na\r\nb\n\r\n', { kind: 'string', bytes: bytes('a\r\nb\n') }],
  ['$0\r\n\r\n', { kind: 'string', bytes: bytes('') }],
  ['=7\r\ntxt:a\nb\r\n', { kind: 'verbatim', bytes: bytes('a\nb') }],
  ['$-1\r\n', { kind: 'nil' }],
  ['*-1\r\n', { kind: 'nil' }],
  ['_\r\n', { kind: 'nil' }],
  ['#t\r\n', { kind: 'boolean', value: true }],
  ['#f\r\n', { kind: 'boolean', value: false }],
  [',2.5\r\n', { kind: 'double', text: '2.5' }],
  [',-inf\r\n', { kind: 'double', text: '-inf' }],
  [',nan\r\n', { kind: 'double', text: 'nan' }],
  [',1e100\r\n', { kind: 'double', text: '1e100' }],
  [
    '(123456789012345678901234567890\r\n',
    { kind: 'big number', text: '123456789012345678901234567890' },
  ],
  ['*0\r\n', { kind: 'array', items: [] }],
  ['%0\r\n', { kind: 'map', items: [] }],
  [
    '*2\r\n*1\r\n:1\r\n~0\r\n',
    {
      kind: 'array',
      items: [
        { kind: 'array', items: [{ kind: 'integer', text: '1' }] },
        { kind: 'set', items: [] },
      ],
    },
  ],
  [
    '%1\r\n+k\r\n_\r\n',
    { kind: 'map', items: [{ kind: 'status', bytes: bytes('k') }, { kind: 'nil' }] },
  ],
  ['>1\r\n:1\r\n', { kind: 'push', items: [{ kind: 'integer', text: '1' }] }],
  ['|1\r\n+ttl\r\n:9\r\n:1\r\n', { kind: 'integer', text: '1' }],
  [
    '*1\r\n|1\r\n+ttl\r\n*1\r\n:9\r\n:1\r\n',
    { kind: 'array', items: [{ kind: 'integer', text: '1' }] },
  ],
];

test.each(REPLIES)('%j', (reply, value) => {
  expect(read(reply)).toEqual([value]);
});

test.each(REPLIES)('%j byte by byte', (reply, value) => {
  expect(read(...reply)).toEqual([value]);
});

test('many replies, cut anywhere', () => {
  const all = REPLIES.map(([reply]) => reply).join('');
  const values = REPLIES.map(([, value]) => value);
  fc.assert(
    fc.property(fc.array(fc.nat(all.length)), (cuts) => {
      const positions = [0, ...cuts.sort((a, b) => a - b), all.length];
      const pieces = positions.slice(1).map((end, i) => all.slice(positions[i], end));
      expect(read(...pieces)).toEqual(values);
    }),
  );
});

describe('what is no reply', () => {
  test.each([
    ['@x\r\n', 'Protocol error, got "@" as reply type byte'],
    [':1x\r\n', 'Bad integer value'],
    ['#x\r\n', 'Bad bool value'],
    [',x\r\n', 'Bad double value'],
    ['$x\r\n', 'Bulk string length out of range'],
    ['$-2\r\n', 'Bulk string length out of range'],
    ['$99999999999\r\n', 'Bulk string length out of range'],
    ['*x\r\n', 'Multi-bulk length out of range'],
    ['*1\r\n'.repeat(129), 'No support for deeper nesting'],
  ])('%j', (reply, message) => {
    expect(() => read(reply)).toThrow(new ReplyError(message));
  });

  test('any bytes: an error or a value, and an end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
        try {
          read(String.fromCharCode(...noise));
        } catch (error) {
          expect(error).toBeInstanceOf(ReplyError);
        }
      }),
    );
  });
});

test('an announced count costs nothing until its elements come', () => {
  expect(read('*2147483647\r\n')).toEqual([]);
});
