import { describe, expect, it } from 'vitest';
import { CommandDriver } from './driver.ts';

function three(): CommandDriver {
  const driver = new CommandDriver();
  driver.run('MSET', 'foo', '1', 'foot', '2', 'bar', '3');
  return driver;
}

it.each(['DEL', 'UNLINK'])('%s counts what it removed', (name) => {
  const { run } = three();
  expect(run(name, 'foo', 'x', 'foo', 'bar')).toBe(':2\r\n');
  expect(run('DBSIZE')).toBe(':1\r\n');
});

it.each(['EXISTS', 'TOUCH'])('%s counts a key as often as it is named', (name) => {
  const { run } = three();
  expect(run(name, 'foo', 'x', 'foo')).toBe(':2\r\n');
});

it('TYPE tells string or none', () => {
  const { run } = three();
  expect(run('TYPE', 'foo')).toBe('+string\r\n');
  expect(run('TYPE', 'x')).toBe('+none\r\n');
});

it('RANDOMKEY returns a key, or nil where there is none', () => {
  const { run, bulk } = new CommandDriver();
  expect(bulk('RANDOMKEY')).toBeUndefined();
  run('SET', 'only', 'v');
  expect(bulk('RANDOMKEY')).toBe('only');
});

describe('KEYS', () => {
  it.each([
    ['f*', ['foo', 'foot']],
    ['*', ['foo', 'foot', 'bar']],
    ['[a-c]?r', ['bar']],
    ['nothing', []],
  ])('%s', (pattern, keys) => {
    const { run } = three();
    const bulks = keys.map((key) => `$${key.length}\r\n${key}\r\n`);
    expect(run('KEYS', pattern)).toBe(`*${keys.length}\r\n${bulks.join('')}`);
  });

  it('* includes the empty key, which no other star matches', () => {
    const { run } = new CommandDriver();
    run('SET', '', 'v');
    expect(run('KEYS', '*')).toBe('*1\r\n$0\r\n\r\n');
    expect(run('KEYS', '**')).toBe('*0\r\n');
  });

  it('walks through more keys than one step takes', () => {
    const { run } = new CommandDriver();
    for (let i = 0; i < 3000; i++) run('SET', `key-that-is-not-short:${i}`, '');
    expect(run('KEYS', '*').startsWith('*3000\r\n')).toBe(true);
    expect(run('KEYS', '*:299?').startsWith('*10\r\n')).toBe(true);
  });
});

describe('SCAN', () => {
  it('returns the next cursor and some keys, and 0 at the end', () => {
    const { run } = new CommandDriver();
    const names = Array.from({ length: 100 }, (_, index) => `key${index}`);
    for (const name of names) run('SET', name, 'v');
    const found: string[] = [];
    const cursors: string[] = [];
    do {
      const [cursor, ...keys] = run('SCAN', cursors.at(-1) ?? '0', 'COUNT', '10')
        .split('\r\n')
        .filter((line) => /^\w/.test(line));
      cursors.push(cursor);
      found.push(...keys);
    } while (cursors.at(-1) !== '0');
    expect(cursors.length).toBeGreaterThan(1);
    expect([...new Set(found)].sort()).toEqual(names.sort());
  });

  it('MATCH and TYPE leave keys out', () => {
    const { run } = three();
    expect(run('SCAN', '0', 'match', 'b*', 'type', 'STRING')).toBe(
      '*2\r\n$1\r\n0\r\n*1\r\n$3\r\nbar\r\n',
    );
    expect(run('SCAN', '0', 'TYPE', 'list')).toBe('*2\r\n$1\r\n0\r\n*0\r\n');
  });

  it.each(['x', ' 1', '1x', '18446744073709551616'])('%j is no cursor', (cursor) => {
    const { run } = three();
    expect(run('SCAN', cursor)).toBe('-ERR invalid cursor\r\n');
  });

  it.each(['18446744073709551615', '-1'])('%s ends the walk', (cursor) => {
    const { run } = three();
    expect(run('SCAN', cursor)).toBe('*2\r\n$1\r\n0\r\n*0\r\n');
  });

  it.each([
    [['COUNT', '0'], '-ERR syntax error\r\n'],
    [['COUNT'], '-ERR syntax error\r\n'],
    [['foo', 'bar'], '-ERR syntax error\r\n'],
    [['COUNT', 'x'], '-ERR value is not an integer or out of range\r\n'],
  ])('%j is refused', (options, reply) => {
    const { run } = three();
    expect(run('SCAN', '0', ...options)).toBe(reply);
  });
});

describe('RENAME and RENAMENX', () => {
  it('take value and expiry along', () => {
    const { run, bulk } = three();
    run('EXPIRE', 'foo', '10');
    expect(run('RENAME', 'foo', 'bar')).toBe('+OK\r\n');
    expect(bulk('GET', 'bar')).toBe('1');
    expect(run('TTL', 'bar')).toBe(':10\r\n');
    expect(run('EXISTS', 'foo')).toBe(':0\r\n');
  });

  it('RENAMENX keeps what has the name', () => {
    const { run } = three();
    expect(run('RENAMENX', 'foo', 'bar')).toBe(':0\r\n');
    expect(run('RENAMENX', 'foo', 'new')).toBe(':1\r\n');
    expect(run('GET', 'new')).toBe('$1\r\n1\r\n');
  });

  it('to the same name change nothing', () => {
    const { run } = three();
    expect(run('RENAME', 'foo', 'foo')).toBe('+OK\r\n');
    expect(run('RENAMENX', 'foo', 'foo')).toBe(':0\r\n');
    expect(run('GET', 'foo')).toBe('$1\r\n1\r\n');
  });

  it('need a key', () => {
    const { run } = three();
    expect(run('RENAME', 'x', 'x')).toBe('-ERR no such key\r\n');
    expect(run('RENAMENX', 'x', 'y')).toBe('-ERR no such key\r\n');
  });
});

describe('COPY', () => {
  it('copies value and expiry, over another only when told', () => {
    const { run, bulk } = three();
    run('EXPIRE', 'foo', '10');
    expect(run('COPY', 'foo', 'bar')).toBe(':0\r\n');
    expect(run('COPY', 'foo', 'bar', 'REPLACE')).toBe(':1\r\n');
    expect(bulk('GET', 'bar')).toBe('1');
    expect(run('TTL', 'bar')).toBe(':10\r\n');
    expect(run('COPY', 'x', 'y')).toBe(':0\r\n');
  });

  it('copies into another database', () => {
    const { run, bulk } = three();
    expect(run('COPY', 'foo', 'foo', 'DB', '3')).toBe(':1\r\n');
    run('SELECT', '3');
    expect(bulk('GET', 'foo')).toBe('1');
  });

  it.each([
    [['foo', 'foo'], '-ERR source and destination objects are the same\r\n'],
    [['foo', 'new', 'DB'], '-ERR syntax error\r\n'],
    [['foo', 'new', 'what'], '-ERR syntax error\r\n'],
    [['foo', 'new', 'DB', '16'], '-ERR DB index is out of range\r\n'],
    [['foo', 'new', 'DB', 'x'], '-ERR value is not an integer or out of range\r\n'],
  ])('%j is refused', (words, reply) => {
    const { run } = three();
    expect(run('COPY', ...words)).toBe(reply);
  });
});

describe('MOVE', () => {
  it('moves a key unless it is there already', () => {
    const { run } = three();
    expect(run('MOVE', 'foo', '1')).toBe(':1\r\n');
    expect(run('EXISTS', 'foo')).toBe(':0\r\n');
    expect(run('MOVE', 'foo', '1')).toBe(':0\r\n');
    run('SET', 'foo', 'again');
    expect(run('MOVE', 'foo', '1')).toBe(':0\r\n');
    run('SELECT', '1');
    expect(run('GET', 'foo')).toBe('$1\r\n1\r\n');
  });

  it.each([
    ['0', '-ERR source and destination objects are the same\r\n'],
    ['16', '-ERR DB index is out of range\r\n'],
    ['x', '-ERR value is not an integer or out of range\r\n'],
  ])('to database %s is refused', (database, reply) => {
    const { run } = three();
    expect(run('MOVE', 'foo', database)).toBe(reply);
  });
});

it('SWAPDB exchanges databases', () => {
  const { run } = three();
  expect(run('SWAPDB', '0', '1')).toBe('+OK\r\n');
  expect(run('DBSIZE')).toBe(':0\r\n');
  expect(run('SWAPDB', 'x', '1')).toBe('-ERR invalid first DB index\r\n');
  expect(run('SWAPDB', '1', 'x')).toBe('-ERR invalid second DB index\r\n');
  expect(run('SWAPDB', '1', '16')).toBe('-ERR DB index is out of range\r\n');
});

describe('FLUSHDB and FLUSHALL', () => {
  it('empty one database or all', () => {
    const { run } = three();
    run('SELECT', '1');
    run('SET', 'k', 'v');
    expect(run('FLUSHDB', 'ASYNC')).toBe('+OK\r\n');
    expect(run('DBSIZE')).toBe(':0\r\n');
    run('SELECT', '0');
    expect(run('DBSIZE')).toBe(':3\r\n');
    expect(run('FLUSHALL')).toBe('+OK\r\n');
    expect(run('DBSIZE')).toBe(':0\r\n');
  });

  it.each(['FLUSHDB', 'FLUSHALL'])('%s knows ASYNC and SYNC only', (name) => {
    const { run } = three();
    expect(run(name, 'x')).toBe('-ERR syntax error\r\n');
    expect(run(name, 'SYNC', 'ASYNC')).toBe('-ERR syntax error\r\n');
  });
});

describe('OBJECT', () => {
  it.each([
    ['123', 'int'],
    ['-9223372036854775808', 'int'],
    ['007', 'embstr'],
    ['a'.repeat(44), 'embstr'],
    ['a'.repeat(45), 'raw'],
  ])('ENCODING of %s is %s', (value, encoding) => {
    const { run, bulk } = new CommandDriver();
    run('SET', 'k', value);
    expect(bulk('OBJECT', 'ENCODING', 'k')).toBe(encoding);
  });

  it('FREQ and IDLETIME are told under their own policies', () => {
    const { run, config } = three();
    expect(run('OBJECT', 'IDLETIME', 'foo')).toBe(':0\r\n');
    expect(run('OBJECT', 'FREQ', 'foo')).toMatch(/^-ERR An LFU maxmemory policy is not selected/);
    config.values.set('maxmemory-policy', 'allkeys-lfu');
    expect(run('OBJECT', 'FREQ', 'foo')).toBe(':0\r\n');
    expect(run('OBJECT', 'IDLETIME', 'foo')).toMatch(/^-ERR An LFU maxmemory policy is selected/);
  });

  it.each(['ENCODING', 'FREQ', 'IDLETIME', 'REFCOUNT'])('%s of a missing key is nil', (word) => {
    const { run } = new CommandDriver();
    expect(run('OBJECT', word, 'k')).toBe('$-1\r\n');
  });

  it('REFCOUNT is 1', () => {
    const { run } = three();
    expect(run('OBJECT', 'REFCOUNT', 'foo')).toBe(':1\r\n');
  });
});

describe('MEMORY USAGE', () => {
  it('tells the bytes of an entry', () => {
    const { run } = three();
    expect(run('MEMORY', 'USAGE', 'foo', 'SAMPLES', '5')).toBe(':22\r\n');
    expect(run('MEMORY', 'USAGE', 'x')).toBe('$-1\r\n');
  });

  it.each([
    [['foo'], '-ERR syntax error\r\n'],
    [['SAMPLES'], '-ERR syntax error\r\n'],
    [['SAMPLES', '-1'], '-ERR syntax error\r\n'],
    [['SAMPLES', 'x'], '-ERR value is not an integer or out of range\r\n'],
  ])('%j is refused', (options, reply) => {
    const { run } = three();
    expect(run('MEMORY', 'USAGE', 'foo', ...options)).toBe(reply);
  });
});
