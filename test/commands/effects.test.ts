/** What is told of each request: nothing that depends on when it is replayed. */
import { describe, expect, test } from 'vitest';
import { NOW_MS } from './driver.ts';
import { contentsOf, drivenWithLog, replayed } from './effect-log.ts';

type Case = readonly [before: string, request: string, effects: readonly string[]];

const IN_TEN_SECONDS = NOW_MS + 10_000;

const CASES: readonly Case[] = [
  ['', 'SET a 1', ['SET a 1']],
  ['', 'GET a', []],
  ['SET a 1', 'SET a 2 NX', []],
  ['', 'set a 2 nx', ['set a 2 nx']],
  ['', 'SET a 1 EX 10', [`SET a 1 PXAT ${IN_TEN_SECONDS}`]],
  ['', 'SET a 1 PX 10000 NX', [`SET a 1 PXAT ${IN_TEN_SECONDS}`]],
  ['', 'SET a 1 EXAT 4102444800', ['SET a 1 PXAT 4102444800000']],
  ['', 'set a 1 pxat 4102444800000 get', ['SET a 1 PXAT 4102444800000']],
  ['SET a 1', 'SET a 2 XX GET KEEPTTL', ['SET a 2 XX KEEPTTL']],
  ['', 'SET a 1 GET EX 10', [`SET a 1 PXAT ${IN_TEN_SECONDS}`]],
  ['', 'SETEX a 10 1', [`SET a 1 PXAT ${IN_TEN_SECONDS}`]],
  ['', 'PSETEX a 10000 1', [`SET a 1 PXAT ${IN_TEN_SECONDS}`]],
  ['SET a 1', 'GETSET a 2', ['SET a 2']],
  ['SET a 1', 'GETDEL a', ['DEL a']],
  ['', 'GETDEL a', []],
  ['SET a 1', 'GETEX a', []],
  ['SET a 1', 'GETEX a PERSIST', []],
  ['SET a 1 EX 5', 'GETEX a PERSIST', ['PERSIST a']],
  ['SET a 1', 'GETEX a EX 10', [`PEXPIREAT a ${IN_TEN_SECONDS}`]],
  ['SET a 1', 'GETEX a PXAT 1', ['DEL a']],
  ['SET a 1', 'EXPIRE a 10 NX', [`PEXPIREAT a ${IN_TEN_SECONDS} NX`]],
  ['SET a 1', 'EXPIRE a 10 XX', []],
  ['SET a 1', 'EXPIREAT a 4102444800', ['PEXPIREAT a 4102444800000']],
  ['SET a 1', 'pexpireat a 4102444800000', ['pexpireat a 4102444800000']],
  ['SET a 1', 'EXPIRE a -1', ['DEL a']],
  ['SET a 1 EX 5', 'PERSIST a', ['PERSIST a']],
  ['SET a 1', 'PERSIST a', []],
  ['', 'INCR a', ['INCR a']],
  ['SET a x', 'INCR a', []],
  ['SET a 1', 'INCRBYFLOAT a 0.5', ['SET a 1.5 KEEPTTL']],
  ['SET a 1', 'APPEND a 2', ['APPEND a 2']],
  ['SET a 1', 'SETRANGE a 3 x', ['SETRANGE a 3 x']],
  ['', 'SETRANGE a 3 ', []],
  ['', 'SETBIT a 7 1', ['SETBIT a 7 1']],
  ['SETBIT a 7 1', 'SETBIT a 7 1', []],
  ['SET a 1', 'SETBIT a 7 1', ['SETBIT a 7 1']],
  ['', 'BITFIELD a SET u8 0 5', ['BITFIELD a SET u8 0 5']],
  ['', 'BITFIELD a GET u8 0', []],
  ['SET a 1', 'BITOP NOT b a', ['BITOP NOT b a']],
  ['', 'MSET a 1 b 2', ['MSET a 1 b 2']],
  ['SET a 1', 'MSETNX a 1 b 2', []],
  ['SET a 1', 'DEL a b', ['DEL a b']],
  ['', 'UNLINK a b', []],
  ['SET a 1', 'RENAME a a', []],
  ['SET a 1', 'RENAME a b', ['RENAME a b']],
  ['SET a 1', 'COPY a b DB 2', ['COPY a b DB 2']],
  ['SET a 1', 'MOVE a 2', ['MOVE a 2']],
  ['', 'FLUSHDB ASYNC', ['FLUSHDB ASYNC']],
  ['', 'SWAPDB 0 2', ['SWAPDB 0 2']],
];

describe('the effect of', () => {
  test.each(CASES)('[%s] %s is %j', (before, request, effects) => {
    const { driver, log } = drivenWithLog();
    if (before !== '') driver.run(...before.split(' '));
    log.take();
    driver.run(...request.split(' '));
    expect(log.take()).toEqual(effects);
  });

  test('a RESTORE has the time at which it expires', () => {
    const { driver, log } = drivenWithLog();
    driver.run('SET', 'a', 'x');
    const dump = driver.bulk('DUMP', 'a')!;
    log.take();
    driver.run('RESTORE', 'b', '10000', dump);
    driver.run('RESTORE', 'b', '1', dump, 'REPLACE', 'ABSTTL');
    driver.run('RESTORE', 'c', '1', dump, 'REPLACE', 'ABSTTL');
    expect(log.take()).toEqual([`RESTORE b ${IN_TEN_SECONDS} ${dump} ABSTTL`, 'DEL b']);
  });

  test('a request in another database is told of there', () => {
    const { driver, log } = drivenWithLog();
    driver.run('SELECT', '3');
    driver.run('SET', 'a', '1');
    expect(log.take()).toEqual(['3: SET a 1']);
  });

  test('an MSET that ran out of memory is what it has done', () => {
    const { driver, log } = drivenWithLog();
    const large = 'x'.repeat(3 * 2 ** 20);
    expect(driver.run('MSET', 'a', '1', 'b', large, 'c', large)).toMatch(/^-OOM/);
    expect(log.take()).toEqual([`MSET a 1 b ${large}`]);
  });
});

describe('a key that has gone by itself', () => {
  test('is told of when a writer meets it, before what the writer does', () => {
    const { driver, log } = drivenWithLog();
    driver.run('SELECT', '2');
    driver.run('SET', 'a', '1', 'PX', '100');
    driver.later(101);
    log.take();
    driver.run('GET', 'a');
    driver.run('APPEND', 'a', '2');
    expect(log.take()).toEqual(['2: DEL a', '2: APPEND a 2']);
  });

  test('is told of when it is looked for', () => {
    const { driver, log } = drivenWithLog();
    driver.run('SET', 'a', '1', 'PX', '100');
    driver.run('SWAPDB', '0', '5');
    driver.later(101);
    log.take();
    expect(driver.store.expireCycle(driver.call.nowMs, 10)).toBe(1);
    expect(log.take()).toEqual(['5: DEL a']);
  });

  test('is told of when it is evicted', () => {
    const { driver, log } = drivenWithLog();
    const value = 'x'.repeat(10_000);
    driver.store.configure({ policy: 'allkeys-lru', limitBytes: 64 * 1024 });
    for (let i = 0; i < 20; i++) driver.run('SET', `key ${i}`, value);
    const { effects } = log;
    const removed = effects.filter(({ words }) => words[0] === 'DEL');
    expect(removed.length).toBe(driver.store.statistics.evicted);
    expect(removed.length).toBeGreaterThan(10);
    expect(contentsOf(replayed(effects).store)).toEqual(contentsOf(driver.store));
  });
});

describe('a transaction', () => {
  function effectsOf(...requests: string[]): string[] {
    const { driver, log } = drivenWithLog();
    for (const request of ['MULTI', ...requests, 'EXEC']) driver.run(...request.split(' '));
    return log.take();
  }

  test('of several effects stands between MULTI and EXEC', () => {
    const effects = effectsOf('SET a 1', 'GET a', 'SELECT 2', 'INCRBYFLOAT a 1');
    expect(effects).toEqual(['MULTI', 'SET a 1', '2: SET a 1 KEEPTTL', '2: EXEC']);
  });

  test('of one effect is that effect', () => {
    expect(effectsOf('GET a', 'SET a 1', 'GET a')).toEqual(['SET a 1']);
  });

  test('that changes nothing is not told of', () => {
    expect(effectsOf('GET a')).toEqual([]);
    expect(effectsOf()).toEqual([]);
  });

  test('that was thrown away is not told of', () => {
    const { driver, log } = drivenWithLog();
    driver.run('MULTI');
    driver.run('SET', 'a', '1');
    driver.run('DISCARD');
    expect(log.take()).toEqual([]);
  });
});

test('without a sink there are no effects, and no time is lost on them', () => {
  const { driver } = drivenWithLog();
  driver.call.effects = undefined;
  expect(driver.run('SET', 'a', '1', 'EX', '10')).toBe('+OK\r\n');
});
