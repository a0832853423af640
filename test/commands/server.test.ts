import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

it('INFO passes the sections on, and answers text', () => {
  const { run } = new CommandDriver();
  expect(run('INFO', 'Memory', 'CPU')).toBe('$14\r\n# memory,cpu\r\n\r\n');
  run('HELLO', '3');
  expect(run('INFO')).toBe('=8\r\ntxt:# \r\n\r\n');
});

describe('CONFIG GET', () => {
  it('answers what matches, each once, as a map', () => {
    const { run } = new CommandDriver();
    expect(run('CONFIG', 'GET', 'maxmemory*', 'maxmemory')).toBe(
      '*4\r\n$9\r\nmaxmemory\r\n$1\r\n0\r\n$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction\r\n',
    );
    run('HELLO', '3');
    expect(run('CONFIG', 'GET', 'save')).toBe('%1\r\n$4\r\nsave\r\n$0\r\n\r\n');
    expect(run('CONFIG', 'GET', 'nothing')).toBe('%0\r\n');
  });

  it('repeats a plain name as it was asked for', () => {
    const { run } = new CommandDriver();
    expect(run('CONFIG', 'GET', 'MaxMemory')).toBe('*2\r\n$9\r\nMaxMemory\r\n$1\r\n0\r\n');
    expect(run('CONFIG', 'GET', 'SAV?')).toBe('*2\r\n$4\r\nsave\r\n$0\r\n\r\n');
  });
});

describe('CONFIG SET', () => {
  it('sets several parameters', () => {
    const { run, config } = new CommandDriver();
    expect(run('CONFIG', 'SET', 'MAXMEMORY', '100', 'save', 'x')).toBe('+OK\r\n');
    expect([config.get('maxmemory'), config.get('save')]).toEqual(['100', 'x']);
  });

  it('takes values for UTF-8', () => {
    const { run, config } = new CommandDriver();
    run('CONFIG', 'SET', 'save', 'caf\xc3\xa9');
    expect(config.get('save')).toBe('caf\u00e9');
    expect(run('CONFIG', 'GET', 'save')).toBe('*2\r\n$4\r\nsave\r\n$5\r\ncaf\xc3\xa9\r\n');
  });

  it.each([
    [['a', 'b', 'c'], '-ERR syntax error\r\n'],
    [
      ['save', 'x', 'Foo', 'b'],
      "-ERR Unknown option or number of arguments for CONFIG SET - 'Foo'\r\n",
    ],
    [
      ['save', 'x', 'SAVE', 'y'],
      "-ERR CONFIG SET failed (possibly related to argument 'SAVE') - duplicate parameter\r\n",
    ],
    [
      ['save', 'x', 'maxmemory', 'y'],
      "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value\r\n",
    ],
  ])('%j is refused and sets nothing', (words, reply) => {
    const { run, config } = new CommandDriver();
    expect(run('CONFIG', 'SET', ...words)).toBe(reply);
    expect(config.get('save')).toBe('');
  });
});

it('TIME answers seconds and microseconds', () => {
  const driver = new CommandDriver();
  driver.later(123);
  expect(driver.run('TIME')).toBe('*2\r\n$10\r\n1700000000\r\n$6\r\n123000\r\n');
});

it('ROLE is a master without replicas', () => {
  const { run } = new CommandDriver();
  expect(run('ROLE')).toBe('*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n');
});

it('LOLWUT tells the version', () => {
  const { run } = new CommandDriver();
  expect(run('LOLWUT')).toBe('$18\r\nRedis ver. 7.0.15\n\r\n');
  expect(run('LOLWUT', 'VERSION', 'x')).toBe('-ERR value is not an integer or out of range\r\n');
});
