import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

const OK = '+OK\r\n';
const QUEUED = '+QUEUED\r\n';

describe('MULTI', () => {
  it('keeps copies of what it queues', () => {
    const driver = new CommandDriver();
    driver.run('MULTI');
    expect(driver.run('SET', 'key', 'value')).toBe(QUEUED);
    driver.call.args.bytes.fill(0);
    expect(driver.run('EXEC')).toBe(`*1\r\n${OK}`);
    expect(driver.run('GET', 'key')).toBe('$5\r\nvalue\r\n');
  });

  it('queues many requests, of any length', () => {
    const { run } = new CommandDriver();
    run('MULTI');
    const values = Array.from({ length: 500 }, (_, i) => 'v'.repeat(i));
    for (const value of values) run('ECHO', value);
    const replies = values.map((value) => `$${value.length}\r\n${value}\r\n`);
    expect(run('EXEC')).toBe(`*500\r\n${replies.join('')}`);
  });
});

describe('EXEC', () => {
  it('holds the whole store from the first request to the last', () => {
    const driver = new CommandDriver();
    const opened: unknown[] = [];
    const begin = driver.store.begin.bind(driver.store);
    driver.run('MULTI');
    driver.run('SET', 'a', '1');
    driver.run('GET', 'b');
    driver.run('DEBUG', 'VERIFY');
    driver.store.begin = (nowMs, write, whole) => {
      opened.push({ write, whole });
      begin(nowMs, write, whole);
    };
    expect(driver.run('EXEC')).toBe(`*3\r\n${OK}$-1\r\n${OK}`);
    expect(opened).toEqual([{ write: true, whole: true }]);
  });

  it('lets others read meanwhile where it only reads itself', () => {
    const driver = new CommandDriver();
    driver.run('MULTI');
    driver.run('GET', 'a');
    const opened: boolean[] = [];
    const begin = driver.store.begin.bind(driver.store);
    driver.store.begin = (nowMs, write, whole) => {
      opened.push(write);
      begin(nowMs, write, whole);
    };
    driver.run('EXEC');
    expect(opened).toEqual([false]);
  });

  it('leaves the connection usable where a command fails by a bug', () => {
    const driver = new CommandDriver();
    const { args } = driver.call;
    driver.run('MULTI');
    driver.run('DEBUG', 'PANIC');
    expect(() => driver.run('EXEC')).toThrow('DEBUG PANIC');
    expect([driver.call.args === args, driver.call.inTransaction]).toEqual([true, false]);
  });

  it('runs nothing where memory is short for one of the requests', () => {
    const driver = new CommandDriver();
    driver.run('MULTI');
    driver.run('DEL', 'a');
    driver.run('SET', 'a', '1');
    driver.store.full = true;
    expect(driver.run('EXEC')).toBe(
      "-EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.\r\n",
    );
  });
});

describe('WATCH', () => {
  it('is counted once a connection, and ends with it', () => {
    const driver = new CommandDriver();
    driver.run('WATCH', 'a', 'b');
    driver.run('WATCH', 'c');
    expect(driver.store.watchers).toBe(1);
    for (const end of ['UNWATCH', 'UNWATCH', 'RESET']) driver.run(end);
    expect(driver.store.watchers).toBe(0);
  });

  it('takes a key that is there again for a change', () => {
    const driver = new CommandDriver();
    driver.run('SET', 'a', '1');
    driver.run('WATCH', 'a');
    driver.run('DEL', 'a');
    driver.run('SET', 'a', '1');
    driver.run('MULTI');
    expect(driver.run('EXEC')).toBe('*-1\r\n');
  });
});
