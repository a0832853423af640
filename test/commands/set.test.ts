import { describe, expect, it } from 'vitest';
import { CommandDriver, NOW_MS } from './driver.ts';

const SYNTAX = '-ERR syntax error\r\n';
const INVALID = "-ERR invalid expire time in 'set' command\r\n";

describe('SET', () => {
  it('replaces value and expiry', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('SET', 'k', 'a', 'EX', '10')).toBe('+OK\r\n');
    expect(run('SET', 'k', 'b')).toBe('+OK\r\n');
    expect(bulk('GET', 'k')).toBe('b');
    expect(run('TTL', 'k')).toBe(':-1\r\n');
  });

  it.each([
    ['EX', '10'],
    ['px', '10000'],
    ['EXAT', String(NOW_MS / 1000 + 10)],
    ['pxat', String(NOW_MS + 10_000)],
  ])('%s gives an expiry', (option, time) => {
    const { run } = new CommandDriver();
    run('SET', 'k', 'v', option, time);
    expect(run('PTTL', 'k')).toBe(':10000\r\n');
  });

  it('KEEPTTL keeps the expiry', () => {
    const { run } = new CommandDriver();
    run('SET', 'k', 'a', 'EX', '10');
    run('SET', 'k', 'b', 'KEEPTTL');
    expect(run('TTL', 'k')).toBe(':10\r\n');
  });

  it('NX sets only a missing key, XX only one that is there', () => {
    const { run, bulk } = new CommandDriver();
    expect(run('SET', 'k', 'a', 'XX')).toBe('$-1\r\n');
    expect(run('SET', 'k', 'a', 'NX')).toBe('+OK\r\n');
    expect(run('SET', 'k', 'b', 'nx')).toBe('$-1\r\n');
    expect(run('SET', 'k', 'c', 'xx')).toBe('+OK\r\n');
    expect(bulk('GET', 'k')).toBe('c');
  });

  it('GET returns the old value, also where NX or XX refuse', () => {
    const { run, bulk } = new CommandDriver();
    expect(bulk('SET', 'k', 'a', 'GET', 'XX')).toBeUndefined();
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
    expect(bulk('SET', 'k', 'a', 'GET')).toBeUndefined();
    expect(bulk('SET', 'k', 'b', 'NX', 'GET')).toBe('a');
    expect(bulk('SET', 'k', 'c', 'GET')).toBe('a');
    expect(bulk('GET', 'k')).toBe('c');
  });

  it('with a time in the past leaves nothing to be found', () => {
    const { run } = new CommandDriver();
    expect(run('SET', 'k', 'v', 'EXAT', '1')).toBe('+OK\r\n');
    expect(run('GET', 'k')).toBe('$-1\r\n');
  });

  it.each([
    [['foo'], SYNTAX],
    [['NX', 'XX'], SYNTAX],
    [['XX', 'NX'], SYNTAX],
    [['EX'], SYNTAX],
    [['EX', '1', 'PX', '1'], SYNTAX],
    [['EX', '1', 'KEEPTTL'], SYNTAX],
    [['KEEPTTL', 'EX', '1'], SYNTAX],
    [['PERSIST'], SYNTAX],
    [['EX', 'x'], '-ERR value is not an integer or out of range\r\n'],
    [['EX', '9223372036854775808'], '-ERR value is not an integer or out of range\r\n'],
    [['EX', '0'], INVALID],
    [['PX', '-1'], INVALID],
    [['EX', '9223372036854775'], INVALID],
    [['EXAT', '9223372036854776'], INVALID],
    [['PX', '9223372036854775807'], INVALID],
  ])('%j is refused', (options, reply) => {
    const { run } = new CommandDriver();
    expect(run('SET', 'k', 'v', ...options)).toBe(reply);
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
  });

  it('takes the last of two times in the same unit', () => {
    const { run } = new CommandDriver();
    run('SET', 'k', 'v', 'EX', '10', 'EX', '20');
    expect(run('TTL', 'k')).toBe(':20\r\n');
  });
});

describe('SETEX and PSETEX', () => {
  it('set a value that expires', () => {
    const { run } = new CommandDriver();
    expect(run('SETEX', 'a', '10', 'v')).toBe('+OK\r\n');
    expect(run('PSETEX', 'b', '1500', 'v')).toBe('+OK\r\n');
    expect([run('TTL', 'a'), run('PTTL', 'b')]).toEqual([':10\r\n', ':1500\r\n']);
  });

  it('refuse times that are not positive, by their own name', () => {
    const { run } = new CommandDriver();
    expect(run('SETEX', 'k', '0', 'v')).toBe("-ERR invalid expire time in 'setex' command\r\n");
    expect(run('PSETEX', 'k', '-1', 'v')).toBe("-ERR invalid expire time in 'psetex' command\r\n");
  });
});

describe('GETEX', () => {
  it('without options is GET', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', 'v', 'EX', '10');
    expect(bulk('GETEX', 'k')).toBe('v');
    expect(run('TTL', 'k')).toBe(':10\r\n');
  });

  it('changes, takes away, or ends the time', () => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', 'v');
    expect(bulk('GETEX', 'k', 'EX', '20')).toBe('v');
    expect(run('TTL', 'k')).toBe(':20\r\n');
    expect(bulk('GETEX', 'k', 'PERSIST')).toBe('v');
    expect(run('TTL', 'k')).toBe(':-1\r\n');
    expect(bulk('GETEX', 'k', 'EXAT', '1')).toBe('v');
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
  });

  it('looks for the key before it reads the time, as Redis does', () => {
    const { run } = new CommandDriver();
    expect(run('GETEX', 'k', 'EX', 'x')).toBe('$-1\r\n');
    expect(run('GETEX', 'k', 'NX')).toBe(SYNTAX);
    run('SET', 'k', 'v');
    expect(run('GETEX', 'k', 'EX', 'x')).toBe('-ERR value is not an integer or out of range\r\n');
    expect(run('GETEX', 'k', 'EX', '0')).toBe("-ERR invalid expire time in 'getex' command\r\n");
  });
});
