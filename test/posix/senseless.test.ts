/** Every function is called with what it cannot mean: it says so, and nothing breaks. */
import { expect, test } from 'vitest';
import { posix } from '../../src/posix/index.ts';

type AnyFunction = (...values: unknown[]) => unknown;

const FUNCTIONS = Object.entries(posix).filter(
  (entry): entry is [string, AnyFunction] => typeof entry[1] === 'function',
);

/** The most arguments that a function of the addon takes, and one more. */
const MANY = 9;

function detachedView(): Uint8Array {
  const view = new Uint8Array(64);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

const EXPLODING = new Proxy([1, 2, 3], {
  get: () => {
    throw new TypeError('"property" must be left alone');
  },
});

const SENSELESS: readonly unknown[] = [
  undefined,
  null,
  true,
  '',
  Symbol('x'),
  1n,
  {},
  [],
  () => 1,
  Number.NaN,
  0.5,
  Number.POSITIVE_INFINITY,
  1e300,
  detachedView(),
  new DataView(new ArrayBuffer(64)),
  EXPLODING,
];

/** A number, a text, or a TypeError or RangeError that quotes the argument's name. */
function judge(call: AnyFunction, values: unknown[]): void {
  try {
    expect(typeof call(...values)).toMatch(/^(number|string)$/);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    expect(error.message).toMatch(/^"[\w.[\]]+" must /);
  }
}

test.each(FUNCTIONS)('%s', (_name, call) => {
  judge(call, []);
  for (const value of SENSELESS) judge(call, Array(MANY).fill(value));
});
