import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

const SYNTAX = '-ERR syntax error\r\n';
const BAD_TYPE =
  '-ERR Invalid bitfield type. Use something like i16 u8. ' +
  'Note that u64 is not supported but i64 is.\r\n';
const BAD_OFFSET = '-ERR bit offset is not an integer or out of range\r\n';

const integers = (...values: (number | string)[]) =>
  `*${values.length}\r\n${values.map((value) => (value === 'nil' ? '$-1\r\n' : `:${value}\r\n`)).join('')}`;

describe('BITFIELD', () => {
  it('runs its operations one after another', () => {
    const { run, bulk } = new CommandDriver();
    expect(
      run('BITFIELD', 'k', 'SET', 'u8', '0', '255', 'get', 'i8', '0', 'INCRBY', 'u4', '4', '2'),
    ).toBe(integers(0, -1, 1));
    expect(bulk('GET', 'k')).toBe('\xf1');
  });

  it('counts offsets in bits, or with # in fields', () => {
    const { run, bulk } = new CommandDriver();
    run('BITFIELD', 'k', 'SET', 'u8', '#1', '65', 'SET', 'u4', '4', '15');
    expect(bulk('GET', 'k')).toBe('\x0fA');
  });

  it('wraps by default, saturates or fails as told', () => {
    const { run } = new CommandDriver();
    expect(run('BITFIELD', 'k', 'INCRBY', 'u8', '0', '257')).toBe(integers(1));
    expect(run('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'INCRBY', 'u8', '0', '1000')).toBe(
      integers(255),
    );
    expect(run('BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'INCRBY', 'u8', '0', '1')).toBe(
      integers('nil'),
    );
    expect(run('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'INCRBY', 'u8', '0', '-1000')).toBe(integers(0));
    expect(run('BITFIELD', 'k', 'INCRBY', 'i8', '0', '200')).toBe(integers(-56));
    expect(run('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'SET', 'u8', '0', '-1', 'GET', 'u8', '0')).toBe(
      integers(200, 255),
    );
  });

  it('is exact in 64 bits', () => {
    const { run } = new CommandDriver();
    const most = '9223372036854775807';
    expect(run('BITFIELD', 'k', 'SET', 'i64', '0', most, 'INCRBY', 'i64', '0', '1')).toBe(
      integers(0, '-9223372036854775808'),
    );
    expect(run('BITFIELD', 'k', 'GET', 'u63', '0')).toBe(integers('4611686018427387904'));
  });

  it('that only reads makes no key; one that fails to write does', () => {
    const { run } = new CommandDriver();
    expect(run('BITFIELD', 'k', 'GET', 'u8', '100')).toBe(integers(0));
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
    expect(run('BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'INCRBY', 'u2', '20', '5')).toBe(
      integers('nil'),
    );
    expect(run('STRLEN', 'k')).toBe(':3\r\n');
  });

  it('without operations answers nothing', () => {
    const { run } = new CommandDriver();
    expect(run('BITFIELD', 'k')).toBe('*0\r\n');
    expect(run('BITFIELD', 'k', 'OVERFLOW', 'SAT')).toBe('*0\r\n');
  });

  it.each([
    [['GET'], SYNTAX],
    [['GET', 'u8'], SYNTAX],
    [['SET', 'u8', '0'], SYNTAX],
    [['foo'], SYNTAX],
    [['OVERFLOW'], SYNTAX],
    [['OVERFLOW', 'x'], '-ERR Invalid OVERFLOW type specified\r\n'],
    [['GET', 'u64', '0'], BAD_TYPE],
    [['GET', 'i65', '0'], BAD_TYPE],
    [['GET', 'u0', '0'], BAD_TYPE],
    [['GET', 'U8', '0'], BAD_TYPE],
    [['GET', '', '0'], BAD_TYPE],
    [['GET', 'u8', '-1'], BAD_OFFSET],
    [['GET', 'u8', '#'], BAD_OFFSET],
    [['GET', 'u8', '4294967296'], BAD_OFFSET],
    [['GET', 'u8', '#99999999999'], BAD_OFFSET],
    [['SET', 'u8', '0', 'x'], '-ERR value is not an integer or out of range\r\n'],
  ])('%j is refused', (options, reply) => {
    const { run } = new CommandDriver();
    expect(run('BITFIELD', 'k', ...options)).toBe(reply);
  });

  it('reads back what it has written, whatever lies around', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 63 }),
        fc.nat(70),
        fc.bigInt(0n, 2n ** 63n - 1n),
        (bits, offset, value) => {
          const { run } = new CommandDriver();
          const field = BigInt.asUintN(bits, value);
          run('SET', 'k', '\xaa'.repeat(20));
          run('BITFIELD', 'k', 'SET', `u${bits}`, String(offset), String(field));
          const read = ['GET', `u${bits}`, String(offset)];
          expect(run('BITFIELD_RO', 'k', ...read)).toBe(integers(String(field)));
          const others = run('BITCOUNT', 'k', '0', String(offset - 1), 'BIT');
          expect(offset === 0 || others === `:${Math.ceil(offset / 2)}\r\n`).toBe(true);
        },
      ),
    );
  });
});

it('BITFIELD_RO only reads', () => {
  const { run } = new CommandDriver();
  run('SET', 'k', '\xc7');
  expect(run('BITFIELD_RO', 'k', 'GET', 'u8', '0', 'GET', 'i5', '3')).toBe(integers(199, 7));
  expect(run('BITFIELD_RO', 'k', 'SET', 'u8', '0', '1')).toBe(
    '-ERR BITFIELD_RO only supports the GET subcommand\r\n',
  );
});
