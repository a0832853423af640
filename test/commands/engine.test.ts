import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

describe('an unknown command', () => {
  it('is answered with its name and its arguments', () => {
    const { run } = new CommandDriver();
    expect(run('FOO', 'a', 'b')).toBe(
      "-ERR unknown command 'FOO', with args beginning with: 'a' 'b' \r\n",
    );
  });

  it('has 128 bytes of its name and of its arguments quoted', () => {
    const { run } = new CommandDriver();
    expect(run('f'.repeat(200), 'a'.repeat(200), 'b')).toBe(
      `-ERR unknown command '${'f'.repeat(128)}', with args beginning with: '${'a'.repeat(128)}' \r\n`,
    );
    expect(run('foo', 'a'.repeat(124), 'bb')).toBe(
      `-ERR unknown command 'foo', with args beginning with: '${'a'.repeat(124)}' 'b' \r\n`,
    );
  });

  it('has its line ends turned into spaces and is cut at a NUL', () => {
    const { run } = new CommandDriver();
    expect(run('a\r\nb', 'c\0d')).toBe(
      "-ERR unknown command 'a  b', with args beginning with: 'c' \r\n",
    );
  });

  it.each(['POST', 'host:'])('%s closes the connection without a word', (word) => {
    const { run, client } = new CommandDriver();
    expect(run(word, '/')).toBe('');
    expect(client.closing).toBe(true);
  });

  it('under a known container names the container', () => {
    const { run } = new CommandDriver();
    expect(run('client', 'foo')).toBe("-ERR unknown subcommand 'foo'. Try CLIENT HELP.\r\n");
  });
});

describe('the number of arguments', () => {
  it.each([
    ['get', ['GET']],
    ['get', ['GET', 'a', 'b']],
    ['set', ['SET', 'a']],
    ['client', ['CLIENT']],
  ])('of %s is checked', (name, words) => {
    const { run } = new CommandDriver();
    expect(run(...words)).toBe(`-ERR wrong number of arguments for '${name}' command\r\n`);
  });

  it('of a subcommand is checked under its whole name', () => {
    const { run } = new CommandDriver();
    expect(run('CLIENT', 'ID', 'x')).toBe(
      "-ERR wrong number of arguments for 'client|id' command\r\n",
    );
  });
});

describe('the store', () => {
  const opened = (...words: string[]) => {
    const driver = new CommandDriver();
    driver.store.begin(0, true, true);
    const begin = driver.store.begin.bind(driver.store);
    let seen: string | undefined;
    driver.store.begin = (nowMs, write, whole) => {
      seen = `${write ? 'write' : 'read'} ${whole ? 'whole' : 'one key'}`;
      begin(nowMs, write, whole);
    };
    driver.run(...words);
    return seen;
  };

  it.each([
    [['GET', 'k'], 'read one key'],
    [['SET', 'k', 'v'], 'write one key'],
    [['MGET', 'k'], 'read one key'],
    [['MGET', 'k', 'l'], 'read whole'],
    [['MSET', 'k', 'v'], 'write one key'],
    [['MSET', 'k', 'v', 'l', 'w'], 'write whole'],
    [['RENAME', 'k', 'l'], 'write whole'],
    [['BITOP', 'AND', 'd', 'a'], 'write whole'],
    [['KEYS', '*'], 'read whole'],
    [['FLUSHALL'], 'write whole'],
    [['OBJECT', 'ENCODING', 'k'], 'read one key'],
  ])('is opened for %j: %s', (words, expected) => {
    expect(opened(...words)).toBe(expected);
  });

  it.each([[['PING']], [['HELLO']], [['COMMAND', 'COUNT']]])('is left alone by %j', (words) => {
    expect(opened(...words)).toBeUndefined();
  });

  it('without memory refuses what needs some, and nothing else', () => {
    const { run, store } = new CommandDriver();
    run('SET', 'k', 'v');
    store.full = true;
    expect(run('SET', 'k', 'w')).toBe(
      "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    );
    expect(run('GET', 'k')).toBe('$1\r\nv\r\n');
    expect(run('DEL', 'k')).toBe(':1\r\n');
  });

  it('that runs out of memory on the way gives one error', () => {
    const { run, store } = new CommandDriver();
    store.makeRoom = () => true;
    store.full = true;
    const oom = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
    expect(run('SET', 'k', 'v', 'GET')).toBe(oom);
    expect(run('APPEND', 'k', 'v')).toBe(oom);
    expect(run('SETBIT', 'k', '1', '1')).toBe(oom);
    expect(run('MSET', 'k', 'v')).toBe(oom);
  });
});

it('remembers the last command and counts them', () => {
  const { run, client } = new CommandDriver();
  run('GET', 'k');
  run('client', 'ID');
  expect(client.lastCommand?.name).toBe('client|id');
  expect(client.commands).toBe(2);
});
