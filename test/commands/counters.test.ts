import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

const NOT_AN_INTEGER = '-ERR value is not an integer or out of range\r\n';
const OVERFLOW = '-ERR increment or decrement would overflow\r\n';

describe('INCR, DECR, INCRBY, DECRBY', () => {
  it('count from 0 and keep the expiry', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('INCR', 'n')).toBe(':1\r\n');
    run('EXPIRE', 'n', '10');
    expect(run('INCRBY', 'n', '10')).toBe(':11\r\n');
    expect(run('DECR', 'n')).toBe(':10\r\n');
    expect(run('DECRBY', 'n', '30')).toBe(':-20\r\n');
    expect(bulk('GET', 'n')).toBe('-20');
    expect(run('TTL', 'n')).toBe(':10\r\n');
  });

  it('DECRBY of 0 keeps 0', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('DECRBY', 'n', '0')).toBe(':0\r\n');
    expect(bulk('GET', 'n')).toBe('0');
  });

  it.each([' 1', '1 ', '+1', '01', '-0', '', '1.0', '9223372036854775808', 'x'])(
    'refuse %j as value and as increment',
    (text) => {
      const { run } = new CommandDriver();
      run('SET', 'n', text);
      expect(run('INCR', 'n')).toBe(NOT_AN_INTEGER);
      expect(run('INCRBY', 'm', text)).toBe(NOT_AN_INTEGER);
      expect(run('DECRBY', 'm', text)).toBe(NOT_AN_INTEGER);
    },
  );

  it('are exact in all 64 bits', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'n', '9007199254740991');
    expect(run('INCR', 'n')).toBe(':9007199254740992\r\n');
    expect(run('INCR', 'n')).toBe(':9007199254740993\r\n');
    expect(run('DECRBY', 'n', '3')).toBe(':9007199254740990\r\n');
    expect(run('INCRBY', 'm', '9223372036854775807')).toBe(':9223372036854775807\r\n');
    expect(run('DECRBY', 'm', '9223372036854775806')).toBe(':1\r\n');
    expect(bulk('GET', 'm')).toBe('1');
  });

  it('refuse to leave them, and change nothing', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'n', '9223372036854775807');
    expect(run('INCR', 'n')).toBe(OVERFLOW);
    expect(bulk('GET', 'n')).toBe('9223372036854775807');
    run('SET', 'n', '-9223372036854775808');
    expect(run('DECR', 'n')).toBe(OVERFLOW);
    expect(run('DECRBY', 'n', '-9223372036854775808')).toBe('-ERR decrement would overflow\r\n');
  });
});

describe('INCRBYFLOAT', () => {
  it.each([
    ['10.5', '0.1', '10.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['0.1', '0.2', '0.3'],
    ['3.0', '0', '3'],
    ['-1', '1', '0'],
    ['0', '1.5e-17', '0.00000000000000002'],
    ['0', '-1e-18', '0'],
    ['0', '123456789012345678901234567890', '123456789012345678899921813504'],
    ['18446744073709551615', '0.5', '18446744073709551616'],
    ['0', '0x1.8p1', '3'],
    ['.5', '5.', '5.5'],
  ])('%s + %s = %s', (value, increment, sum) => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'f', value);
    expect(bulk('INCRBYFLOAT', 'f', increment)).toBe(sum);
    expect(bulk('GET', 'f')).toBe(sum);
  });

  it('begins at 0 and keeps the expiry', () => {
    const { run, bulk } = new CommandDriver();
    expect(bulk('INCRBYFLOAT', 'f', '1.25')).toBe('1.25');
    run('EXPIRE', 'f', '10');
    run('INCRBYFLOAT', 'f', '1');
    expect(run('TTL', 'f')).toBe(':10\r\n');
  });

  it.each(['x', '', ' 1', '1 ', '1e', '.', 'nan', '1e5000', '1e-5000', '0x', '1\0'])(
    'refuses %j',
    (text) => {
      const { run } = new CommandDriver();
      expect(run('INCRBYFLOAT', 'f', text)).toBe('-ERR value is not a valid float\r\n');
      run('SET', 'f', text);
      expect(run('INCRBYFLOAT', 'f', '1')).toBe('-ERR value is not a valid float\r\n');
    },
  );

  it.each([
    ['0', 'inf'],
    ['-Infinity', '1'],
    ['1e4932', '1e4932'],
  ])('refuses %s + %s', (value, increment) => {
    const { run } = new CommandDriver();
    run('SET', 'f', value);
    expect(run('INCRBYFLOAT', 'f', increment)).toBe(
      '-ERR increment would produce NaN or Infinity\r\n',
    );
  });
});
