import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

function texts(): CommandDriver {
  const driver = new CommandDriver();
  driver.run('MSET', 'a', 'ohmytext', 'b', 'mynewtext');
  return driver;
}

describe('LCS', () => {
  it('returns the subsequence, its length, or where it lies', () => {
    const { run } = texts();
    expect(run('LCS', 'a', 'b')).toBe('$6\r\nmytext\r\n');
    expect(run('LCS', 'a', 'b', 'LEN')).toBe(':6\r\n');
    expect(run('LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', '4', 'WITHMATCHLEN')).toBe(
      '*4\r\n$7\r\nmatches\r\n*1\r\n*3\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n:4\r\n$3\r\nlen\r\n:6\r\n',
    );
  });

  it('lists matches from the last to the first', () => {
    const { run } = texts();
    expect(run('LCS', 'a', 'b', 'IDX')).toBe(
      '*4\r\n$7\r\nmatches\r\n*2\r\n' +
        '*2\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n*2\r\n*2\r\n:2\r\n:3\r\n*2\r\n:0\r\n:1\r\n' +
        '$3\r\nlen\r\n:6\r\n',
    );
  });

  it('takes a missing key for an empty string', () => {
    const { run } = texts();
    expect(run('LCS', 'a', 'x')).toBe('$0\r\n\r\n');
    expect(run('LCS', 'x', 'b', 'IDX')).toBe('*4\r\n$7\r\nmatches\r\n*0\r\n$3\r\nlen\r\n:0\r\n');
  });

  it.each([
    [['foo'], '-ERR syntax error\r\n'],
    [['MINMATCHLEN'], '-ERR syntax error\r\n'],
    [['MINMATCHLEN', 'x'], '-ERR value is not an integer or out of range\r\n'],
    [['IDX', 'LEN'], '-ERR If you want both the length and indexes, please just use IDX.\r\n'],
  ])('%j is refused', (options, reply) => {
    const { run } = texts();
    expect(run('LCS', 'a', 'b', ...options)).toBe(reply);
  });

  it('refuses a table larger than the longest value', () => {
    const { run, config } = texts();
    config.values.set('proto-max-bulk-len', '300');
    expect(run('LCS', 'a', 'b')).toBe(
      '-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n',
    );
  });
});
