/** What no caller means: refused with a TypeError or RangeError that names the argument. */
import { describe, expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';
import { NO_FD } from './descriptors.ts';
import { type Kind, type Parameter, SIGNATURES } from './signatures.ts';

const DETACHED = detached(new Uint8Array(8));
const NO_NUMBER = [undefined, null, '1', true, {}, [], 1n, Symbol('1'), () => 1];
const NO_INTEGER = [...NO_NUMBER, Number.NaN, 0.5, Infinity, 2 ** 53];
const NO_VIEW = [
  undefined,
  null,
  8,
  'bytes',
  {},
  new ArrayBuffer(8),
  new DataView(new ArrayBuffer(8)),
];
const NO_OBJECT = [undefined, null, 7, 'x', true];

/** Wrong values by what a parameter takes. */
const WRONG: Readonly<Record<Kind, readonly unknown[]>> = {
  integer: [...NO_INTEGER, 2 ** 32 + NO_FD, -(2 ** 31) - 1],
  count: [...NO_INTEGER, -1],
  bytes: [...NO_VIEW, new Int32Array(8), new Uint8ClampedArray(8), DETACHED],
  memory: [[1], ...NO_VIEW.filter((value) => value !== 8), new Float64Array(1), DETACHED],
  words: [[1, 2], ...NO_VIEW, new Uint8Array(8), new Float32Array(8), DETACHED],
  pair: [[1, 2], ...NO_VIEW, new Uint8Array(8), new Int32Array(1)],
  address: [...NO_OBJECT, () => 1],
  answer: [7, 'x', true],
  object: NO_OBJECT,
  timeout: ['1', {}, Number.NaN, true],
  list: [['x'], [DETACHED], [new Int32Array(1)], new Array(1025).fill(new Uint8Array(1))],
  text: [undefined, null, 7, {}, 'a\0b', 'x'.repeat(5000)],
};

/**
 * What the recvmsg family's forms have in common: the argument that tells them apart is named so.
 */
const FORM_NAMES: Readonly<Record<string, RegExp>> = {
  offset: /^"(offset|pairs)" /,
  pairs: /^"(buffer|offset|pairs)" /,
  iov: /^"(iov|buffer)" /,
  msgvec: /^"(msgvec|message|message\.iov)" /,
};

function detached(view: Uint8Array): Uint8Array {
  structuredClone(view, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

function valid(parameters: readonly Parameter[]): unknown[] {
  return parameters.map(({ value }) => value);
}

const CASES = SIGNATURES.flatMap(({ call, parameters }) =>
  parameters.map((parameter, index) => ({ call, parameters, index, ...parameter })),
);

describe.each(CASES)('$call: "$name"', ({ call, parameters, index, name, kind }) => {
  test(`is no such ${kind}`, () => {
    const misuse = posix[call] as (...given: unknown[]) => number;
    for (const wrong of WRONG[kind]) {
      const given = valid(parameters).with(index, wrong);
      expect(() => misuse(...given)).toThrow(FORM_NAMES[name] ?? new RegExp(`^"${name}[".]`));
    }
  });
});

const RANGED = [
  'read',
  'write',
  'recv',
  'send',
  'recvfrom',
  'sendto',
  'recvmsg',
  'sendmsg',
] as const;

test.each(RANGED)('%s never leaves the view', (call) => {
  const misuse = posix[call] as (...given: unknown[]) => number;
  const view = new Uint8Array(8);
  const rest = call === 'read' || call === 'write' ? [] : [0, null];
  const ranges = [
    [0, 9],
    [8, 1],
    [9, 0],
    [4, 5],
    [1, 2 ** 53 - 1],
    [2 ** 53 - 1, 1],
  ];
  for (const [offset, length] of ranges) {
    const given = [NO_FD, view, offset, length, ...rest];
    expect(() => misuse(...given)).toThrow(/^"buffer" must be a view that holds offset \+ length/);
  }
  for (const [offset, length] of [
    [0, 8],
    [8, 0],
    [4, 4],
  ]) {
    expect(misuse(NO_FD, view, offset, length, ...rest)).toBe(-posix.constants.EBADF);
  }
});

test.each(['readv', 'writev'] as const)('%s never leaves the view', (call) => {
  const view = new Uint8Array(8);
  for (const pairs of [
    [0, 9],
    [9, 0],
    [4, 5],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ]) {
    expect(() => posix[call](NO_FD, view, Uint32Array.from(pairs), 1)).toThrow(/^"pairs" must be/);
  }
  expect(() => posix[call](NO_FD, view, new Uint32Array(3), 2)).toThrow(/^"iovcnt" must be/);
  expect(() => posix[call](NO_FD, view, new Uint32Array(2050), 1025)).toThrow(/^"iovcnt" must be/);
});

test('a descriptor is never another one, wrapped round', () => {
  expect(() => posix.close(2 ** 32)).toThrow(RangeError);
  expect(() => posix.close(-(2 ** 32))).toThrow(RangeError);
  expect(posix.close(-1)).toBe(-posix.constants.EBADF);
});

test('the error tells what is wrong, as Node does', () => {
  const type = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
  const range = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
  expect(() => posix.close('1' as never)).toThrow(expect.objectContaining(type));
  expect(() => posix.close(0.5)).toThrow(expect.objectContaining(range));
});
