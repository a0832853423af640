/** An error of misuse says what was given, too. */
import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { NO_FD } from './descriptors.ts';

const AN_INTEGER = '"fd" must be an integer';
const IN_RANGE = '"fd" must be an integer within its range';

test.each([
  [undefined, `${AN_INTEGER}, not undefined`],
  [null, `${AN_INTEGER}, not null`],
  [true, `${AN_INTEGER}, not true`],
  ['7', `${AN_INTEGER}, not a string`],
  [7n, `${AN_INTEGER}, not a bigint`],
  [Symbol('7'), `${AN_INTEGER}, not a symbol`],
  [[7], `${AN_INTEGER}, not an array`],
  [{}, `${AN_INTEGER}, not an object`],
  [() => 7, `${AN_INTEGER}, not a function`],
  [Number.NaN, `${IN_RANGE}, not NaN`],
  [1.5, `${IN_RANGE}, not 1.5`],
  [-(2 ** 40), `${IN_RANGE}, not -1099511627776`],
])('a descriptor that is %s', (fd, message) => {
  expect(() => posix.close(fd as never)).toThrow(message);
});

test('an argument that is missing', () => {
  expect(() => (posix.close as () => number)()).toThrow(`${AN_INTEGER}, not undefined`);
});

test.each([
  [
    () => posix.read(NO_FD, undefined as never, 0, 1),
    '"buffer" must be a Uint8Array, not undefined',
  ],
  [
    () => posix.read(NO_FD, new Int32Array(1) as never, 0, 1),
    '"buffer" must be a Uint8Array, not a view of another kind',
  ],
  [() => posix.unlink(true as never), '"pathname" must be a string, not true'],
  [() => posix.bind(NO_FD, 'here' as never), '"address" must be an object, not a string'],
  [
    () => posix.bind(NO_FD, { family: posix.constants.AF_INET, address: '127.0.0.1', port: 1.5 }),
    '"address.port" must be an integer within its range, not 1.5',
  ],
  [
    () => posix.sendmsg(NO_FD, { iov: true as never }, 0),
    '"message.iov" must be an array, not true',
  ],
])('%s', (misuse, message) => {
  expect(misuse).toThrow(message);
});
