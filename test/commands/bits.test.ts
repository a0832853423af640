import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

const BAD_OFFSET = '-ERR bit offset is not an integer or out of range\r\n';
const BAD_BIT = '-ERR bit is not an integer or out of range\r\n';
const SYNTAX = '-ERR syntax error\r\n';

describe('SETBIT and GETBIT', () => {
  it('count from the highest bit of the first byte', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('SETBIT', 'k', '7', '1')).toBe(':0\r\n');
    expect(run('SETBIT', 'k', '8', '1')).toBe(':0\r\n');
    expect(bulk('GET', 'k')).toBe('\x01\x80');
    expect(run('SETBIT', 'k', '7', '0')).toBe(':1\r\n');
    expect(run('GETBIT', 'k', '7')).toBe(':0\r\n');
    expect(run('GETBIT', 'k', '8')).toBe(':1\r\n');
  });

  it('take what lies beyond the value for zeros', () => {
    const { run } = new CommandDriver();
    run('SET', 'k', '\xff');
    expect(run('GETBIT', 'k', '8')).toBe(':0\r\n');
    expect(run('GETBIT', 'missing', '0')).toBe(':0\r\n');
    run('SETBIT', 'k', '100', '0');
    expect(run('STRLEN', 'k')).toBe(':13\r\n');
  });

  it.each([
    ['x', '1', BAD_OFFSET],
    ['-1', '1', BAD_OFFSET],
    ['4294967296', '1', BAD_OFFSET],
    ['0', '2', BAD_BIT],
    ['0', '-1', BAD_BIT],
    ['4294967295', 'x', BAD_BIT],
  ])('bit %s to %s is refused', (offset, bit, reply) => {
    const { run } = new CommandDriver();
    expect(run('SETBIT', 'k', offset, bit)).toBe(reply);
  });
});

describe('BITCOUNT', () => {
  it.each([
    [[], 26],
    [['0', '0'], 4],
    [['1', '1', 'BYTE'], 6],
    [['-2', '-1'], 7],
    [['5', '30', 'bit'], 17],
    [['0', '-1', 'BIT'], 26],
    [['4', '2'], 0],
    [['-1', '-2', 'x'], 0],
  ])('of "foobar" with %j is %i', (range, count) => {
    const { run } = new CommandDriver();
    run('SET', 'k', 'foobar');
    expect(run('BITCOUNT', 'k', ...range)).toBe(`:${count}\r\n`);
  });

  it('counts long values by words', () => {
    const { run } = new CommandDriver();
    run('SET', 'k', '\x0f\xff\x01'.repeat(1000));
    expect(run('BITCOUNT', 'k')).toBe(':13000\r\n');
    expect(run('BITCOUNT', 'k', '1', '-2')).toBe(':12995\r\n');
  });

  it('looks for the key first, then reads the range', () => {
    const { run } = new CommandDriver();
    expect(run('BITCOUNT', 'k', 'x', 'y')).toBe(':0\r\n');
    run('SET', 'k', 'v');
    expect(run('BITCOUNT', 'k', '0')).toBe(SYNTAX);
    expect(run('BITCOUNT', 'k', '0', '1', 'x')).toBe(SYNTAX);
    expect(run('BITCOUNT', 'k', 'x', '0')).toBe('-ERR value is not an integer or out of range\r\n');
  });
});

describe('BITPOS', () => {
  it.each([
    ['\xff\xf0\x00', ['0'], 12],
    ['\x00\xff\xf0', ['1', '0'], 8],
    ['\x00\xff\xf0', ['1', '2'], 16],
    ['\x00\xff\xf0', ['1', '2', '-1', 'BYTE'], 16],
    ['\x00\xff\xf0', ['1', '7', '15', 'BIT'], 8],
    ['\x00\xff\xf0', ['1', '9', '15', 'BIT'], 9],
    ['\x00\x00', ['1'], -1],
    ['\xff\xff', ['0'], 16],
    ['\xff\xff', ['0', '1'], 16],
    ['\xff\xff', ['0', '0', '-1'], -1],
    ['\xff\xff', ['0', '5'], -1],
    ['', ['0'], -1],
  ])('in %j with %j is %i', (value, options, position) => {
    const { run } = new CommandDriver();
    run('SET', 'k', value);
    expect(run('BITPOS', 'k', ...options)).toBe(`:${position}\r\n`);
  });

  it('takes a missing key for zeros without end', () => {
    const { run } = new CommandDriver();
    expect(run('BITPOS', 'k', '0')).toBe(':0\r\n');
    expect(run('BITPOS', 'k', '1')).toBe(':-1\r\n');
  });

  it.each([
    [['2'], '-ERR The bit argument must be 1 or 0.\r\n'],
    [['x'], '-ERR value is not an integer or out of range\r\n'],
    [['1', 'x'], '-ERR value is not an integer or out of range\r\n'],
    [['1', '0', '-1', 'x'], SYNTAX],
    [['1', '0', '-1', 'bit', 'x'], SYNTAX],
  ])('%j is refused', (options, reply) => {
    const { run } = new CommandDriver();
    run('SET', 'k', 'v');
    expect(run('BITPOS', 'k', ...options)).toBe(reply);
  });

  it('agrees with a search through the bits, in values of any length', () => {
    const value = fc
      .tuple(
        fc.constantFrom('\x00', '\xff'),
        fc.nat(700),
        fc.string({ maxLength: 3, unit: 'binary-ascii' }),
      )
      .map(([fill, length, rest]) => fill.repeat(length) + rest);
    fc.assert(
      fc.property(value, fc.nat(40), fc.constantFrom('0', '1'), (text, from, bit) => {
        const { run } = new CommandDriver();
        run('SET', 'k', text);
        const bits = Array.from(text, (c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('');
        expect(run('BITPOS', 'k', bit, String(from), '-1', 'BIT')).toBe(
          `:${bits.indexOf(bit, from)}\r\n`,
        );
      }),
    );
  });
});

describe('BITOP', () => {
  it.each([
    ['AND', '\xf0\x00', '\xff'],
    ['or', '\xff\x0f', '\xff'],
    ['XOR', '\x0f\x0f', '\xff'],
  ])('%s takes shorter values for zeros at their end', (operation, expected) => {
    const { run, bulk } = new CommandDriver();
    run('MSET', 'a', '\xf0\x0f', 'b', '\xff');
    expect(run('BITOP', operation, 'd', 'a', 'b')).toBe(':2\r\n');
    expect(bulk('GET', 'd')).toBe(expected);
  });

  it('NOT turns every bit', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'a', '\xf0\x00');
    expect(run('BITOP', 'NOT', 'd', 'a')).toBe(':2\r\n');
    expect(bulk('GET', 'd')).toBe('\x0f\xff');
  });

  it('may write to one of its sources, and drops the expiry', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'a', 'ab', 'EX', '10');
    run('BITOP', 'OR', 'a', 'a', 'missing');
    expect(bulk('GET', 'a')).toBe('ab');
    expect(run('TTL', 'a')).toBe(':-1\r\n');
  });

  it('of missing keys removes the result', () => {
    const { run } = new CommandDriver();
    run('SET', 'd', 'v');
    expect(run('BITOP', 'AND', 'd', 'x', 'y')).toBe(':0\r\n');
    expect(run('EXISTS', 'd')).toBe(':0\r\n');
  });

  it('refuses unknown operations, and NOT of several', () => {
    const { run } = new CommandDriver();
    expect(run('BITOP', 'NAND', 'd', 'a')).toBe(SYNTAX);
    expect(run('BITOP', 'NOT', 'd', 'a', 'b')).toBe(
      '-ERR BITOP NOT must be called with a single source key.\r\n',
    );
  });
});
