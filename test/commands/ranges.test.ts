import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

describe('GETRANGE and SUBSTR', () => {
  it.each([
    ['0', '3', 'This'],
    ['-3', '-1', 'ing'],
    ['0', '-1', 'This is a string'],
    ['10', '100', 'string'],
    ['5', '2', ''],
    ['-1', '-3', ''],
    ['100', '200', ''],
    ['-100', '-90', 'T'],
    ['-9223372036854775808', '9223372036854775807', 'This is a string'],
  ])('from %s to %s: %j', (start, end, expected) => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', 'This is a string');
    expect(bulk('GETRANGE', 'k', start, end)).toBe(expected);
    expect(bulk('SUBSTR', 'k', start, end)).toBe(expected);
  });

  it('find nothing in a missing key', () => {
    const { bulk } = new CommandDriver();
    expect(bulk('GETRANGE', 'k', '0', '-1')).toBe('');
  });

  it('read their numbers first', () => {
    const { run } = new CommandDriver();
    const error = '-ERR value is not an integer or out of range\r\n';
    expect(run('GETRANGE', 'k', 'x', '1')).toBe(error);
    expect(run('GETRANGE', 'k', '1', 'x')).toBe(error);
  });
});

describe('SETRANGE', () => {
  it('overwrites, lengthens, and fills with zeros', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('SETRANGE', 'k', '3', 'abc')).toBe(':6\r\n');
    expect(bulk('GET', 'k')).toBe('\0\0\0abc');
    expect(run('SETRANGE', 'k', '1', 'zz')).toBe(':6\r\n');
    expect(bulk('GET', 'k')).toBe('\0zzabc');
  });

  it('with nothing changes nothing', () => {
    const { run } = new CommandDriver();
    expect(run('SETRANGE', 'k', '536870912', '')).toBe(':0\r\n');
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
    run('SET', 'k', 'abc');
    expect(run('SETRANGE', 'k', '9', '')).toBe(':3\r\n');
  });

  it.each([
    ['-1', '-ERR offset is out of range\r\n'],
    ['x', '-ERR value is not an integer or out of range\r\n'],
    ['536870912', '-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n'],
    ['9223372036854775807', '-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n'],
  ])('at %s is refused', (offset, reply) => {
    const { run } = new CommandDriver();
    expect(run('SETRANGE', 'k', offset, 'a')).toBe(reply);
  });
});
