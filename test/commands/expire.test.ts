import { describe, expect, it } from 'vitest';
import { CommandDriver, NOW_MS } from './driver.ts';

function oneKey(): CommandDriver {
  const driver = new CommandDriver();
  driver.run('SET', 'k', 'v');
  return driver;
}

const AT_S = String(NOW_MS / 1000 + 100);
const AT_MS = String(NOW_MS + 100_000);

describe('EXPIRE and its kin', () => {
  it.each([
    ['EXPIRE', '100'],
    ['PEXPIRE', '100000'],
    ['EXPIREAT', AT_S],
    ['PEXPIREAT', AT_MS],
  ])('%s %s', (name, time) => {
    const { run } = oneKey();
    expect(run(name, 'k', time)).toBe(':1\r\n');
    expect(run('TTL', 'k')).toBe(':100\r\n');
    expect(run('PTTL', 'k')).toBe(':100000\r\n');
    expect(run('EXPIRETIME', 'k')).toBe(`:${AT_S}\r\n`);
    expect(run('PEXPIRETIME', 'k')).toBe(`:${AT_MS}\r\n`);
    expect(run(name, 'missing', time)).toBe(':0\r\n');
  });

  it('the key is gone when its time has come', () => {
    const driver = oneKey();
    driver.run('PEXPIRE', 'k', '100');
    driver.later(99);
    expect(driver.run('EXISTS', 'k')).toBe(':1\r\n');
    driver.later(1);
    expect(driver.run('EXISTS', 'k')).toBe(':0\r\n');
  });

  it.each([
    ['EXPIRE', '0'],
    ['EXPIRE', '-1'],
    ['PEXPIREAT', '-9223372036854775808'],
    ['EXPIREAT', '1'],
  ])('%s %s removes the key at once', (name, time) => {
    const { run } = oneKey();
    expect(run(name, 'k', time)).toBe(':1\r\n');
    expect(run('EXISTS', 'k')).toBe(':0\r\n');
  });

  it.each([
    ['NX', '200', 0],
    ['XX', '200', 1],
    ['GT', '200', 1],
    ['GT', '100', 0],
    ['LT', '50', 1],
    ['LT', '100', 0],
  ])('with a time of 100 s: %s %s gives %i', (condition, time, reply) => {
    const { run } = oneKey();
    run('EXPIRE', 'k', '100');
    expect(run('EXPIRE', 'k', time, condition)).toBe(`:${reply}\r\n`);
  });

  it.each([
    ['NX', 1],
    ['XX', 0],
    ['gt', 0],
    ['lt', 1],
  ])('without a time: %s gives %i', (condition, reply) => {
    const { run } = oneKey();
    expect(run('EXPIRE', 'k', '100', condition)).toBe(`:${reply}\r\n`);
  });

  it.each([
    [['x'], '-ERR value is not an integer or out of range\r\n'],
    [['x', 'foo'], '-ERR Unsupported option foo\r\n'],
    [['1', 'foo\0bar'], '-ERR Unsupported option foo\r\n'],
    [['1', 'NX', 'XX'], '-ERR NX and XX, GT or LT options at the same time are not compatible\r\n'],
    [['1', 'GT', 'LT'], '-ERR GT and LT options at the same time are not compatible\r\n'],
    [['9223372036854775807'], "-ERR invalid expire time in 'expire' command\r\n"],
    [['-9223372036854775808'], "-ERR invalid expire time in 'expire' command\r\n"],
  ])('%j is refused', (words, reply) => {
    const { run } = oneKey();
    expect(run('EXPIRE', 'k', ...words)).toBe(reply);
  });

  it('a time beyond all others is kept as the latest there is', () => {
    const { run } = oneKey();
    expect(run('PEXPIREAT', 'k', '9223372036854775807')).toBe(':1\r\n');
    expect(run('PEXPIRETIME', 'k')).toBe(':9007199254740991\r\n');
  });
});

it('PERSIST takes the time away, once', () => {
  const { run } = oneKey();
  run('EXPIRE', 'k', '100');
  expect(run('PERSIST', 'k')).toBe(':1\r\n');
  expect(run('PERSIST', 'k')).toBe(':0\r\n');
  expect(run('TTL', 'k')).toBe(':-1\r\n');
});

it.each(['TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME'])(
  '%s tells no key and no time apart',
  (name) => {
    const { run } = oneKey();
    expect(run(name, 'missing')).toBe(':-2\r\n');
    expect(run(name, 'k')).toBe(':-1\r\n');
  },
);

it('TTL rounds to the nearest second', () => {
  const { run } = oneKey();
  run('PEXPIRE', 'k', '1499');
  expect(run('TTL', 'k')).toBe(':1\r\n');
  run('PEXPIRE', 'k', '1500');
  expect(run('TTL', 'k')).toBe(':2\r\n');
});
