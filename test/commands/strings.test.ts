import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

describe('GET', () => {
  it('returns the value, binary-safe', () => {
    const { run } = new CommandDriver();
    run('SET', 'k\0', '\0\xff\r\n');
    expect(run('GET', 'k\0')).toBe('$4\r\n\0\xff\r\n\r\n');
  });

  it('returns nil for a missing key, in the version spoken', () => {
    const { run } = new CommandDriver();
    expect(run('GET', 'k')).toBe('$-1\r\n');
    run('HELLO', '3');
    expect(run('GET', 'k')).toBe('_\r\n');
  });
});

it('GETDEL returns the value and removes it', () => {
  const { run, bulk } = new CommandDriver();
  run('SET', 'k', 'v');
  expect(bulk('GETDEL', 'k')).toBe('v');
  expect(bulk('GETDEL', 'k')).toBeUndefined();
});

it('GETSET returns the old value and drops the expiry', () => {
  const { run, bulk } = new CommandDriver();
  expect(bulk('GETSET', 'k', 'a')).toBeUndefined();
  run('EXPIRE', 'k', '10');
  expect(bulk('GETSET', 'k', 'b')).toBe('a');
  expect(run('TTL', 'k')).toBe(':-1\r\n');
});

it('SETNX sets only a missing key', () => {
  const { run, bulk } = new CommandDriver();
  expect(run('SETNX', 'k', 'a')).toBe(':1\r\n');
  expect(run('SETNX', 'k', 'b')).toBe(':0\r\n');
  expect(bulk('GET', 'k')).toBe('a');
});

it('STRLEN counts bytes', () => {
  const { run } = new CommandDriver();
  run('SET', 'k', 'abc');
  expect(run('STRLEN', 'k')).toBe(':3\r\n');
  expect(run('STRLEN', 'missing')).toBe(':0\r\n');
});

describe('APPEND', () => {
  it('makes the value or lengthens it, and keeps its expiry', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('APPEND', 'k', 'ab')).toBe(':2\r\n');
    run('EXPIRE', 'k', '10');
    expect(run('APPEND', 'k', 'cde')).toBe(':5\r\n');
    expect(bulk('GET', 'k')).toBe('abcde');
    expect(run('TTL', 'k')).toBe(':10\r\n');
  });

  it('of nothing makes an empty value', () => {
    const { run } = new CommandDriver();
    expect(run('APPEND', 'k', '')).toBe(':0\r\n');
    expect(run('EXISTS', 'k')).toBe(':1\r\n');
  });

  it('copies long values whole', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', 'a'.repeat(100));
    expect(run('APPEND', 'k', 'b'.repeat(200))).toBe(':300\r\n');
    expect(bulk('GET', 'k')).toBe('a'.repeat(100) + 'b'.repeat(200));
  });

  it('stops at the longest value allowed', () => {
    const { run, config } = new CommandDriver();
    config.values.set('proto-max-bulk-len', String(1024 * 1024));
    run('SETRANGE', 'k', String(1024 * 1024 - 2), 'x');
    expect(run('APPEND', 'k', 'y')).toBe(`:${1024 * 1024}\r\n`);
    expect(run('APPEND', 'k', 'z')).toBe(
      '-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n',
    );
  });
});

it('MGET returns values in order, nil for what is missing', () => {
  const { run } = new CommandDriver();
  run('MSET', 'a', '1', 'b', '2');
  expect(run('MGET', 'b', 'x', 'a')).toBe('*3\r\n$1\r\n2\r\n$-1\r\n$1\r\n1\r\n');
});

describe('MSET and MSETNX', () => {
  it('MSET sets all, a later value of the same key last', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('MSET', 'a', '1', 'a', '2')).toBe('+OK\r\n');
    expect(bulk('GET', 'a')).toBe('2');
  });

  it('MSETNX sets all or none', () => {
    const { run } = new CommandDriver();
    expect(run('MSETNX', 'a', '1', 'b', '2')).toBe(':1\r\n');
    expect(run('MSETNX', 'c', '3', 'b', '4')).toBe(':0\r\n');
    expect(run('EXISTS', 'c')).toBe(':0\r\n');
  });

  it.each(['mset', 'msetnx'])('%s refuses a key without a value', (name) => {
    const { run } = new CommandDriver();
    expect(run(name, 'a', '1', 'b')).toBe(
      `-ERR wrong number of arguments for '${name}' command\r\n`,
    );
  });
});
